from __future__ import annotations

from studio import jobs
from studio.jobs import Priority, State


def test_the_public_names_are_sorted_and_there():
    assert jobs.__all__ == sorted(jobs.__all__)
    assert all(hasattr(jobs, name) for name in jobs.__all__)


def test_interactive_sorts_before_sweep():
    assert sorted(Priority) == [Priority.INTERACTIVE, Priority.SWEEP]
    assert str(State.DONE) == "done"
