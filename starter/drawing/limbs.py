"""Arms, legs, hands and feet, and the cloth on them, as bands of the same centre line."""

import math

import numpy as np

from starter.drawing.canvas import ellipse, hull, spline, tube
from starter.drawing.palette import outline, shade

_ARM = ((0, 0.4, 0.85, 1.0, 1.35, 2.0), (0.0275, 0.0265, 0.0215, 0.021, 0.0215, 0.0145))
_LEG = ((0, 0.35, 0.85, 1.0, 1.3, 1.75, 2.0), (0.053, 0.047, 0.0335, 0.032, 0.0345, 0.022, 0.0185))


class Limb:
    """One arm or leg: its rounded centre line, its own width and what is drawn on it."""

    def __init__(self, canvas, body, joints, width):
        a, b, c = (body.p(j) for j in joints)
        before, after = a + (b - a) * 0.84, b + (c - b) * 0.16
        bend = 0.5 * b + 0.25 * (before + after)
        self.t = np.array([0, 0.42, 0.84, 1.0, 1.16, 1.58, 2.0])
        self.mid = np.array([a, a + (b - a) * 0.42, before, bend, after, b + (c - b) * 0.58, c])
        self.canvas, self.s = canvas, body.scale * body.build.girth
        self.profile = _ARM if joints[0] in (2, 5) else _LEG
        self.end, self.ahead = c, (c - b) / (np.linalg.norm(c - b) + 1e-9)
        self.root, self.joint, self.w = a, b, width

    def at(self, t):
        return np.array([np.interp(t, self.t, self.mid[:, 0]), np.interp(t, self.t, self.mid[:, 1])])

    def radius(self, t):
        return np.interp(t, *self.profile) * self.s

    def pieces(self, t0, t1, grow=0.0, flare=0.0):
        """Band from t0 to t1 (0 root, 1 joint, 2 end), grown by parts of the height; flare widens its end."""
        t = np.concatenate([[t0], self.t[(self.t > t0 + 0.03) & (self.t < t1 - 0.03)], [t1]])
        r = self.radius(t) + (grow + flare * (t - t0) / max(t1 - t0, 1e-6)) * self.s
        return tube(np.array([self.at(v) for v in t]), r)

    def band(self, colour, t0, t1, grow=0.0, flare=0.0, more=()):
        self.canvas.part(
            self.pieces(t0, t1, grow, flare) + list(more),
            colour,
            outline(colour),
            self.w,
            shade(colour),
            0.016 * self.s,
        )

    def flat_end(self, t0, t1, grow, flare=0.0):
        """A band that ends in a straight edge instead of a round one, as sleeves and trouser legs do."""
        p, e = self.pieces(t0, t1 - 0.06, grow, flare), self.at(t1)
        n = np.array([-self.ahead[1], self.ahead[0]]) if t1 > 1 else self._across(t1)
        r = self.radius(t1) + (grow + flare) * self.s
        q, rq = self.at(t1 - 0.06 - 0.1), self.radius(t1 - 0.16) + (grow + flare * 0.9) * self.s
        return [*p, np.array([q - n * rq, e - n * r, e + n * r, q + n * rq])]

    def _across(self, t):
        d = self.at(min(2, t + 0.1)) - self.at(max(0, t - 0.1))
        d = d / (np.linalg.norm(d) + 1e-9)
        return np.array([-d[1], d[0]])

    def cuffed(self, colour, t0, t1, grow, flare=0.0):
        self.canvas.part(
            self.flat_end(t0, t1, grow, flare), colour, outline(colour), self.w, shade(colour), 0.018 * self.s
        )

    def join(self, colour, trunk_point, grow=0.004):
        """Cover the outline where a sleeve meets the trunk it is made of one piece with."""
        inward = (trunk_point - self.root) / (np.linalg.norm(trunk_point - self.root) + 1e-9)
        a = self.root + inward * 0.012 * self.s
        r = self.radius(0.0) + (grow - 0.002) * self.s
        for piece in tube(np.array([a, self.at(0.2)]), np.array([r * 0.94, self.radius(0.2) * 0.9])):
            self.canvas.fill(piece, colour)

    def wide_sleeve(self, colour):
        """A hanging kimono or robe sleeve."""
        e, m, s = self.at(1.9), self.at(1.25), self.s
        drop = np.array([0, 1.0]) * min(1.0, 0.45 + abs(self.ahead[0]) + max(0.0, self.ahead[1]) * 0.3)
        bell = hull(
            ellipse(self.at(0.8), 0.032 * s, 0.032 * s),
            ellipse(e, 0.034 * s, 0.034 * s),
            [e + drop * 0.1 * s, m + drop * 0.105 * s],
        )
        self.canvas.part([*self.pieces(0, 1.1, 0.008), bell], colour, outline(colour), self.w, shade(colour), 0.02 * s)


def draw_hand(limb, kind, colour, towards):
    """A hand at the end of an arm. towards: +1 or -1, the side of the thumb."""
    s, d = limb.s * 1.12, limb.ahead
    n = np.array([-d[1], d[0]]) * towards

    def at(along, across):
        return limb.end + (d * along + n * across) * s

    turn = math.atan2(d[1], d[0])
    palm = ellipse(at(0.022, 0), 0.024 * s, 0.0205 * s, turn)
    thumb = tube(np.array([at(0.012, 0.012), at(0.034, 0.026)]), np.array([0.009, 0.0065]) * s)

    def finger(a0, c0, a1, c1, r=0.0068):
        return tube(np.array([at(a0, c0), at(a1, c1)]), np.array([r, r * 0.85]) * s)

    pieces = [palm, *thumb]
    if kind == "fist":
        pieces = [
            ellipse(at(0.022, 0), 0.025 * s, 0.0235 * s, turn),
            ellipse(at(0.022, 0.015), 0.012 * s, 0.01 * s, turn),
        ]
    elif kind == "open":
        for k in (-0.6, -0.2, 0.2, 0.6):
            pieces += finger(0.03, k * 0.024, 0.07 - abs(k) * 0.012, k * 0.046)
    elif kind == "peace":
        pieces += finger(0.03, -0.004, 0.078, -0.019, 0.0075) + finger(0.03, 0.006, 0.078, 0.023, 0.0075)
    elif kind == "point":
        pieces += finger(0.03, 0.006, 0.08, 0.006, 0.0075)
    else:
        pieces.append(
            spline(
                np.array(
                    [
                        at(0.012, -0.019),
                        at(0.045, -0.02),
                        at(0.072, -0.008),
                        at(0.07, 0.006),
                        at(0.04, 0.016),
                        at(0.012, 0.017),
                    ]
                ),
                3,
            )
        )
    limb.canvas.part(pieces, colour, outline(colour), limb.w, shade(colour), 0.008 * s)


def draw_shoe(limb, toe, kind, colour, skin):
    """A foot from ankle towards toe (the picture point of a foot's length)."""
    s, heel = limb.s, limb.end
    d = toe - heel
    down = limb.ahead
    reach = float(np.linalg.norm(d)) / (0.085 * s)
    back = heel + down * 0.02 * s - d * 0.14
    front = heel + d * 0.92 + down * 0.016 * s
    ball = heel + d * 0.55 + down * 0.022 * s
    wide = 0.0255 + 0.006 * (1 - min(1.0, reach))
    if kind in ("none", "sandals"):
        pieces = tube(np.array([back, ball, front]), np.array([0.02, 0.0225, 0.0165]) * s)
        limb.canvas.part(pieces, skin, outline(skin), limb.w, shade(skin), 0.01 * s)
        if kind == "sandals":
            for k in (0.35, 0.75):
                p = back + (front - back) * k
                n = (
                    np.array([-(front - back)[1], (front - back)[0]])
                    / (np.linalg.norm(front - back) + 1e-9)
                    * 0.022
                    * s
                )
                limb.canvas.line([p - n, p + n], colour, 0.012 * s)
        return
    if kind == "boots":
        limb.cuffed(colour, 1.32, 2.0, 0.008)
    elif kind == "sneakers":
        limb.band(colour, 1.9, 2.0, 0.006)
    pieces = tube(np.array([back, ball, front]), np.array([0.0245, wide + 0.001, wide * 0.86]) * s)
    sole = np.array([0.0, 1.0]) if down[1] > 0.5 else down
    limb.canvas.part(pieces, colour, outline(colour), limb.w, shade(colour), 0.012 * s)
    if kind == "sneakers":
        pale = (250, 250, 252) if sum(colour) < 640 else (176, 182, 200)
        under = [p + sole * 0.018 * s for p in (back, ball, front)]
        limb.canvas.line(under, pale, 0.011 * s)
