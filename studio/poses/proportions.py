"""Body proportions, from chibi to heroic, and how a figure takes them on without changing its pose.

Lengths are shares of the standing height, so a figure keeps its height (and its foreshortening: every bone is
multiplied, none is set). Every bone keeps its direction, hence every joint its angle.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields

from studio.errors import UnknownName
from studio.poses import grounding
from studio.poses.skeletons import PARENTS, WRISTS
from studio.poses.values import Joint, Person, Pose

Point = tuple[float, float]
Places = dict[int, Point]


@dataclass(frozen=True, slots=True)
class Proportions:
    """Lengths as shares of the standing height. ``heads``: how many heads tall."""

    label: str
    heads: float
    neck: float
    """From the neck joint to the nose."""
    face: float
    """From the nose to an eye; ears, and the 70 points of a face, follow it."""
    shoulder: float
    arm: float
    torso: float
    """From the neck joint to a hip."""
    leg: float
    hand: float


PROPORTIONS: dict[str, Proportions] = {
    "chibi_2": Proportions("Chibi, 2 heads", 2, 0.16, 0.11, 0.095, 0.16, 0.19, 0.25, 0.07),
    "chibi_3": Proportions("Chibi, 3 heads", 3, 0.133, 0.0735, 0.092, 0.21, 0.25, 0.34, 0.08),
    "child": Proportions("Child, 5 heads", 5, 0.117, 0.0448, 0.087, 0.264, 0.286, 0.414, 0.091),
    "teen": Proportions("Teen, 6 heads", 6, 0.103, 0.0374, 0.092, 0.285, 0.299, 0.443, 0.099),
    "adult": Proportions("Adult, 7 heads", 7, 0.092, 0.032, 0.097, 0.3, 0.305, 0.4615, 0.104),
    "heroic": Proportions("Heroic, 8 heads", 8, 0.081, 0.028, 0.108, 0.31, 0.307, 0.486, 0.109),
}
"""From the biggest head to the smallest. ``adult`` is the figure of the pose library."""

_LENGTHS = tuple(field.name for field in fields(Proportions) if field.name not in {"label", "heads"})
_BONES = {
    0: "neck", 14: "face", 15: "face", 16: "face", 17: "face", 2: "shoulder", 5: "shoulder",
    3: "arm", 4: "arm", 6: "arm", 7: "arm", 8: "torso", 11: "torso", 9: "leg", 10: "leg", 12: "leg", 13: "leg",
}  # fmt: skip
"""Which length the bone that ends at a joint belongs to."""
_OUTWARDS = (1, 0, 14, 15, 16, 17, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)
_SHARES = {3: 0.53, 6: 0.53, 4: 0.47, 7: 0.47, 9: 0.511, 12: 0.511, 10: 0.489, 13: 0.489, 8: 1.0, 11: 1.0}
"""Upper arm and forearm share the arm, thigh and shin the leg."""


def ratios() -> dict[str, dict[str, float | str]]:
    """All proportions as plain data."""
    return {name: asdict(proportions) for name, proportions in PROPORTIONS.items()}


def retarget(pose: Pose, proportions: str) -> Pose:
    """Everyone in ``pose`` with other proportions; see :func:`retarget_person`."""
    return pose.model_copy(update={"people": tuple(retarget_person(person, proportions) for person in pose.people)})


def retarget_person(person: Person, proportions: str) -> Person:
    """The figure with other proportions: bones keep their directions, the feet stay on the ground where they stood.

    What it was before is estimated from the size of its head, so that applying the same proportions twice changes
    nothing more.

    Raises:
        UnknownName: there are no such proportions.
    """
    if proportions not in PROPORTIONS:
        raise UnknownName(
            f"There are no proportions called {proportions[:60]!r}.", f"There are: {', '.join(PROPORTIONS)}."
        )
    places = {index: (joint.x, joint.y) for index, joint in enumerate(person.body) if joint is not None}
    if len(places) < 2:
        return person
    whole = _with_head(places)
    factors = _factors(whole, PROPORTIONS[proportions])
    grown = _grown(whole, factors)
    grown = grounding.on_the_ground(places, {index: grown[index] for index in places})
    return _moved(person, places, grown, factors)


def _with_head(places: Places) -> Places:
    """Seen from behind a head has no nose: the middle of ears and eyes then stands for it."""
    head = _middle([places[index] for index in (14, 15, 16, 17) if index in places])
    return places if 0 in places or head is None else {**places, 0: head}


def _grown(places: Places, factors: dict[str, float]) -> Places:
    """The joints with their bones multiplied, each from its own start; the neck stays."""
    starts = _bone_starts(places)
    grown: Places = {}
    for index in _OUTWARDS:
        if index not in places:
            continue
        if index not in starts:
            grown[index] = places[index]
            continue
        (x, y), (start_x, start_y) = places[index], starts[index]
        origin = _ancestor(index, places)
        from_x, from_y = grown.get(origin, starts[index])
        factor = factors[_BONES[index]]
        grown[index] = (from_x + (x - start_x) * factor, from_y + (y - start_y) * factor)
    return grown


def _bone_starts(places: Places) -> dict[int, Point]:
    """For every joint with a parent the point its bone starts at: the nearest joint towards the neck that is known.

    Without a neck, shoulders, hips and nose hang on the middle of the shoulders, or else of all that would hang there.
    """
    root = places.get(1) or _middle([places[i] for i in (2, 5) if i in places])
    root = root or _middle([places[i] for i in (0, 8, 11) if i in places]) or next(iter(places.values()))
    return {index: places.get(_ancestor(index, places), root) for index in places if index != 1}


def _ancestor(index: int, places: Places) -> int:
    parent = PARENTS[index]
    while parent not in (None, 1) and parent not in places:
        parent = PARENTS[parent]
    return 1 if parent is None else parent


def _middle(points: list[Point]) -> Point | None:
    if not points:
        return None
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def _factors(places: Places, wanted: Proportions) -> dict[str, float]:
    """What each length is multiplied by."""
    now, excess = _estimate(places)
    return {
        name: getattr(wanted, name) / now[name] / (excess if name in {"neck", "face"} else 1.0) for name in _LENGTHS
    }


def _estimate(places: Places) -> tuple[dict[str, float], float]:
    """The lengths a figure has now, and how much bigger still its head is than the tables go.

    Seen in a picture, bones are at most as long as they are. So the longest of the body's bones, each as a share of
    what it should be, tells the figure's size best. Sought is the number of heads at which the head has that size too.
    """
    few, many = _TALLEST[0].heads, _TALLEST[-1].heads
    if _head_excess(places, _lengths_at(few)) is None:
        return _lengths_at(PROPORTIONS["adult"].heads), 1.0
    for _ in range(40):
        heads = (few + many) / 2
        few, many = (few, heads) if (_head_excess(places, _lengths_at(heads)) or 0) > 1 else (heads, many)
    lengths = _lengths_at((few + many) / 2)
    return lengths, _head_excess(places, lengths) or 1.0


def _head_excess(places: Places, lengths: dict[str, float]) -> float | None:
    """The head's size over the body's, both in standing heights; None when one of them does not show."""
    head = [_measured(places, 0) / lengths["neck"]] if _measured(places, 0) else []
    eyes = max(_measured(places, 14), _measured(places, 15))
    head += [eyes / lengths["face"]] if eyes else []
    body = max(_measured(places, index) / (lengths[_BONES[index]] * share) for index, share in _SHARES.items())
    if not body:  # a portrait
        body = max(_measured(places, 2), _measured(places, 5)) / lengths["shoulder"]
    return sum(head) / len(head) / body if head and body else None


def _measured(places: Places, index: int) -> float:
    """Length of the bone that ends at a joint, in pixels; 0 if it does not show."""
    parent = PARENTS[index]
    return math.dist(places[index], places[parent]) if index in places and parent in places else 0.0


_TALLEST = sorted(PROPORTIONS.values(), key=lambda proportions: proportions.heads)


def _lengths_at(heads: float) -> dict[str, float]:
    """The lengths of a figure so many heads tall, between those of the table."""
    upper = next(
        index for index in range(1, len(_TALLEST)) if heads <= _TALLEST[index].heads or index == len(_TALLEST) - 1
    )
    small, tall = _TALLEST[upper - 1], _TALLEST[upper]
    share = (heads - small.heads) / (tall.heads - small.heads)
    return {name: getattr(small, name) + (getattr(tall, name) - getattr(small, name)) * share for name in _LENGTHS}


def _moved(person: Person, before: Places, after: Places, factors: dict[str, float]) -> Person:
    """``person`` with its body at ``after``; hands follow their wrists, the face follows the nose."""
    body = tuple(
        joint and joint._replace(x=after[index][0], y=after[index][1]) for index, joint in enumerate(person.body)
    )
    parts: dict[str, tuple[Joint | None, ...] | None] = {
        f"{side}_hand": _followed(getattr(person, f"{side}_hand"), wrist, before, after, factors["hand"])
        for side, wrist in WRISTS.items()
    }
    anchor = next((index for index in (0, 14, 15, 1) if index in before), 0)
    parts["face"] = _followed(person.face, anchor, before, after, factors["face"])
    return Person(body=body, **parts)


def _followed(
    joints: tuple[Joint | None, ...] | None, anchor: int, before: Places, after: Places, factor: float
) -> tuple[Joint | None, ...] | None:
    if joints is None or anchor not in before:
        return joints
    (x, y), (to_x, to_y) = before[anchor], after[anchor]
    return tuple(
        joint and joint._replace(x=to_x + (joint.x - x) * factor, y=to_y + (joint.y - y) * factor) for joint in joints
    )
