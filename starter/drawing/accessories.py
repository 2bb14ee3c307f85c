"""Things worn on the head."""

import math

import numpy as np

from starter.drawing.canvas import ellipse, spline
from starter.drawing.palette import DARK, GARMENT, WHITE, outline, shade

ACCESSORIES = ("", "glasses", "hair ribbon", "hairband", "cat ears", "headphones", "flower in hair", "beret")


def draw_bow(canvas, centre, size, colour, width, right):
    n = np.array([-right[1], right[0]])

    def at(x, y):
        return centre + (right * x + n * y) * size

    for s in (-1, 1):
        canvas.part(
            spline(np.array([at(0, 0), at(s * 1.0, -0.75), at(s * 1.15, 0.1), at(s * 0.9, 0.7)]), 3),
            colour,
            outline(colour),
            width,
            shade(colour),
            size * 0.2,
        )
    canvas.part(ellipse(centre, size * 0.32, size * 0.36), colour, outline(colour), width)


def behind_head(canvas, head, who, width):
    """What the crown of hair partly covers."""
    if who.accessory == "cat ears":
        for s in (-1, 1):
            for k, c in ((1.0, who.hair_rgb), (0.55, (250, 170, 180))):
                mid = (s * 0.68, -1.0)
                pts = head.offs(
                    [
                        (mid[0] - 0.34 * k, mid[1] + 0.22 * k),
                        (mid[0] + s * 0.2 * k, mid[1] - 0.66 * k),
                        (mid[0] + 0.34 * k, mid[1] + 0.3 * k),
                    ]
                )
                canvas.part(pts, c, outline(who.hair_rgb) if k == 1 else None, width)


def on_head(canvas, head, who, width):
    """What sits on top of the hair and before the face."""
    c, a = who.ribbon_rgb, who.accessory

    def arc(r, lo, hi, y=0.0):
        return head.offs(
            [
                (math.sin(math.radians(d)) * r, -math.cos(math.radians(d)) * (r + 0.08) + y)
                for d in np.linspace(lo, hi, 12)
            ]
        )

    if a == "hairband":
        canvas.line(arc(0.92, -82, 82, 0.05), outline(c), head.r * 0.2 + width)
        canvas.line(arc(0.92, -82, 82, 0.05), c, head.r * 0.17)
    elif a == "headphones":
        canvas.line(arc(1.12, -86, 86), outline(c), head.r * 0.17)
        canvas.line(arc(1.12, -86, 86), c, head.r * 0.1)
        for s in (-1, 1):
            canvas.part(
                ellipse(head.off(s * 1.06, 0.12), head.r * 0.2, head.r * 0.32),
                c,
                outline(c),
                width,
                shade(c),
                head.r * 0.08,
            )
    elif a == "flower in hair":
        at = head.off(who.side * 0.74, -0.6)
        for d in range(5):
            p = at + np.array([math.cos(d * 1.2566), math.sin(d * 1.2566)]) * head.r * 0.17
            canvas.part(ellipse(p, head.r * 0.14, head.r * 0.14), c, outline(c), width * 0.7)
        canvas.fill(ellipse(at, head.r * 0.09, head.r * 0.09), (255, 224, 110))
    elif a == "beret":
        canvas.part(
            spline(
                head.offs(
                    [(-1.0, -0.78), (-1.12, -1.2), (-0.3, -1.56), (0.8, -1.42), (1.16, -1.0), (0.9, -0.74), (0, -0.96)]
                )
            ),
            c,
            outline(c),
            width,
            shade(c),
            head.r * 0.2,
        )
    if a == "hair ribbon" and who.style not in ("ponytail", "side ponytail", "twintails"):
        draw_bow(canvas, head.off(who.side * 0.72, -0.82), head.r * 0.36, c, width, head.right)
    if "headdress" in who.outfit_extras:
        canvas.line(arc(0.98, -66, 66), outline(WHITE), head.r * 0.26 + width)
        canvas.line(arc(0.98, -66, 66), WHITE, head.r * 0.26)
    if "tiara" in who.outfit_extras:
        gold = (250, 214, 104)
        canvas.part(
            head.offs(
                [
                    (-0.42, -0.92),
                    (-0.46, -1.3),
                    (-0.2, -1.12),
                    (0, -1.48),
                    (0.2, -1.12),
                    (0.46, -1.3),
                    (0.42, -0.92),
                    (0, -1.02),
                ]
            ),
            gold,
            outline(gold),
            width,
        )
    if "hat" in who.outfit_extras:
        _witch_hat(canvas, head, who, width)


def tail_ribbons(canvas, head, who, width, side):
    """Bows where tails begin."""
    spots = {
        "ponytail": [(0.35 * side, -1.2)],
        "side ponytail": [(side * 0.92, -0.66)],
        "twintails": [(-0.92, -0.66), (0.92, -0.66)],
    }
    for x, y in spots.get(who.style, ()):
        draw_bow(canvas, head.off(x, y), head.r * 0.3, who.ribbon_rgb, width, head.right)


def glasses(canvas, head, width):
    for s in (-1, 1):
        canvas.line(
            np.array([head.on(s * 0.42 + x, 0.13 + y) for x, y in ellipse((0, 0), 0.29, 0.29)]),
            DARK,
            width * 1.2,
            closed=True,
        )
    canvas.line(head.ons([(-0.13, 0.1), (0.13, 0.1)]), DARK, width * 1.2)


def _witch_hat(canvas, head, who, width):
    c = shade(GARMENT[who.colour], 0.35) if who.colour not in ("black",) else GARMENT["black"]
    tip = head.off(0.5 * who.side, -2.5)
    cone = np.vstack([head.offs([(-0.86, -0.86), (-0.5, -1.6)]), [tip], head.offs([(0.62, -1.55), (0.86, -0.86)])])
    canvas.part(spline(cone, 3), c, outline(c), width, shade(c), head.r * 0.22)
    canvas.part(
        spline(head.offs([(-0.84, -0.98), (0, -1.2), (0.84, -0.98), (0.86, -0.78), (0, -0.96), (-0.86, -0.78)]), 3),
        who.ribbon_rgb,
        outline(c),
        width,
    )
    canvas.part(
        spline(
            head.offs(
                [
                    (-1.62, -0.72),
                    (-0.8, -0.96),
                    (0, -1.0),
                    (0.8, -0.96),
                    (1.62, -0.72),
                    (0.8, -0.66),
                    (0, -0.72),
                    (-0.8, -0.66),
                ]
            ),
            4,
        ),
        c,
        outline(c),
        width,
    )
