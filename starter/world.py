"""What can be drawn, and the drawing of lots: from a random generator to a full plan of one picture.

Held-out pictures use pairs of hair and garment colour, and blends of two poses, that training never sees.
"""

from dataclasses import dataclass, replace

from starter.drawing import poses
from starter.drawing.accessories import ACCESSORIES
from starter.drawing.anatomy import Build
from starter.drawing.face import EXPRESSIONS
from starter.drawing.figure import Character
from starter.drawing.hair import FRINGES, STYLES
from starter.drawing.outfits import OUTFITS, wearable
from starter.drawing.palette import EYES, GARMENT, HAIR
from starter.drawing.poses import BASE, NAMES, Pose
from starter.drawing.scenes import BACKDROPS, INDOOR, OUTDOOR, PLAIN, TIMES

FRAMINGS = ("full body", "cowboy shot", "upper body", "portrait")
HAIRS, COLOURS = list(HAIR), list(GARMENT)


@dataclass(frozen=True)
class Plan:
    """One picture before it is drawn. pose_name is empty for blends, which have no name."""

    who: Character
    pose_name: str
    pose: Pose
    build: Build
    behind: bool = False
    place: str = PLAIN
    time: str = "day"
    backdrop: str = "white"
    framing: str = "full body"


def held_colours(hair, colour):
    """Is this pair of hair and garment colour kept out of training?"""
    return (HAIRS.index(hair) * 5 + COLOURS.index(colour) * 3) % 11 == 0


def held_blend(a, b):
    """Is this pair of base poses blended only in held-out pictures?"""
    i, j = sorted((NAMES.index(a), NAMES.index(b)))
    return (i * 31 + j * 17) % 4 == 0


def draw_plan(rng, held_out=False):
    """A random plan, from the training world or from the part kept out of it."""
    who = _character(rng, held_out)
    name, pose = _pose(rng, held_out)
    behind = bool(rng.random() < 0.05) and pose.prop == ""
    framing = str(rng.choice(FRAMINGS, p=(0.46, 0.2, 0.2, 0.14)))
    if pose.ground == "floor" and framing == "cowboy shot":
        framing = "full body"
    place = str(rng.choice(OUTDOOR + INDOOR + (PLAIN,), p=[0.063] * 10 + [0.063] * 3 + [0.181]))
    time = str(rng.choice(TIMES, p=(0.6, 0.2, 0.2))) if place in OUTDOOR else "day"
    return Plan(
        who,
        name,
        pose,
        _build(rng, who.girl),
        behind,
        place,
        time,
        str(rng.choice(BACKDROPS, p=(0.3, 0.1, 0.14, 0.12, 0.1, 0.1, 0.08, 0.06))),
        framing,
    )


def _character(rng, held_out):
    girl = bool(rng.random() < 0.72)
    while True:
        hair, colour = str(rng.choice(HAIRS)), str(rng.choice(COLOURS))
        if held_colours(hair, colour) == held_out:
            break
    if girl:
        style = str(
            rng.choice(STYLES, p=(0.07, 0.02, 0.1, 0.08, 0.16, 0.08, 0.06, 0.12, 0.05, 0.11, 0.04, 0.04, 0.04, 0.03))
        )
    else:
        style = str(
            rng.choice(
                ("short hair", "spiky hair", "medium hair", "ponytail", "long hair"), p=(0.46, 0.38, 0.07, 0.05, 0.04)
            )
        )
    outfit = str(rng.choice(wearable(girl)))
    extras = OUTFITS[outfit].extras
    accessory = (
        "" if {"hat", "headdress", "tiara"} & set(extras) or rng.random() < 0.62 else str(rng.choice(ACCESSORIES[1:]))
    )
    if not girl and accessory not in ("glasses", "headphones", "cat ears"):
        accessory = ""
    length = float(
        {
            "medium hair": rng.uniform(1.5, 1.9),
            "ponytail": rng.uniform(1.9, 3.4),
            "side ponytail": rng.uniform(1.7, 2.8),
            "twintails": rng.uniform(2.0, 3.6),
            "braid": rng.uniform(2.3, 3.2),
            "twin braids": rng.uniform(1.9, 2.8),
        }.get(style, rng.uniform(2.9, 4.3))
    )
    fringe = (
        "blunt bangs" if style == "hime cut" else str(rng.choice(FRINGES if girl else ("swept bangs", "messy bangs")))
    )
    ribbon = str(
        rng.choice([c for c in ("red", "blue", "pink", "yellow", "white", "green", "purple", "black") if c != hair])
    )
    return Character(
        girl,
        hair,
        style,
        fringe,
        length,
        float(rng.uniform(0, 0.06)),
        float(rng.normal(0, 0.2)),
        1 if rng.random() < 0.5 else -1,
        bool(rng.random() < 0.22),
        ribbon,
        str(rng.choice(list(EYES))),
        str(rng.choice(("fair skin", "", "tan", "dark skin"), p=(0.4, 0.38, 0.12, 0.1))),
        str(rng.choice(EXPRESSIONS, p=(0.26, 0.13, 0.14, 0.07, 0.12, 0.06, 0.06, 0.06, 0.04, 0.06))),
        outfit,
        colour,
        str(rng.choice(("white", "black", "red", "blue", "brown"), p=(0.32, 0.28, 0.12, 0.1, 0.18))),
        accessory,
    )


def _pose(rng, held_out):
    if rng.random() < (0.6 if held_out else 0.3):
        while True:
            a, b = (str(v) for v in rng.choice(NAMES, 2, replace=False))
            if held_blend(a, b) == held_out:
                return "", poses.vary(poses.blend(BASE[a], BASE[b], float(rng.uniform(0.35, 0.65))), rng, 1.2)
    name = str(rng.choice(NAMES))
    return name, poses.vary(BASE[name], rng)


def _build(rng, girl):
    head = float(rng.uniform(0.09, 0.112)) if girl else float(rng.uniform(0.084, 0.102))
    k = float(rng.normal(1, 0.025))
    if girl:
        return Build(
            head,
            0.083 * k,
            0.044,
            0.242,
            0.14 * k,
            0.126 * k,
            0.232,
            0.222,
            float(rng.uniform(0.98, 1.1)),
            float(rng.uniform(0.76, 0.86)),
        )
    return Build(
        head,
        0.099 * k,
        0.043,
        0.255,
        0.146 * k,
        0.132 * k,
        0.234,
        0.226,
        float(rng.uniform(1.1, 1.24)),
        float(rng.uniform(0.92, 1.0)),
    )


def recoloured(plan, hair=None, colour=None):
    """The same picture with another hair or garment colour."""
    who = replace(plan.who, **{k: v for k, v in (("hair", hair), ("colour", colour)) if v})
    return replace(plan, who=who)
