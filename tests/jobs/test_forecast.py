"""The simulation against cases worked out by hand."""

from studio.jobs.forecast import Item, Kind, Price, seconds_until

A, B = Kind("a", 64, 64), Kind("b", 64, 64)


def seconds(items, price: Price | None = None, **given):
    price = price or Price(pace=1.0)
    return seconds_until(items, lambda kind: price, **given)


def items(*units: float, kind: Kind = A, **fields) -> list[Item]:
    return [Item(kind, each, 1.0, **fields) for each in units]


def test_one_slot_works_one_after_the_other():
    assert seconds(items(3, 4, 5)) == 12
    assert seconds([]) == 0


def test_a_batch_costs_the_same_full_or_not():
    two = Price(pace=1.0, slots=2)
    assert seconds(items(4), two) == 8, "its empty slot is evaluated too"
    assert seconds(items(4, 4), two) == 8
    assert seconds(items(4, 4, 1), two) == 10, "the last one has the batch to itself"
    assert seconds(items(4, 2, 2), two) == 8, "a slot that comes free is taken again"


def test_only_what_is_waited_for_counts_but_it_waits_for_what_comes_before():
    mine = items(2, wanted=True)
    before = items(5, wanted=False)
    assert seconds([*before, *mine]) == 7 and seconds([*mine, *before]) == 2


def test_workers_share():
    assert seconds(items(4, 4), workers=2) == 4
    assert seconds(items(4, 4, 4), workers=2) == 8


def test_preparing_and_storing_hold_up_the_whole_batch():
    price = Price(pace=1.0, slots=2, start=0.5, finish=0.25)
    assert seconds(items(4, 4), price) == 8 + 2 * 0.75
    assert seconds(items(4), Price(pace=1.0, start=0.5, finish=0.25)) == 4.75
    assert seconds(items(4, running=True), Price(pace=1.0, start=0.5, finish=0.25)) == 4.25, "it was prepared before"


def test_a_change_of_checkpoint_waits_for_the_batch_and_loads():
    price = Price(pace=1.0, slots=2, load=10)
    both = [*items(4), *items(4, kind=B)]
    assert seconds(both, price) == 10 + 8 + 10 + 8
    assert seconds(both, price, loaded="a") == 8 + 10 + 8
    assert seconds([*items(4, running=True), *items(4, kind=B)], price) == 8 + 10 + 8
    assert seconds([*items(4), *items(4, kind=Kind("a", 128, 64))], price, loaded="a") == 16, (
        "another size loads nothing"
    )


def test_what_was_never_measured_is_unknown():
    assert seconds_until(items(1), lambda kind: None) is None
    known = {A: Price(1.0)}
    assert seconds_until([*items(1), *items(1, kind=B)], known.get) is None
