"""Where things live and what they run on, read once from the environment and passed in, never global."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from studio.errors import StudioError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings of one studio. Every field has an environment variable ``STUDIO_<FIELD>``."""

    home: Path
    """Data folder: database, images, thumbnails, logs."""
    models: Path
    """Folder with ``checkpoints/ controlnets/ loras/ vaes/ taesd/``."""
    device: str = "auto"
    """``auto``, ``cpu``, ``mps`` or a comma-separated list such as ``cuda:0,cuda:1``."""
    dtype: str = "auto"
    """``auto``, ``float32``, ``float16`` or ``bfloat16``."""
    slots: int = 0
    """Cells per batch (0: chosen from device and free memory). Part of an image's provenance."""
    memory_budget_gb: float = 0.0
    """How much the loaded checkpoints may take (0: 70 % of the device's memory)."""
    offline: bool = False
    """Never use the network, not even for a hub id."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Settings:
        """Read ``STUDIO_*`` from ``env``.

        Raises:
            StudioError: a variable holds something that is no number, or out of range.
        """
        default_home = Path(platformdirs.user_data_dir("poseanimeflow-studio", appauthor=False))
        home = Path(env.get("STUDIO_HOME") or default_home).expanduser().resolve()
        models = Path(env.get("STUDIO_MODELS") or home / "models").expanduser().resolve()
        return cls(
            home=home,
            models=models,
            device=env.get("STUDIO_DEVICE", "auto"),
            dtype=_choice(env, "STUDIO_DTYPE", ("auto", "float32", "float16", "bfloat16")),
            slots=int(_number(env, "STUDIO_SLOTS", 0, 64)),
            memory_budget_gb=_number(env, "STUDIO_MEMORY_BUDGET_GB", 0, 4096),
            offline=env.get("STUDIO_OFFLINE", env.get("HF_HUB_OFFLINE", "")).lower() in {"1", "true", "yes"},
        )

    @property
    def database(self) -> Path:
        return self.home / "studio.sqlite3"

    @property
    def starter(self) -> Path:
        """The bundled starter checkpoint's folder (it may be absent)."""
        return PROJECT_ROOT / "starter"


def _number(env: Mapping[str, str], name: str, low: float, high: float) -> float:
    text = env.get(name, "0") or "0"
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not low <= value <= high:
        raise StudioError(f"{name} is {text!r}.", f"Set it to a number from {low:g} to {high:g}, or unset it.")
    return value


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = env.get(name, allowed[0]) or allowed[0]
    if value not in allowed:
        raise StudioError(f"{name} is {value!r}.", f"Set it to one of {', '.join(allowed)}, or unset it.")
    return value
