"""Sky, ground, trees, walls: the parts that places are built from, in the light of the hour."""

import numpy as np

from starter.drawing.canvas import ellipse, spline
from starter.drawing.palette import light, mix

SKY = {
    "day": ((92, 174, 244), (216, 239, 253)),
    "sunset": ((124, 88, 168), (255, 178, 104)),
    "night": ((14, 18, 56), (58, 58, 118)),
}
_TINT = {"day": (255, 255, 255), "sunset": (252, 196, 168), "night": (96, 108, 176)}


class Scenery:
    """What places are made of. horizon: height in points of the line where ground meets sky or wall."""

    def __init__(self, canvas, rng, horizon, time):
        self.c, self.g, self.y, self.time = canvas, rng, horizon, time
        self.tint = np.asarray(_TINT[time]) / 255

    def col(self, rgb):
        return tuple(int(v) for v in np.asarray(rgb) * self.tint)

    def u(self, a, b):
        return float(self.g.uniform(a, b))

    def ground(self, top, bottom=None, y=None):
        self.c.gradient(
            self.y if y is None else y, 128, self.col(top), self.col(bottom or mix(top, (60, 60, 80), 0.14))
        )

    def sky(self, clouds=2):
        self.c.gradient(0, 128, *SKY[self.time])
        if self.time == "night":
            for _ in range(14):
                self.c.fill(ellipse((self.u(0, 128), self.u(0, self.y)), 0.5, 0.5), (240, 240, 255))
            self.c.fill(ellipse((self.u(14, 114), self.u(10, 24)), 6.5, 6.5), (252, 246, 206))
            return
        if self.time == "sunset":
            self.c.fill(ellipse((self.u(16, 112), self.y - self.u(2, 12)), 11, 11), (255, 230, 150))
        pale = (252, 253, 255) if self.time == "day" else (255, 206, 176)
        for _ in range(clouds):
            x, y, r = self.u(0, 128), self.u(6, self.y * 0.5), self.u(5, 10)
            for k, q in ((-1.1, 0.7), (0, 1.0), (1.1, 0.75), (0.5, 0.8)):
                self.c.fill(ellipse((x + k * r, y - (q - 0.7) * r * 0.8), r * q, r * 0.52 * q), pale)
            self.c.box(x - 1.7 * r, y + r * 0.2, x + 1.7 * r, y + r * 0.36, pale)

    def hills(self, colour, high, step=34):
        top = [(x, self.y - self.u(0.3, 1) * high) for x in np.arange(-step, 129 + step, step)]
        self.c.fill(np.vstack([spline(top, 4, closed=False), [(170, self.y + 2), (-40, self.y + 2)]]), self.col(colour))

    def tree(self, x, base, size, leaves):
        self.c.fill(
            [
                (x - size * 0.09, base),
                (x - size * 0.05, base - size),
                (x + size * 0.05, base - size),
                (x + size * 0.09, base),
            ],
            self.col((118, 82, 58)),
        )
        for dx, dy, r, k in (
            (-0.3, -0.95, 0.38, 0),
            (0.3, -0.9, 0.4, 0),
            (0, -1.2, 0.46, 0),
            (-0.14, -1.28, 0.28, 1),
            (0.2, -1.08, 0.2, 1),
        ):
            self.c.fill(
                ellipse((x + dx * size, base + dy * size), r * size, r * size * 0.88),
                self.col(light(leaves, 0.18) if k else leaves),
            )

    def pine(self, x, base, size, colour, snow=False):
        self.c.fill(
            [
                (x - size * 0.05, base),
                (x + size * 0.05, base),
                (x + size * 0.05, base - size * 0.4),
                (x - size * 0.05, base - size * 0.4),
            ],
            self.col((104, 72, 52)),
        )
        for k in range(3):
            w, y = size * (0.34 - 0.08 * k), base - size * (0.22 + 0.26 * k)
            self.c.fill([(x - w, y), (x, y - size * 0.42), (x + w, y)], self.col(light(colour, 0.07 * k)))
            if snow:
                self.c.fill(
                    [
                        (x - w * 0.45, y - size * 0.23),
                        (x, y - size * 0.42),
                        (x + w * 0.45, y - size * 0.23),
                        (x, y - size * 0.28),
                    ],
                    self.col((246, 250, 255)),
                )

    def sides(self, n):
        """Places for big things: to both sides, rarely in the middle."""
        return [self.u(-6, 34) if i % 2 else self.u(94, 134) for i in range(n)]

    def wall(self, colour, floor):
        self.c.box(0, 0, 128, self.y, self.col(colour))
        self.ground(floor)
        self.c.box(0, self.y - 2, 128, self.y, self.col(mix(colour, (90, 60, 60), 0.3)))

    def window(self, x, y, w, h):
        self.c.box(x, y, x + w, y + h, self.col((252, 252, 252)))
        self.c.gradient_box(x + 2, y + 2, x + w - 2, y + h - 2, *SKY[self.time])
        self.c.box(x + w / 2 - 0.9, y, x + w / 2 + 0.9, y + h, self.col((252, 252, 252)))
