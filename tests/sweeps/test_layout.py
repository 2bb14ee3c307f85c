import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.request import GenerationRequest
from studio.sweeps.expansion import Expanded, expand
from studio.sweeps.layout import Layout, default_layout, sheets
from studio.sweeps.spec import SweepSpec

REQUEST = GenerationRequest.build(checkpoint="a", seed=1, prompt="x")


def expanded(*axes: tuple[str, str], skip: str = "") -> Expanded:
    listed = [{"axis": axis, "values": values} for axis, values in axes]
    return expand(SweepSpec.build(request=REQUEST, axes=listed, skip=skip))


GRID = expanded(("steps", "20, 30"), ("seed", "1-3"), ("clip_skip", "1, 2"), skip="steps == 30 and seed == 3")


def test_a_single_axis_is_one_row():
    (sheet,) = sheets(expanded(("steps", "20, 30")), Layout())
    assert (sheet.across, sheet.down, sheet.rows, sheet.title) == (("20", "30"), ("",), ((0, 1),), "")


def test_two_axes_make_a_grid_and_further_ones_pages():
    pages = sheets(GRID, default_layout(GRID))
    assert [page.title for page in pages] == ["Clip skip 1", "Clip skip 2"]
    assert pages[0].across == ("20", "30") and pages[0].down == ("1", "2", "3")
    assert pages[0].rows == ((0, 6), (2, 8), (4, None)) and pages[1].rows == ((1, 7), (3, 9), (5, None))
    assert pages[0].axes == "across: Steps, down: Seed"


def test_axes_swap_and_values_hide_without_changing_cells():
    pages = sheets(GRID, Layout(across=1, down=2, hidden={0: frozenset({1}), 1: frozenset({0})}))
    assert [page.title for page in pages] == ["Steps 20"]
    assert pages[0].across == ("2", "3") and pages[0].rows == ((2, 4), (3, 5))


@pytest.mark.parametrize(
    "layout", [Layout(0, 0), Layout(3), Layout(-1), Layout(0, 9), Layout(0, 1, {0: frozenset({0, 1})})]
)
def test_what_is_no_layout_is_refused(layout: Layout):
    with pytest.raises(InvalidRequest):
        sheets(GRID, layout)


@given(st.permutations([0, 1, 2]), st.booleans())
def test_every_cell_is_shown_exactly_once(order: list[int], down: bool):
    pages = sheets(GRID, Layout(order[0], order[1] if down else None))
    found = [number for page in pages for row in page.rows for number in row if number is not None]
    assert sorted(found) == list(range(len(GRID.cells)))
