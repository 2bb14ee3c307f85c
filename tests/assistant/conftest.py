"""Scripted servers for the assistant's tests, and no waiting between tries."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.assistant import scripted


@pytest.fixture
def serve() -> Iterator[scripted.Servers]:
    """``serve(step, step, …)`` starts a server that plays the steps."""
    with scripted.servers() as started:
        yield started


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, in seconds, noted instead of waited for."""
    noted: list[float] = []
    monkeypatch.setattr("studio.assistant.wire.Cancel.sleep", lambda self, seconds: noted.append(seconds))
    return noted
