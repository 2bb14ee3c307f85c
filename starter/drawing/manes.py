"""Hair behind the head: manes, tails, buns and braids."""

import math

import numpy as np

from starter.drawing.canvas import ellipse, leaf, spline
from starter.drawing.face import line_width
from starter.drawing.palette import light, mix, outline, shade

STYLES = (
    "short hair",
    "spiky hair",
    "bob cut",
    "medium hair",
    "long hair",
    "wavy hair",
    "hime cut",
    "ponytail",
    "side ponytail",
    "twintails",
    "braid",
    "twin braids",
    "hair bun",
    "double bun",
)
LONG = {
    "medium hair",
    "long hair",
    "wavy hair",
    "hime cut",
    "braid",
    "twin braids",
    "twintails",
    "ponytail",
    "side ponytail",
    "bob cut",
}


def blade(points, widths, n=5):
    """A band along a curve (head units already placed), widths at the given points; closed polygon."""
    mid = spline(points, n, closed=False)
    w = np.interp(np.linspace(0, len(widths) - 1, len(mid)), np.arange(len(widths)), widths)[:, None]
    tan = np.gradient(mid, axis=0)
    nor = np.stack([-tan[:, 1], tan[:, 0]], 1) / (np.linalg.norm(tan, axis=1, keepdims=True) + 1e-9)
    return np.vstack([mid + nor * w, (mid - nor * w)[::-1]])


class Mane:
    """The hanging part of the hair of one head. who gives style, fringe, colour, length, sway and side."""

    def __init__(self, canvas, head, body, who):
        self.c, self.h, self.who = canvas, head, who
        self.base = who.hair_rgb
        self.dark, self.lite, self.ink = shade(self.base), light(self.base, 0.42), outline(self.base)
        self.w = line_width(body)
        self.sway = who.sway
        self.side = who.side if abs(head.turn) < 0.2 else (-1 if head.turn > 0 else 1)

    def solid(self, shape, colour=None, depth=0.12, **kw):
        colour = colour or self.base
        self.c.part(shape, colour, self.ink, self.w, shade(colour), depth * self.h.r, **kw)

    def strand(self, points, width=0.8):
        self.c.line(spline(points, 4, closed=False), mix(self.ink, self.base, 0.35), self.w * width)

    # ---- behind the body
    def back(self):
        """Everything that hangs behind head and body, seen from the front."""
        style = self.who.style
        if style in ("ponytail", "side ponytail"):
            self.tail(self.side, style == "ponytail")
        elif style == "twintails":
            self.tail(-1, False), self.tail(1, False)
        if style in ("long hair", "wavy hair", "hime cut", "medium hair"):
            self.mane(1.18, self.who.length, self.dark)
        elif style == "bob cut":
            self.solid(
                spline(
                    self.h.offs(
                        [
                            (-0.95, -0.6),
                            (-1.2, 0.2),
                            (-1.22, 0.8),
                            (-0.98, 1.12),
                            (0, 1.0),
                            (0.98, 1.12),
                            (1.22, 0.8),
                            (1.2, 0.2),
                            (0.95, -0.6),
                        ]
                    )
                ),
                self.dark,
            )
        elif style in ("braid", "twin braids"):
            self.solid(
                spline(self.h.offs([(-1.0, -0.4), (-1.08, 0.4), (-0.8, 1.0), (0.8, 1.0), (1.08, 0.4), (1.0, -0.4)])),
                self.dark,
            )
        elif style in ("short hair", "spiky hair"):
            self.nape()
        else:
            self.solid(
                spline(
                    self.h.offs([(-0.98, -0.3), (-0.96, 0.4), (-0.5, 0.78), (0.5, 0.78), (0.96, 0.4), (0.98, -0.3)])
                ),
                self.dark,
            )
        if style in ("hair bun", "double bun"):
            self.buns()

    def nape(self):
        tips = [
            (-1.04, 0.72),
            (-0.72, 0.66),
            (-0.62, 0.98),
            (-0.2, 0.8),
            (0.2, 0.8),
            (0.62, 0.98),
            (0.72, 0.66),
            (1.04, 0.72),
        ]
        self.c.part(
            self.h.offs([(-0.98, -0.5), (-1.06, 0.2), *tips, (1.06, 0.2), (0.98, -0.5)]), self.dark, self.ink, self.w
        )

    def mane(self, wide, length, colour, top=-0.45):
        """Loose hair down to length (head units below the centre), ending in pointed locks."""
        h, wave = self.h, 0.1 if self.who.style == "wavy hair" else 0.0
        down = np.linspace(0.3, length - 0.25, 6)
        grow = wide + 0.09 * np.minimum(down, 2.2) + wave * np.sin(np.arange(6) * 2.4)
        left = [(-0.96, top), *np.stack([-grow, down], 1)]
        right = [*np.stack([grow + wave * 0.7, down], 1)[::-1], (0.96, top)]
        end, n = grow[-1], 5 if length > 2.2 else 4
        tips = []
        for i in range(n):
            x = -end + 2 * end * (i + 0.5) / n
            y = length + 0.16 * math.sin(i * 2.1 + self.who.length * 7)
            tips += [(x - 0.1, y), (x + end / n, length - 0.3)]

        def place(pts):
            return h.falls(pts, self.sway)

        shape = np.vstack(
            [spline(place(left), 4, closed=False), place(tips[:-1]), spline(place(right), 4, closed=False)]
        )
        self.solid(shape, colour, 0.16)
        if self.who.style == "hime cut":
            return
        for x, y in tips[1:-1:2]:
            self.strand(place([(x * 0.75, 0.9), (x * 0.95, (y + 0.9) / 2), (x, y)]))

    def tail(self, s, high):
        """A ponytail or one of two tails, on image side s."""
        h, length, sway = self.h, self.who.length, self.sway
        if high:
            path = [
                (s * 0.2, -1.02),
                (s * 0.85, -1.34),
                (s * 1.5, -0.62),
                (s * 1.62, 0.5),
                (s * 1.42, length * 0.8),
                (s * 1.15, length),
            ]
            width = (0.16, 0.3, 0.42, 0.46, 0.34, 0.02)
        else:
            path = [
                (s * 0.86, -0.62),
                (s * 1.3, -0.72),
                (s * 1.66, 0.05),
                (s * 1.74, 0.9),
                (s * 1.66, length * 0.8),
                (s * 1.36, length),
            ]
            width = (0.14, 0.26, 0.36, 0.4, 0.3, 0.02)

        def place(pts):
            return h.falls(pts, sway)

        mid, r = place(path), np.array(width) * h.r
        for dx, k in ((0.42, 0.86), (-0.36, 0.8)):  # loose ends beside the main lock
            tip = place([(path[-1][0] + dx, path[-1][1] * k)])[0]
            self.solid(leaf(mid[3], place([(path[4][0] + dx * 1.2, path[4][1] * 0.85)])[0], tip, r[3] * 0.62))
        self.solid(blade(mid, r), depth=0.14)
        self.strand(
            place([(path[2][0] * 0.94, path[2][1]), (path[3][0] * 0.9, path[3][1]), (path[4][0] * 0.96, path[4][1])])
        )

    def buns(self):
        spots = (
            [(0.12 * self.side, -1.3, 0.44)]
            if self.who.style == "hair bun"
            else [(-0.76, -0.98, 0.38), (0.76, -0.98, 0.38)]
        )
        for x, y, r in spots:
            centre = self.h.off(x, y)
            self.solid(ellipse(centre, r * self.h.r, r * self.h.r * 0.92), depth=0.18)
            swirl = ellipse(centre, r * 0.55 * self.h.r, r * 0.5 * self.h.r)[2:16]
            self.c.line(swirl, mix(self.ink, self.base, 0.35), self.w)

    def braid(self, s):
        h, n = self.h, 6 if self.who.length > 2.3 else 5
        step = (self.who.length - 0.75) / n
        spots = [h.fall(s * (0.88 - 0.03 * i), 0.75 + step * i, self.sway) for i in range(n + 1)]
        self.solid(
            leaf(spots[-1] - (0, 0.1 * h.r), spots[-1] + (0, 0.3 * h.r), spots[-1] + (0, 0.62 * h.r), 0.17 * h.r)
        )
        for i, p in enumerate(spots[:-1]):
            r = (0.25 - 0.014 * i) * h.r
            for q in (-1, 1):
                self.solid(
                    ellipse(
                        p + np.array([q * r * 0.42, step * 0.3 * h.r + q * 0.05 * h.r]),
                        r * 0.62,
                        step * 0.62 * h.r,
                        -q * 0.5,
                    ),
                    depth=0.06,
                )
        self.c.part(
            ellipse(spots[-1], 0.16 * h.r, 0.1 * h.r), self.who.ribbon_rgb, outline(self.who.ribbon_rgb), self.w
        )
