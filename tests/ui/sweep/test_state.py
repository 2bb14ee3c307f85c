"""What a sweep that is being built begins with."""

import pytest

from studio.ui.sweep.state import guidances


@pytest.mark.parametrize(("now", "values"), [(7.5, "5, 7.5, 10"), (2, "1.5, 2, 2.5"), (6, "4, 6, 8"), (1, "1, 1.5")])
def test_guidances_lie_around_the_forms(now: float, values: str):
    assert guidances(now) == values
