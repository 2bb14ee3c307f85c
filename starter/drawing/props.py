"""Things held in the hand or sat upon."""

import math

import numpy as np

from starter.drawing.canvas import ellipse
from starter.drawing.palette import light, outline, shade


def draw_prop(canvas, body, prop, width):
    """What the hands hold: drawn after the nearer hand."""
    s = body.scale
    if prop == "sword":
        hand = body.p(4)
        d = hand - body.p(3)
        d = d / (np.linalg.norm(d) + 1e-9) + np.array([0, -0.9])
        d /= np.linalg.norm(d)
        n = np.array([-d[1], d[0]])
        steel = (214, 222, 236)
        blade = np.array(
            [
                hand + d * 0.05 * s - n * 0.014 * s,
                hand + d * 0.4 * s - n * 0.011 * s,
                hand + d * 0.44 * s,
                hand + d * 0.4 * s + n * 0.011 * s,
                hand + d * 0.05 * s + n * 0.014 * s,
            ]
        )
        canvas.part(blade, steel, outline(steel), width, shade(steel), 0.012 * s)
        canvas.line([hand - d * 0.06 * s, hand + d * 0.05 * s], (110, 74, 50), 0.02 * s)
        canvas.line(
            [hand + d * 0.045 * s - n * 0.045 * s, hand + d * 0.045 * s + n * 0.045 * s], (240, 200, 90), 0.022 * s
        )
    elif prop == "book":
        m, n = (body.p(4) + body.p(7)) / 2 + (0, -0.02 * s), np.array([0.075 * s, 0])
        for q, c in ((1.0, (176, 64, 70)), (0.84, (252, 248, 236))):
            canvas.part(
                np.array(
                    [
                        m - n * q,
                        m - (0, -0.012 * s),
                        m + n * q,
                        m + n * q - (0, 0.09 * s * q),
                        m - (0, 0.075 * s * q),
                        m - n * q - (0, 0.09 * s * q),
                    ]
                ),
                c,
                outline(c) if q == 1 else None,
                width,
            )
    elif prop == "magic":
        far = max((4, 7), key=lambda j: abs(body.p(j)[0] - body.p(1)[0]))
        d = body.p(far) - body.p(far - 1)
        c = body.p(far) + d / (np.linalg.norm(d) + 1e-9) * 0.13 * s
        for r, col in ((0.075, (150, 220, 255)), (0.052, (206, 240, 255)), (0.028, (255, 255, 255))):
            canvas.fill(ellipse(c, r * s, r * s), col)
        for a in range(6):
            u = np.array([math.cos(a * 1.047 + 0.3), math.sin(a * 1.047 + 0.3)])
            canvas.line([c + u * 0.085 * s, c + u * 0.11 * s], light((150, 220, 255), 0.3), 0.01 * s)


def draw_seat(canvas, body, width):
    """A wooden stool under someone who sits."""
    hips, s = (body.p(8) + body.p(11)) / 2, body.scale
    wood = (176, 124, 80)
    foot = max(body.p(10)[1], body.p(13)[1]) + 0.02 * s
    top = hips[1] + 0.04 * s
    for x in (-0.085, 0.07):
        canvas.part(
            np.array(
                [
                    hips + np.array([x * s, 0]),
                    hips + np.array([(x + 0.022) * s, 0]),
                    [hips[0] + (x + 0.022) * s, foot],
                    [hips[0] + x * s, foot],
                ]
            ),
            shade(wood),
            outline(wood),
            width,
        )
    canvas.part(
        np.array(
            [
                [hips[0] - 0.11 * s, top],
                [hips[0] + 0.11 * s, top],
                [hips[0] + 0.11 * s, top + 0.035 * s],
                [hips[0] - 0.11 * s, top + 0.035 * s],
            ]
        ),
        wood,
        outline(wood),
        width,
        shade(wood),
        0.01 * s,
    )
