from __future__ import annotations

import signal
from pathlib import Path

import pytest

from studio.jobs import deaths
from studio.jobs.recovery import End


@pytest.fixture
def counter(tmp_path: Path, monkeypatch) -> Path:
    path = tmp_path / "vmstat"
    path.write_text("nr_free_pages 12\noom_kill 3\noom_kill_group 9\n")
    monkeypatch.setattr(deaths, "_KILL_COUNTERS", (path, tmp_path / "absent"))
    return path


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (0, End.ORDERLY),
        (-signal.SIGTERM, End.UNEXPLAINED),
        (-signal.SIGKILL, End.UNEXPLAINED),
        (-signal.SIGSEGV, End.CRASH),
        (-signal.SIGABRT, End.CRASH),
        (1, End.CRASH),
        (deaths.EXIT_NO_ENGINE, End.ORDERLY),
        (deaths.EXIT_NO_STORAGE, End.ORDERLY),
    ],
)
def test_the_exit_status_tells_a_crash_from_a_shot(counter: Path, status: int, end: End):
    assert deaths.memory_kills() == 3
    assert deaths.explain(status, 3) is end


def test_a_kill_for_want_of_memory_is_a_crash(counter: Path):
    counter.write_text("oom_kill 4\n")
    assert deaths.explain(-signal.SIGKILL, 3) is End.CRASH
