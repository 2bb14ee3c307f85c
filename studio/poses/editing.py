"""Everything a pose editor in a browser has to know, as plain data: one source for Python and JavaScript."""

from __future__ import annotations

from typing import Any

from studio.poses import drawing, gestures, heads, openpose, proportions, skeletons
from studio.poses.expressions import EXPRESSIONS
from studio.poses.gestures import GESTURES


def editor_data() -> dict[str, Any]:
    """JSON-able, the same every time. Colours are [r, g, b], lengths in pixels, points [x, y] or [x, y, z].

    ``body``: ``names``, ``colours`` (dots), ``limbs`` ([from, to] in drawing order) with ``limb_colours``, ``parents``
    (the bone tree, null for the neck), ``pairs`` ([right, left]), ``chains`` (name → [root, middle, end] for IK),
    ``wrists`` (side → joint). ``hand``: ``edges``, ``edge_colours``, ``dot_colour``, ``fingers`` (name → joints).
    ``face``: ``dot_colour``, ``contours`` (name → ``joints``, ``closed``; for the editor's eyes only), ``mirror``.
    ``drawing``: sizes of sticks and dots, and from which longest side on ``thick`` multiplies body sizes by how much.
    ``gestures`` and ``expressions``: name → ``label`` and ``points`` in hand or head units (see those modules), with
    the constants of their placing in ``hand_units`` and ``head_units``. ``proportions``: name → ``label``, ``heads``
    and lengths as shares of the standing height. ``limits``: what a pose may hold.
    """
    return {
        "body": _body(),
        "hand": _hand(),
        "face": _face(),
        "drawing": _drawing(),
        "gestures": {name: {"label": one.label, "points": _lists(one.points)} for name, one in GESTURES.items()},
        "expressions": {name: {"label": one.label, "points": _lists(one.points)} for name, one in EXPRESSIONS.items()},
        "proportions": proportions.ratios(),
        "hand_units": {
            "forearm_share": gestures.FOREARM_SHARE,
            "upper_arm_share": gestures.UPPER_ARM_SHARE,
            "thumb_inward": gestures.THUMB_INWARD,
            "thumb_up": gestures.THUMB_UP,
            "shortest": gestures.SHORTEST,
        },
        "head_units": {
            "nose": [0.0, heads.NOSE_DOWN, heads.NOSE_OUT],
            "ear": [heads.EAR_OUT, heads.EAR_DOWN, -heads.EAR_BACK],
        },
        "limits": {"people": openpose.MAX_PEOPLE, "coordinate": openpose.MAX_COORDINATE},
    }


def _body() -> dict[str, Any]:
    return {
        "names": list(skeletons.BODY_NAMES),
        "colours": _lists(skeletons.JOINT_COLOURS),
        "limbs": _lists(skeletons.LIMBS),
        "limb_colours": _lists(skeletons.LIMB_COLOURS),
        "parents": list(skeletons.PARENTS),
        "pairs": _lists(skeletons.BODY_PAIRS),
        "chains": {name: list(chain) for name, chain in skeletons.FOUR_LIMBS.items()},
        "wrists": dict(skeletons.WRISTS),
    }


def _hand() -> dict[str, Any]:
    return {
        "edges": _lists(skeletons.HAND_EDGES),
        "edge_colours": _lists(skeletons.HAND_EDGE_COLOURS),
        "dot_colour": list(skeletons.HAND_JOINT_COLOUR),
        "fingers": {name: list(joints) for name, joints in skeletons.FINGERS.items()},
    }


def _face() -> dict[str, Any]:
    return {
        "dot_colour": list(skeletons.FACE_JOINT_COLOUR),
        "contours": {
            name: {"joints": list(joints), "closed": closed}
            for name, (joints, closed) in skeletons.FACE_CONTOURS.items()
        },
        "mirror": list(skeletons.FACE_MIRROR),
    }


def _drawing() -> dict[str, Any]:
    return {
        "stick_half_width": skeletons.STICK_HALF_WIDTH,
        "body_dot_radius": skeletons.BODY_DOT_RADIUS,
        "hand_line_width": skeletons.HAND_LINE_WIDTH,
        "hand_dot_radius": skeletons.HAND_DOT_RADIUS,
        "face_dot_radius": skeletons.FACE_DOT_RADIUS,
        "thick": [list(step) for step in drawing.THICK_STEPS],
    }


def _lists(rows: tuple[tuple[Any, ...], ...]) -> list[list[Any]]:
    return [list(row) for row in rows]
