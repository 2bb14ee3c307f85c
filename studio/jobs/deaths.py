"""Why a worker process ended, as far as its exit status and the kernel tell."""

from __future__ import annotations

import signal
from pathlib import Path

from studio.jobs.recovery import End

EXIT_NO_ENGINE = 3
"""The worker's own exit status when there is no working engine."""
EXIT_NO_STORAGE = 4
"""The same when the data folder cannot be read or written."""
_KILL_COUNTERS = (Path("/sys/fs/cgroup/memory.events"), Path("/proc/vmstat"))
_ASKED_TO_STOP = {-signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP}


def memory_kills() -> int:
    """How many processes the kernel has killed so far because memory ran out, where it tells (Linux), else 0."""
    total = 0
    for path in _KILL_COUNTERS:
        try:
            lines = path.read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("oom_kill "))
    return total


def explain(status: int, memory_kills_before: int) -> End:
    """Classify an exit ``status`` (negative: the signal's number). A SIGKILL is a crash only when memory ran out."""
    if status in (0, EXIT_NO_ENGINE, EXIT_NO_STORAGE):
        return End.ORDERLY
    if status == -signal.SIGKILL:
        return End.CRASH if memory_kills() > memory_kills_before else End.UNEXPLAINED
    return End.UNEXPLAINED if status in _ASKED_TO_STOP else End.CRASH
