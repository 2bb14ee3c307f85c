"""Collars, bows, buttons and plates on the front of a trunk: functions of (trunk, colour of the cloth)."""

import numpy as np

from starter.drawing.canvas import ellipse, spline
from starter.drawing.outfits import tone
from starter.drawing.palette import GARMENT, WHITE, light, mix, outline, shade


def _sailor(k, colour):
    c = k.main
    stripe = WHITE if k.who.colour != "white" else GARMENT["blue"]
    c = c if k.who.colour != "white" else (226, 228, 240)
    for s in (-1, 1):
        k.patch(k.mids([(-0.16, s * 0.02), (-0.1, s * 0.07), (0.16, s * 0.062), (0.3, s * 0.004)]), c)
        k.canvas.line(k.mids([(0.1, s * 0.064), (0.24, s * 0.012)]), stripe, 0.007 * k.s)
    ribbon = GARMENT["red"] if k.who.colour not in ("red", "pink", "orange") else GARMENT["blue"]
    _bow(k, 0.29, 0.034, ribbon)


def _bow(k, t, size, colour):
    for s in (-1, 1):
        k.patch(k.mids([(t, 0), (t - 0.08, s * size), (t + 0.1, s * size * 1.05)]), colour)
        k.patch(k.mids([(t, 0), (t + 0.28, s * size * 0.8), (t + 0.24, s * size * 0.2)]), colour)
    k.patch(ellipse(k.mid(t), size * 0.34 * k.s, size * 0.34 * k.s), colour)


def _tie(k, colour):
    red = GARMENT["red"] if k.who.colour not in ("red", "orange", "pink") else GARMENT["black"]
    k.canvas.fill(
        k.mids(
            [(-0.06, -0.011), (-0.06, 0.011), (0.02, 0.008), (0.36, 0.014), (0.42, 0), (0.36, -0.014), (0.02, -0.008)]
        ),
        red,
    )
    for s in (-1, 1):
        k.patch(
            k.mids([(-0.14, s * 0.03), (-0.12, s * 0.06), (0.2, s * 0.045), (0.46, 0.0)]),
            mix(colour, shade(colour), 0.5),
        )


def _hood(k, colour):
    k.patch(
        spline(
            k.mids(
                [
                    (-0.14, -0.05),
                    (-0.02, -0.066),
                    (0.12, -0.03),
                    (0.16, 0.0),
                    (0.12, 0.03),
                    (-0.02, 0.066),
                    (-0.14, 0.05),
                    (-0.02, 0.0),
                ]
            ),
            3,
        ),
        shade(colour, 0.18),
    )
    for s in (-1, 1):
        k.canvas.line(
            k.mids([(0.14, s * 0.016), (0.38, s * 0.02)]), WHITE if sum(colour) < 640 else GARMENT["gray"], 0.009 * k.s
        )


def _pocket(k, colour):
    k.canvas.line(k.mids([(1.05, -0.056), (0.74, -0.036), (0.74, 0.036), (1.05, 0.056)]), outline(colour), k.w)


def _zip(k, colour):
    k.canvas.line(k.mids([(-0.08, 0), (1.1, 0)]), WHITE if sum(colour) < 640 else GARMENT["gray"], 0.01 * k.s)


def _high_collar(k, colour):
    k.patch(
        k.mids([(-0.17, -0.034), (-0.02, -0.04), (0.05, 0), (-0.02, 0.04), (-0.17, 0.034), (-0.09, 0)]),
        shade(colour, 0.15),
    )


def _buttons(k, colour):
    gold = (250, 214, 110) if k.who.colour != "yellow" else GARMENT["brown"]
    k.canvas.line(k.mids([(0.02, 0.0), (1.1, 0.0)]), outline(colour), k.w * 0.8)
    for t in (0.16, 0.42, 0.68, 0.94):
        k.canvas.fill(ellipse(k.mid(t, 0.012), 0.009 * k.s, 0.009 * k.s), gold)


def _coat_buttons(k, colour):
    for t in (0.3, 0.55, 0.8):
        for x in (-0.028, 0.028):
            k.canvas.fill(
                ellipse(k.mid(t, x), 0.009 * k.s, 0.009 * k.s),
                GARMENT["brown"] if sum(colour) > 330 else (240, 210, 120),
            )


def _muffler(k, colour):
    c = tone("accent", k.who)
    k.patch(np.array([k.mid(0.04, 0.02), k.mid(0.06, 0.052), k.mid(0.6, 0.06), k.mid(0.6, 0.022)]), c)
    k.patch(
        spline(
            k.mids(
                [(-0.2, -0.05), (-0.06, -0.075), (0.1, -0.04), (0.14, 0.0), (0.1, 0.04), (-0.06, 0.075), (-0.2, 0.05)]
            ),
            3,
        ),
        c,
    )


def _scarf(k, colour):
    c = tone("accent", k.who)
    k.patch(
        spline(
            k.mids(
                [
                    (-0.2, -0.046),
                    (-0.05, -0.064),
                    (0.07, -0.03),
                    (0.1, 0.0),
                    (0.07, 0.03),
                    (-0.05, 0.064),
                    (-0.2, 0.046),
                ]
            ),
            3,
        ),
        c,
    )


def _turtleneck(k, colour):
    k.part(
        k.mids([(-0.24, -0.033), (-0.03, -0.044), (0.03, 0), (-0.03, 0.044), (-0.24, 0.033)]),
        colour,
        shade=shade(colour),
        depth=0.01 * k.s,
    )
    for x in (-0.036, 0.0, 0.036):
        k.canvas.line(k.mids([(0.2, x), (0.95, x * 0.9)]), shade(colour, 0.22), 0.008 * k.s)


def _plate(k, colour):
    chest = spline(
        k.mids(
            [
                (-0.06, -0.06),
                (0.0, 0.0),
                (-0.06, 0.06),
                (0.3, 0.074),
                (0.5, 0.03),
                (0.54, 0.0),
                (0.5, -0.03),
                (0.3, -0.074),
            ]
        ),
        3,
    )
    k.part(chest, light(colour, 0.22), shade=colour, depth=0.03 * k.s)
    k.canvas.line(k.mids([(0.02, 0.0), (0.52, 0.0)]), outline(colour), k.w)
    k.canvas.line([k.at(0.72, -k.half(0.72)), k.at(0.72, k.half(0.72))], (250, 216, 120), 0.02 * k.s)


def _frill(k, colour):
    k.canvas.line(
        spline(k.mids([(0.0, -0.07), (0.1, -0.035), (0.13, 0.0), (0.1, 0.035), (0.0, 0.07)]), 3, closed=False),
        WHITE if sum(colour) < 660 else GARMENT["pink"],
        0.022 * k.s,
    )


TRIMMINGS = {
    "sailor": _sailor,
    "tie": _tie,
    "hood": _hood,
    "pocket": _pocket,
    "zip": _zip,
    "high collar": _high_collar,
    "buttons": _buttons,
    "coat buttons": _coat_buttons,
    "muffler": _muffler,
    "scarf": _scarf,
    "turtleneck": _turtleneck,
    "plate": _plate,
    "frill": _frill,
    "bow": lambda k, c: _bow(k, 0.16, 0.03, tone("accent", k.who) if k.who.colour != "black" else WHITE),
}


def draw_pauldron(limb, colour):
    limb.canvas.part(
        ellipse(limb.at(0.08), 0.046 * limb.s, 0.042 * limb.s),
        light(colour, 0.22),
        outline(colour),
        limb.w,
        colour,
        0.02 * limb.s,
    )


def draw_cape(k, colour, sway):
    """A cape or coat tails behind the legs."""
    a, b, _ = k.shoulders()
    low = k.hips + k.d / (np.linalg.norm(k.d) + 1e-9) * 0.34 * k.s
    side = k.n * 0.15 * k.s
    drift = np.array([sway * 0.1 * k.s, 0])
    k.part(
        spline(
            np.array(
                [
                    a,
                    k.at(0.5, -k.half(0.5) - 0.05),
                    low - side + drift,
                    low + drift + (0, 0.02 * k.s),
                    low + side + drift,
                    k.at(0.5, k.half(0.5) + 0.05),
                    b,
                ]
            ),
            4,
        ),
        shade(colour, 0.12),
        shade=shade(colour, 0.4),
        depth=0.04 * k.s,
    )
