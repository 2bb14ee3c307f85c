"""The pose values: joints, people, pose. Frozen, hashable, JSON-able; they travel inside a request."""

from __future__ import annotations

from typing import Annotated, NamedTuple

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

BODY_JOINTS = 18
HAND_JOINTS = 21
FACE_JOINTS = 70


class Joint(NamedTuple):
    """A point on the canvas, in pixels from the top left corner."""

    x: float
    y: float
    confidence: float = 1.0
    """0–1: how sure a detector was; 1 for a joint placed by hand."""
    visible: bool = True
    """False: kept in the pose, but not drawn."""


def _rounded(joints: tuple[Joint | None, ...]) -> tuple[Joint | None, ...]:
    # A hundredth of a pixel is below what any drawing shows, and keeps digests free of float noise.
    return tuple(
        joint and Joint(round(joint.x, 2) + 0.0, round(joint.y, 2) + 0.0, round(joint.confidence, 3), joint.visible)
        for joint in joints
    )


def _joints(count: int):
    return Annotated[tuple[Joint | None, ...], Field(min_length=count, max_length=count), AfterValidator(_rounded)]


class Person(BaseModel):
    """One figure: OpenPose-18 body, and hands and face where known. Absent joints are None."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    body: _joints(BODY_JOINTS)  # type: ignore[valid-type]
    left_hand: _joints(HAND_JOINTS) | None = None  # type: ignore[valid-type]
    right_hand: _joints(HAND_JOINTS) | None = None  # type: ignore[valid-type]
    face: _joints(FACE_JOINTS) | None = None  # type: ignore[valid-type]


class Pose(BaseModel):
    """People on a canvas of ``width`` × ``height`` pixels. List order is depth order: the last is in front."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    width: int = Field(ge=1, le=16384)
    height: int = Field(ge=1, le=16384)
    people: Annotated[tuple[Person, ...], Field(max_length=50)] = ()

    def scaled_to(self, width: int, height: int) -> Pose:
        """The same pose on another canvas: scaled to fit inside it (aspect kept) and centred."""
        if (width, height) == (self.width, self.height):
            return self
        scale = min(width / self.width, height / self.height)
        left, top = (width - self.width * scale) / 2, (height - self.height * scale) / 2

        def moved(joints: tuple[Joint | None, ...] | None) -> tuple[Joint | None, ...] | None:
            return joints and tuple(
                joint and joint._replace(x=joint.x * scale + left, y=joint.y * scale + top) for joint in joints
            )

        people = tuple(
            Person(
                body=moved(person.body),
                left_hand=moved(person.left_hand),
                right_hand=moved(person.right_hand),
                face=moved(person.face),
            )
            for person in self.people
        )
        return Pose(width=width, height=height, people=people)
