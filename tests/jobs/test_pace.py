"""Robust against hiccups, quick to follow a lasting change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.jobs.pace import HORIZON_SECONDS, typical_pace


def run(*seconds: float, ended: float = 1000.0, units: float = 1.0) -> list[tuple[float, float, float]]:
    """Measurements of one unit each, newest first, as a worker makes them one after the other."""
    found, at = [], ended
    for each in reversed(seconds):
        found.append((at, units, each))
        at -= each
    return found


def test_work_weighs_by_its_amount():
    assert typical_pace([(1.0, 9.0, 9.0), (0.0, 1.0, 1.0)]) == 1.0
    assert typical_pace(run(2.0)) == 2.0


def test_a_hiccup_is_left_out():
    assert typical_pace(run(*[1.0] * 19, 60.0)) == pytest.approx(1.0)


def test_regular_disturbance_counts():
    assert typical_pace(run(*[1.0, 1.0, 3.0] * 30)) == pytest.approx(5 / 3, rel=0.05)


def test_a_new_run_speaks_for_itself_once_it_is_long_enough():
    before = run(*[9.0] * 50, ended=1000.0)
    assert typical_pace([*run(*[1.0] * 10, ended=2000.0), *before]) == 1.0
    assert typical_pace([*run(1.0, ended=2000.0), *before]) > 5, "one second tells little"


def test_the_far_past_does_not_count():
    assert typical_pace([*run(*[1.0] * int(HORIZON_SECONDS)), *run(*[5.0] * 600, ended=400.0)]) == 1.0


@given(st.lists(st.tuples(st.just(0.0), st.floats(0.01, 100), st.floats(0.001, 1000)), min_size=1, max_size=40))
def test_it_lies_within_what_was_measured(measured):
    paces = [seconds / units for _, units, seconds in measured]
    assert min(paces) * 0.999 <= typical_pace(measured) <= max(paces) * 1.001
