from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from studio.ui.components.gallery_grid.acts import KINDS, MAX_IDS, Act, entries_after

json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def entry(n, do="rate", ids=(1,), value=0):
    return {"n": n, "do": do, "ids": list(ids), "value": value}


def test_what_was_done_already_is_not_done_again_and_the_rest_comes_in_order():
    log = [entry(4, value=2), entry(2, value=9), entry(3, "favour", (7, 8), 1)]
    assert list(entries_after(log, 2)) == [(3, Act("favour", (7, 8), 1)), (4, Act("rate", (1,), 2))]
    assert list(entries_after(log, 4)) == []


def test_an_act_may_have_words():
    assert list(entries_after([{**entry(1, "tag"), "text": "red, -blue"}], 0)) == [
        (1, Act("tag", (1,), 0, "red, -blue"))
    ]
    assert list(entries_after([{**entry(1, "tag"), "text": 7}, {**entry(2, "tag"), "text": "x" * 501}], 0)) == []


def test_an_act_may_be_about_no_picture():
    assert list(entries_after([{"n": 1, "do": "turn", "value": -1}], 0)) == [(1, Act("turn", (), -1))]


def test_what_is_no_act_is_passed_over():
    wrong = [
        None, 5, {}, entry("1"), entry(True), entry(1, "format"), entry(1, ids=("7",)), entry(1, ids=(1.5,)),
        entry(1, value="5"), entry(float("nan")), entry(float("inf")), entry(1, ids=range(MAX_IDS + 1)),
        {"n": 1, "do": "rate", "ids": 7}, {"n": 1, "do": ["rate"]},
    ]  # fmt: skip
    assert list(entries_after([*wrong, entry(2)], 0)) == [(2, Act("rate", (1,), 0))]


@given(json_values)
def test_no_report_of_a_browser_breaks_a_run(log):
    for number, act in entries_after(log, 0):
        assert number > 0 and act.kind in KINDS and all(isinstance(id, int) for id in act.ids)
