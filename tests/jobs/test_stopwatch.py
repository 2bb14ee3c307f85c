"""Where the time goes, by a clock that the test moves."""

import pytest

from studio.jobs.stopwatch import Part, Sample, Stopwatch, kind_of
from studio.jobs.work import Work
from studio.poses.library import library_pose
from tests.jobs.scripted import request

ONE = request(1, steps=4)
TICK = Work.of(ONE).units / 4


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def after(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def watch(clock: Clock) -> Stopwatch:
    watch = Stopwatch(clock)
    watch.rest()
    return watch


def amounts(samples: list[Sample], part: Part) -> list[tuple[float, float]]:
    return [(sample.amount, sample.seconds) for sample in samples if sample.part is part]


def test_a_picture_from_loading_to_storing(clock: Clock, watch: Stopwatch):
    clock.after(5)
    watch.admitted("1", ONE, loaded=True)
    for seconds in (3, 1, 1):
        clock.after(seconds)
        watch.ticked(["1"], [])
    clock.after(1 + 0.5)
    watch.ticked(["1"], ["1"])
    clock.after(0.25)
    watch.stored("1")
    samples = watch.drain()
    assert amounts(samples, Part.LOAD) == [(1, 5)] and not amounts(samples, Part.START)
    steps = amounts(samples, Part.STEP)
    assert sum(amount for amount, _ in steps) == pytest.approx(3 * TICK), "the first step after a load tells nothing"
    assert sum(seconds for _, seconds in steps) == pytest.approx(3)
    assert amounts(samples, Part.FINISH) == [(64 * 64 / 1e6, pytest.approx(0.75))]
    assert {sample.kind for sample in samples} == {kind_of(ONE)} and not watch.drain()


def test_a_later_picture_is_prepared_not_loaded(clock: Clock, watch: Stopwatch):
    watch.admitted("1", ONE, loaded=True)
    clock.after(2)
    watch.admitted("2", request(2), loaded=False)
    assert amounts(watch.drain(), Part.START) == [(1, 2)]


def test_idle_time_is_nobodys(clock: Clock, watch: Stopwatch):
    clock.after(1000)
    watch.rest()
    clock.after(1)
    watch.admitted("1", ONE, loaded=False)
    assert [sample.seconds for sample in watch.drain()] == [1]


def test_an_empty_slot_is_paid_for(clock: Clock, watch: Stopwatch):
    watch.slots = 4
    watch.admitted("1", ONE, loaded=True)
    watch.ticked(["1"], [])
    clock.after(1)
    watch.ticked(["1"], [])
    assert amounts(watch.drain(), Part.STEP) == [(pytest.approx(4 * TICK), 1)]


def test_short_steps_are_put_together_and_nothing_is_lost(clock: Clock, watch: Stopwatch):
    long = request(1, steps=150)
    watch.admitted("1", long, loaded=True)
    watch.ticked(["1"], [])
    for _ in range(100):
        clock.after(0.03)
        watch.ticked(["1"], [])
    steps = amounts(watch.drain(), Part.STEP)
    assert 1 < len(steps) < 20
    assert sum(seconds for _, seconds in steps) == pytest.approx(3.0)
    assert sum(amount for amount, _ in steps) == pytest.approx(100 * TICK)


def test_enlarging_belongs_to_finishing(clock: Clock, watch: Stopwatch):
    watch.admitted("1", ONE, loaded=True)
    watch.ticked(["1"], [])
    for stepped, ending, seconds in ((["1"], [], 1), ([], ["1"], 2), ([], ["1"], 2)):
        clock.after(seconds)
        watch.ticked(stepped, ending)
    watch.stored("1")
    samples = watch.drain()
    assert amounts(samples, Part.STEP) == [(pytest.approx(TICK), 1)]
    assert amounts(samples, Part.FINISH)[0][1] == pytest.approx(4)


def test_a_cell_that_left_is_forgotten(clock: Clock, watch: Stopwatch):
    watch.admitted("1", ONE, loaded=True)
    watch.dropped("1")
    watch.ticked(["1"], ["1"])
    clock.after(1)
    watch.ticked(["1"], [])
    assert not amounts(watch.drain(), Part.STEP)


def test_another_kind_begins_a_sample_of_its_own(clock: Clock, watch: Stopwatch):
    watch.admitted("1", ONE, loaded=True)
    watch.ticked(["1"], [])
    clock.after(0.1)
    watch.ticked(["1"], [])
    wide = request(2, width=128)
    watch.admitted("2", wide, loaded=False)
    clock.after(0.1)
    watch.ticked(["2"], [])
    kinds = [sample.kind for sample in watch.drain() if sample.part is Part.STEP]
    assert kinds == [kind_of(ONE), kind_of(wide)]


def test_steps_that_another_cell_took_are_measured_for_that_one_alone(clock: Clock, watch: Stopwatch):
    unit = {"type": "openpose", "pose": library_pose("standing")}
    leader, branch = (request(1, steps=4, controls=[{**unit, "end": end}]) for end in (0.5, 1))
    watch.admitted("leader", leader, loaded=False)
    watch.admitted("branch", branch, loaded=False)
    for step in (1, 2):
        clock.after(1)
        watch.ticked(["leader"], [])
        watch.spared("branch", step / 4)
    watch.drain()
    clock.after(1)
    watch.ticked(["leader", "branch"], [])
    plain, controlled = Work.of(leader).ticks[2], Work.of(branch).ticks[2]
    assert controlled > plain
    assert amounts(watch.drain(), Part.STEP) == [(pytest.approx(plain + controlled), 1)]
