"""A models folder full of tiny pipelines, built once per machine and version of ``tiny.py`` and copied per session."""

from __future__ import annotations

import getpass
import hashlib
import shutil
import tempfile
from pathlib import Path

import diffusers
import pytest
import torch
import transformers
from filelock import FileLock

from studio.settings import Settings

TINY = Path(__file__).with_name("tiny.py")


@pytest.fixture(scope="session")
def model_zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A models folder as the studio expects it.

    ``checkpoints/{tiny-sd15,tiny-sdxl}``, ``controlnets/{openpose,canny}-sd15``, ``controlnets/openpose-sdxl``,
    ``loras/{line,kohya,line-sdxl}.safetensors``, ``vaes/soft`` and ``taesd/sd15``.
    Change nothing in it: the session shares it.
    """
    folder = tmp_path_factory.mktemp("zoo") / "models"
    shutil.copytree(_cached_zoo(), folder)
    return folder


@pytest.fixture
def zoo_settings(model_zoo: Path, tmp_path: Path) -> Settings:
    """Settings of a studio that is offline, computes in float32 on the CPU, and has the tiny models."""
    return Settings(home=tmp_path / "home", models=model_zoo, device="cpu", dtype="float32", offline=True)


def _cached_zoo() -> Path:
    recipe = TINY.read_bytes() + Path(__file__).read_bytes()
    versions = f"{torch.__version__} {diffusers.__version__} {transformers.__version__}"
    key = hashlib.sha256(recipe + versions.encode()).hexdigest()[:16]
    cache = Path(tempfile.gettempdir()) / f"poseanimeflow-tests-{getpass.getuser()}"
    cache.mkdir(mode=0o700, exist_ok=True)
    ready = cache / key
    with FileLock(cache / "lock"):
        if not ready.exists():
            with tempfile.TemporaryDirectory(dir=cache) as workshop:
                _build(Path(workshop) / "zoo")
                (Path(workshop) / "zoo").rename(ready)
    return ready


def _build(folder: Path) -> None:
    from tests import tiny

    tiny.save_tiny_sd15(folder / "checkpoints" / "tiny-sd15")
    tiny.save_tiny_sdxl(folder / "checkpoints" / "tiny-sdxl")
    tiny.save_tiny_controlnet(folder / "controlnets" / "openpose-sd15", "sd15")
    tiny.save_tiny_controlnet(folder / "controlnets" / "canny-sd15", "sd15", seed=8)
    tiny.save_tiny_controlnet(folder / "controlnets" / "openpose-sdxl", "sdxl")
    tiny.save_tiny_lora(folder / "loras" / "line.safetensors", "sd15")
    tiny.save_tiny_lora(folder / "loras" / "kohya.safetensors", "sd15", seed=4, kohya=True)
    tiny.save_tiny_lora(folder / "loras" / "line-sdxl.safetensors", "sdxl")
    tiny.save_tiny_vae(folder / "vaes" / "soft")
    tiny.save_tiny_taesd(folder / "taesd" / "sd15")
