"""The head: its frame, the face and its expressions."""

import math

import numpy as np

from starter.drawing.canvas import ellipse, spline
from starter.drawing.palette import DARK, EYES, SKIN, light, mix, outline, shade

EXPRESSIONS = ("smile", "happy", "open mouth", "surprised", "serious", "angry", "sad", "wink", "sleepy", "grin")
MOUTH, TONGUE = (176, 52, 66), (240, 120, 126)


class Head:
    """The frame hair and face are drawn in: x to image right, y down, 1 = half the width of the skull."""

    def __init__(self, body):
        self.c, self.r = body.head[:2], body.build.head * body.scale
        s, c = math.sin(body.roll), math.cos(body.roll)
        self.right, self.down = np.array([c, s]), np.array([-s, c])
        self.turn = math.sin(math.radians(body.head_yaw))
        self.turn_cos = math.cos(math.radians(body.head_yaw))
        self.nod = math.radians(body.nod)
        self.behind = body.behind

    def off(self, x, y):
        """A point of the silhouette frame, unmoved by the turning of the head."""
        return self.c + (self.right * x + self.down * y) * self.r

    def on(self, x, y):
        """A point on the front of the head; x, y as seen face to face."""
        z = math.sqrt(max(0.0, 1 - 0.8 * x * x - 0.5 * y * y))
        return self.off(x * self.turn_cos + z * self.turn * 0.8, y + z * math.sin(self.nod) * 0.6)

    def fall(self, x, y, sway=0.0):
        """Like off, but what lies below the chin hangs straight down by gravity."""
        over = max(0.0, y - 0.7)
        return self.off(x, min(y, 0.7)) + np.array([sway * over * over * 0.3, over]) * self.r

    def offs(self, points):
        return np.array([self.off(*p) for p in points])

    def ons(self, points):
        return np.array([self.on(*p) for p in points])

    def falls(self, points, sway=0.0):
        return np.array([self.fall(x, y, sway) for x, y in points])


def face_outline(head):
    f = head.turn
    half = ((0.90, -0.30, 0.08), (0.89, 0.12, 0.12), (0.80, 0.44, 0.2), (0.52, 0.76, 0.32), (0.13, 0.97, 0.42))
    left = [(-x + f * k, y) for x, y, k in half]
    right = [(x + f * k, y) for x, y, k in half[::-1]]
    crown = [(0.7, -0.85), (0, -1.02), (-0.7, -0.85)]
    return spline(head.offs(left + right + crown), 4)


def draw_neck(canvas, body, skin):
    neck, width = body.p(1), 0.027 * body.scale * (1.0 if body.build.girth <= 1 else 1.2)
    chin = body.head[:2] + (body.p(1) - body.head[:2]) * 0.45
    d = neck - chin
    n = np.array([-d[1], d[0]]) / (np.linalg.norm(d) + 1e-9) * width
    low = neck + d * 0.25
    shape = np.array([chin - n, chin + n, neck + n, low + n * 1.9, low - n * 1.9, neck - n])
    under = np.array([chin - n * 1.2, chin + n * 1.2, chin + d * 0.8 + n * 1.2, chin + d * 0.62 - n * 1.2])
    canvas.part(shape, skin, outline(skin), line_width(body), inside=[(under, shade(skin, 0.24))])


def line_width(body):
    """Half the width of the line art in points: bold enough to survive 128 pixels."""
    return float(np.clip(body.scale * 0.0058, 0.42, 1.0))


def draw_face(canvas, head, body, who):
    """Ears, face, eyes, brows and mouth of who (skin, eyes, expression, blush)."""
    skin, width = SKIN[who.skin], line_width(body)
    if not who.long_hair:
        for s in (-1, 1):
            if s * body.head_yaw < 30:
                ear = ellipse(head.off(s * 0.95 + head.turn * 0.1, 0.16), head.r * 0.15, head.r * 0.24)
                canvas.part(ear, skin, outline(skin), width, shade(skin), head.r * 0.08)
    outline_points = face_outline(head)
    fringe = head.ons(
        [
            (-1.1, -1),
            (1.1, -1),
            (1.0, 0.02),
            (0.62, -0.1),
            (0.3, -0.02),
            (0, -0.16),
            (-0.35, -0.02),
            (-0.65, -0.1),
            (-1.0, 0.02),
        ]
    )
    canvas.part(outline_points, skin, outline(skin), width, inside=[(fringe, shade(skin, 0.17))])
    if who.girl or who.expression in ("happy", "sad"):
        blush = mix(skin, (255, 110, 120), 0.38)
        for s in (-1, 1):
            canvas.fill(np.array([head.on(x, y) for x, y in ellipse((s * 0.56, 0.45), 0.15, 0.075)]), blush)
    for s in (-1, 1):
        _draw_eye(canvas, head, s, who, width)
        _draw_brow(canvas, head, s, who, width)
    nose = mix(skin, (150, 60, 60), 0.45)
    canvas.fill(np.array([head.on(0.02 + x, 0.36 + y) for x, y in ((-0.035, 0.03), (0.0, -0.05), (0.045, 0.04))]), nose)
    _draw_mouth(canvas, head, who, width)


def _draw_eye(canvas, head, s, who, width):
    far = max(0.0, s * head.turn)
    wide, high = 0.225 * (1 - 0.3 * far), 0.31
    ex, ey = s * 0.42, 0.12

    def at(dx, dy):
        return head.on(ex + dx, ey + dy)

    lash = max(width * 1.5, head.r * 0.085)
    if who.expression == "happy" or (who.expression == "wink" and s == who.wink_side):
        canvas.line(spline([at(-wide, 0.06), at(0, -0.1), at(wide, 0.06)], closed=False), DARK, lash)
        return
    open_ = {"surprised": 1.12, "sleepy": 0.55, "serious": 0.84, "angry": 0.84}.get(who.expression, 1.0)
    top = -high * open_
    white = spline(
        [
            at(-wide, top * 0.35),
            at(-wide * 0.6, top * 0.95),
            at(wide * 0.6, top * 0.95),
            at(wide, top * 0.35),
            at(wide * 0.8, high * 0.72),
            at(0, high * 0.95),
            at(-wide * 0.8, high * 0.72),
        ],
        3,
    )
    colour = EYES[who.eyes]
    iw = wide * (0.84 if who.expression != "surprised" else 0.7)
    look = head.turn * 0.05
    ring = np.array([at(look + x, y) for x, y in ellipse((0, 0.02), iw, high * 0.95)])
    lower = np.array([at(look + x, y) for x, y in ellipse((0, 0.12), iw * 0.72, high * 0.5)])
    pupil = np.array([at(look + x, y) for x, y in ellipse((0, 0.0), iw * 0.42, high * 0.42)])
    dark = mix(colour, (20, 10, 50), 0.55)
    canvas.part(
        white,
        (252, 252, 255),
        inside=[(ring, dark), (lower, light(colour, 0.22)), (pupil, mix(colour, (10, 0, 30), 0.85))],
    )
    glint = ellipse(at(look - iw * 0.38, -high * 0.32), head.r * 0.085, head.r * 0.1)
    canvas.fill(glint, (255, 255, 255))
    canvas.fill(ellipse(at(look + iw * 0.4, high * 0.42), head.r * 0.042, head.r * 0.05), (255, 255, 255))
    wing = 0.09 if who.girl else 0.03
    arc = [
        at(-wide * 1.06, top * 0.42),
        at(-wide * 0.6, top * 0.98),
        at(wide * 0.6, top * 0.98),
        at(wide * 1.06, top * 0.42),
    ]
    arc = [at(-wide * 1.06 - wing, top * 0.2), *arc] if s < 0 else [*arc, at(wide * 1.06 + wing, top * 0.2)]
    canvas.line(spline(arc, 4, closed=False), DARK, lash)
    canvas.line([at(-wide * 0.45, high * 0.92), at(wide * 0.45, high * 0.92)], mix(DARK, SKIN[who.skin], 0.35), width)


def _draw_brow(canvas, head, s, who, width):
    slope = {"angry": -0.14, "serious": -0.07, "sad": 0.13, "surprised": 0.02}.get(who.expression, 0.03)
    y = {"surprised": -0.4, "happy": -0.32, "angry": -0.24, "serious": -0.25}.get(who.expression, -0.31)
    inner, outer = (s * 0.24, y - slope), (s * 0.62, y + slope)
    middle = (s * 0.44, y - 0.04)
    canvas.line(
        spline(head.ons([inner, middle, outer]), 3, closed=False),
        mix(outline(who.hair_rgb), who.hair_rgb, 0.25),
        width * 1.3,
    )


def _draw_mouth(canvas, head, who, width):
    line, e = mix(outline(SKIN[who.skin]), (190, 40, 60), 0.35), who.expression

    def at(points):
        return head.ons([(x, 0.64 + y) for x, y in points])

    if e in ("open mouth", "happy", "grin"):
        high, wide = (0.2, 0.19) if e != "grin" else (0.13, 0.24)
        shape = spline(
            at(
                [
                    (-wide, -0.05),
                    (0, -0.02),
                    (wide, -0.05),
                    (wide * 0.6, high * 0.8),
                    (0, high),
                    (-wide * 0.6, high * 0.8),
                ]
            ),
            3,
        )
        paint = (
            [(at([(-0.14, high), (0.14, high), (0.1, high * 0.55), (-0.1, high * 0.55)]), TONGUE)]
            if e != "grin"
            else [(at([(-0.3, -0.1), (0.3, -0.1), (0.3, 0.05), (-0.3, 0.05)]), (255, 255, 255))]
        )
        canvas.part(shape, MOUTH, DARK, width * 0.7, inside=paint)
    elif e == "surprised":
        canvas.part(np.array([head.on(x, 0.66 + y) for x, y in ellipse((0, 0), 0.09, 0.12)]), MOUTH, DARK, width * 0.7)
    elif e in ("smile", "wink"):
        canvas.line(spline(at([(-0.17, -0.03), (0, 0.07), (0.17, -0.03)]), 4, closed=False), line, width * 1.5)
    elif e == "sad":
        canvas.line(spline(at([(-0.13, 0.06), (0, -0.03), (0.13, 0.06)]), 4, closed=False), line, width * 1.5)
    else:
        canvas.line(at([(-0.12, 0.02), (0.12, 0.02)]), line, width * 1.5)
