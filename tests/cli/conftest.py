"""A command line of its own for each test: ``run("gallery", "list")`` in this process, in a fresh data folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from studio.cli import main
from studio.settings import Settings


@dataclass(frozen=True)
class Outcome:
    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What ``--json`` printed; fails when stdout held anything else."""
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The environment of a studio in ``tmp_path`` without any models, not even the starter; returns its data folder."""
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    monkeypatch.setenv("STUDIO_MODELS", str(settings.models))
    monkeypatch.setenv("STUDIO_DEVICE", "cpu")
    monkeypatch.setenv("STUDIO_DTYPE", "float32")
    monkeypatch.setenv("STUDIO_SLOTS", "2")
    monkeypatch.setenv("STUDIO_OFFLINE", "1")
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path / "no-starter")
    return settings.home


@pytest.fixture
def run(environment: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs one command line and gives its exit status and output."""

    def call(*argv: object) -> Outcome:
        capsys.readouterr()
        try:
            status = main([str(part) for part in argv])
        except SystemExit as exit:
            status = int(exit.code or 0)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return call


@pytest.fixture
def zoo(environment: Path, model_zoo: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny models, as this test's models folder."""
    monkeypatch.setenv("STUDIO_MODELS", str(model_zoo))
    return model_zoo
