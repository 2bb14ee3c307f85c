"""Backgrounds: thirteen places, the open ones by day, at sunset and at night."""

import math

import numpy as np

from starter.drawing.canvas import ellipse, spline
from starter.drawing.palette import GARMENT, light, mix
from starter.drawing.scenery import SKY, Scenery

OUTDOOR = ("park", "forest", "beach", "city", "snow", "mountains", "shrine", "cherry blossoms", "desert", "rooftop")
INDOOR = ("classroom", "bedroom", "library")
PLAIN = "simple background"
TIMES = ("day", "sunset", "night")
BACKDROPS = ("white", "gray", "light blue", "pink", "yellow", "green", "purple", "black")


class Scene(Scenery):
    """One method for every place."""

    # ---- outdoors
    def park(self):
        self.sky()
        self.hills((116, 186, 118), 22)
        self.ground((138, 206, 104), (112, 184, 92))
        m = self.u(30, 98)
        self.c.fill(
            np.vstack(
                [
                    spline([(m - 3, self.y), (m - 16, self.y + 22), (m - 34, 128)], 4, closed=False),
                    spline([(m + 42, 128), (m + 14, self.y + 22), (m + 4, self.y)], 4, closed=False),
                ]
            ),
            self.col((232, 214, 174)),
        )
        for x in self.sides(3):
            self.tree(x, self.y + self.u(3, 12), self.u(34, 48), (76, 154, 82))

    def forest(self):
        self.c.gradient(0, 128, *(((150, 202, 148), (206, 232, 176)) if self.time == "day" else SKY[self.time]))
        for x in np.arange(-4, 140, 18):
            self.pine(x + self.u(-5, 5), self.y + 2, self.u(52, 70), (92, 156, 108))
        self.ground((112, 164, 88), (86, 136, 76))
        for x in self.sides(4):
            self.pine(x, self.y + self.u(4, 16), self.u(66, 90), (50, 112, 74))

    def beach(self):
        self.sky()
        self.c.gradient(self.y - 14, self.y + 9, self.col((40, 136, 214)), self.col((96, 200, 226)))
        for k in range(3):
            self.c.line(
                spline(
                    [(x, self.y - 9 + k * 6 + math.sin(x * 0.2 + k * 2)) for x in range(0, 145, 16)], 3, closed=False
                ),
                self.col((206, 238, 250)),
                0.9,
            )
        self.ground((250, 232, 180), (238, 212, 152), self.y + 8)
        self.c.line(
            spline([(x, self.y + 8 + 1.2 * math.sin(x * 0.12)) for x in range(-8, 145, 16)], 3, closed=False),
            self.col((255, 255, 255)),
            2.2,
        )

    def city(self):
        self.sky(1)
        x = -4.0
        while x < 128:
            w, high = self.u(15, 27), self.u(30, 66)
            wall = [(178, 190, 208), (210, 196, 184), (164, 178, 202), (196, 204, 214)][self.g.integers(4)]
            self.c.box(x, self.y - high, x + w, self.y + 1, self.col(wall))
            self.c.box(x + w * 0.8, self.y - high, x + w, self.y + 1, self.col(mix(wall, (70, 70, 110), 0.25)))
            for yy in np.arange(self.y - high + 4, self.y - 7, 10):
                for xx in np.arange(x + 2.5, x + w * 0.76 - 3.5, 7.5):
                    lit = self.time != "day" and self.g.random() < 0.6
                    self.c.box(xx, yy, xx + 4.4, yy + 5.6, (255, 220, 124) if lit else self.col((120, 152, 190)))
            x += w + self.u(0, 2)
        self.ground((150, 154, 164), (126, 130, 142))
        self.c.box(0, self.y, 128, self.y + 4.5, self.col((208, 208, 212)))
        for k in range(-1, 4):
            self.c.fill(
                [(k * 40 + 5, 119), (k * 40 + 25, 119), (k * 40 + 22, 122), (k * 40 + 2, 122)],
                self.col((244, 236, 200)),
            )

    def snow(self):
        self.sky(1)
        self.hills((206, 222, 240), 26)
        self.ground((246, 250, 255), (220, 232, 246))
        for x in self.sides(4):
            self.pine(x, self.y + self.u(2, 12), self.u(40, 60), (84, 138, 132), snow=True)
        for _ in range(36):
            self.c.fill(ellipse((self.u(0, 128), self.u(0, 128)), 0.9, 0.9), (255, 255, 255))

    def mountains(self):
        self.sky()
        for x, high in (
            (self.u(0, 40), self.u(44, 60)),
            (self.u(80, 128), self.u(40, 58)),
            (self.u(40, 84), self.u(30, 44)),
        ):
            self.mountain(x, high)
        self.ground((150, 200, 116), (118, 174, 98))

    def mountain(self, x, high):
        def place(points):
            return [(x + k * high, self.y - q * high) for k, q in points]

        self.c.fill(place([(-0.95, 0), (0, 1), (0.95, 0)]), self.col((134, 156, 192)))
        self.c.fill(place([(0, 1), (0.95, 0), (0.22, 0)]), self.col((110, 132, 172)))
        snow = [(-0.27, 0.72), (0, 1), (0.27, 0.72), (0.12, 0.78), (0, 0.68), (-0.12, 0.78)]
        self.c.fill(place(snow), self.col((250, 252, 255)))

    def shrine(self):
        self.sky()
        self.hills((96, 160, 108), 26)
        self.ground((216, 206, 190), (188, 178, 166))
        m, r = 64 + self.u(-10, 10), self.col((216, 62, 52))
        for s in (-1, 1):
            self.c.box(m + s * 42 - 3.4, self.y - 56, m + s * 42 + 3.4, self.y + 7, r)
            self.c.box(m + s * 42 - 4.2, self.y + 3, m + s * 42 + 4.2, self.y + 8, self.col((60, 56, 66)))
        self.c.box(m - 50, self.y - 48, m + 50, self.y - 43, r)
        self.c.fill(
            np.vstack(
                [
                    spline([(m - 62, self.y - 64), (m, self.y - 60), (m + 62, self.y - 64)], 4, closed=False),
                    [(m + 59, self.y - 56), (m, self.y - 54), (m - 59, self.y - 56)],
                ]
            ),
            r,
        )
        self.c.line(
            spline([(m - 62, self.y - 64.5), (m, self.y - 60.5), (m + 62, self.y - 64.5)], 4, closed=False),
            self.col((60, 56, 66)),
            2.6,
        )

    def cherry_blossoms(self):
        self.sky(1)
        self.hills((158, 204, 146), 18)
        self.ground((166, 214, 136), (140, 194, 120))
        for x in self.sides(4):
            self.tree(x, self.y + self.u(2, 12), self.u(42, 58), (250, 178, 206))
        for _ in range(34):
            p, a = (self.u(0, 128), self.u(0, 128)), self.u(0, 3)
            self.c.fill(ellipse(p, 1.5, 0.9, a), self.col((255, 206, 224)))

    def desert(self):
        self.sky(0)
        self.hills((236, 196, 132), 20, 44)
        self.ground((246, 214, 150), (228, 186, 120))
        for x in self.sides(3):
            b, h, green = self.y + self.u(2, 14), self.u(20, 30), self.col((84, 156, 96))
            self.c.line([(x, b), (x, b - h)], green, 5)
            for s in (-1, 1):
                self.c.line([(x, b - h * 0.45), (x + s * 8, b - h * 0.5), (x + s * 8, b - h * 0.8)], green, 3.4)

    def rooftop(self):
        self.sky(3)
        for x in np.arange(-6, 134, 13):
            self.c.box(x, self.y - self.u(4, 16), x + 11, self.y, self.col((168, 184, 208)))
        self.ground((186, 188, 198), (164, 166, 180))
        rail = self.col((92, 124, 126))
        for x in np.arange(2, 130, 10):
            self.c.line([(x, self.y + 4), (x, self.y - 24)], rail, 1.0)
        for k in (-24, -12, 2):
            self.c.line([(0, self.y + k), (128, self.y + k)], rail, 1.5)

    # ---- indoors
    def classroom(self):
        self.wall((250, 240, 214), (214, 172, 124))
        x = self.u(-10, 34)
        self.c.box(x, 16, x + 74, self.y - 24, self.col((140, 100, 66)))
        self.c.box(x + 2.4, 18.4, x + 71.6, self.y - 26.4, self.col((58, 118, 92)))
        for k in range(3):
            y = 26 + k * 8
            self.c.line([(x + 9, y), (x + 9 + self.u(18, 44), y)], self.col((214, 232, 220)), 1.0)
        self.window(x + 80, 14, 28, self.y - 42), self.window(x - 40, 14, 28, self.y - 42)
        for xx in (self.u(-10, 16), self.u(92, 118)):
            self.c.box(xx, self.y + 2, xx + 28, self.y + 6, self.col((190, 138, 88)))
            for k in (3, 23):
                self.c.box(xx + k, self.y + 6, xx + k + 2, self.y + 22, self.col((120, 124, 136)))

    def bedroom(self):
        hue = [(250, 222, 228), (222, 234, 248), (236, 230, 248)][self.g.integers(3)]
        self.wall(hue, (206, 164, 122))
        self.window(self.u(6, 84), 14, 34, 36)
        x, quilt = self.u(-20, 60), [(132, 158, 220), (240, 150, 176), (140, 196, 160)][self.g.integers(3)]
        self.c.box(x, self.y - 20, x + 7, self.y + 12, self.col((160, 112, 74)))
        self.c.box(x + 7, self.y - 8, x + 70, self.y + 9, self.col(quilt))
        self.c.box(x + 8, self.y - 13, x + 24, self.y - 6, self.col((252, 252, 252)))
        self.c.box(x + 7, self.y + 5, x + 70, self.y + 9, self.col(mix(quilt, (60, 60, 100), 0.25)))

    def library(self):
        self.wall((236, 216, 186), (172, 120, 84))
        books = [(176, 92, 84), (92, 118, 156), (102, 142, 112), (206, 174, 108), (138, 108, 146)]
        for x in (self.u(-22, -8), self.u(36, 44), self.u(88, 96)):
            self.c.box(x, 8, x + 46, self.y, self.col((134, 90, 60)))
            for row in np.arange(11, self.y - 12, 23):
                self.c.box(x + 2, row, x + 44, row + 19, self.col((104, 70, 52)))
                bx = x + 3
                while bx < x + 38:
                    w, h = self.u(4, 7), self.u(13, 17)
                    self.c.box(bx, row + 19 - h, bx + w, row + 19, self.col(books[self.g.integers(5)]))
                    bx += w + 0.5


def paint_scene(canvas, rng, place, horizon, time="day", backdrop="white"):
    """Fill the canvas with a place, or with one plain colour."""
    if place == PLAIN:
        c = GARMENT[backdrop]
        canvas.im[:] = c if backdrop in ("white", "light blue", "black") else light(c, 0.42)
        return
    getattr(Scene(canvas, rng, horizon, time), place.replace(" ", "_"))()
