"""What every test gets: an own data folder, one thread, no network, no settings from the developer's shell."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

# Before anything imports torch, and inherited by every process a test starts: sums of one thread have one order.
for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"
for variable in [name for name in os.environ if name.startswith("STUDIO_")]:
    del os.environ[variable]
os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}

from hypothesis import settings as hypothesis_settings  # noqa: E402

from studio.settings import Settings  # noqa: E402

hypothesis_settings.register_profile("studio", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.load_profile("studio")

if (Path(__file__).parent / "fixtures_models.py").exists():
    pytest_plugins = ["tests.fixtures_models"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a studio of its own in ``tmp_path``: CPU, two slots, offline. Its folders do not exist yet."""
    return Settings(
        home=tmp_path / "home",
        models=tmp_path / "models",
        device="cpu",
        dtype="float32",
        slots=2,
        offline=True,
    )


@pytest.fixture
def without_starter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if the studio had come without its starter: no checkpoint, no detector, no upscaler of its own."""
    monkeypatch.setattr(Settings, "starter", property(lambda self: tmp_path / "no-starter"))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails at once instead of passing only where there is a network."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address):
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise OSError(f"tests have no network (asked for {address[0]})")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)
