"""The trunk: tops, skirts and what is worn on them."""

import math

import numpy as np

from starter.drawing.canvas import ellipse, hull, spline
from starter.drawing.outfits import tone
from starter.drawing.palette import GARMENT, WHITE, light, mix, outline, shade
from starter.drawing.trimmings import TRIMMINGS


class Trunk:
    """The torso's frame: t runs down the spine (0 neck, 1 hips), x to image right in parts of the height."""

    def __init__(self, canvas, body, who, outfit, width):
        self.canvas, self.body, self.who, self.outfit, self.w = canvas, body, who, outfit, width
        self.s = body.scale
        self.neck, self.hips = body.p(1), (body.p(8) + body.p(11)) / 2
        self.d = self.hips - self.neck
        n = np.linalg.norm(self.d) + 1e-9
        self.n = np.array([self.d[1], -self.d[0]]) / n
        yaw = math.radians(body.yaw)
        self.cy, self.sy = abs(math.cos(yaw)), abs(math.sin(yaw))
        self.front = math.sin(yaw)  # where the middle of the chest has moved
        self.main = tone("main", who)

    def at(self, t, x=0.0):
        return self.neck + self.d * t + self.n * x * self.s

    def mid(self, t, x=0.0):
        """A point on the front of the chest, x from its middle line."""
        return self.at(t, x * self.cy + self.front * 0.043 * min(1.0, 0.4 + t))

    def mids(self, points):
        return np.array([self.mid(t, x) for t, x in points])

    def half(self, t):
        """Half the width of the trunk at t."""
        b = self.body.build
        k = b.girth
        wide = np.interp(t, (0.0, 0.25, 0.62, 0.98, 1.2), (0.082, 0.074 * k, 0.064 * b.waist * k, 0.082 * k, 0.08 * k))
        deep = np.interp(t, (0.0, 0.25, 0.62, 0.98, 1.2), (0.046, 0.056 * k, 0.048 * k, 0.064 * k, 0.062 * k))
        return math.hypot(wide * self.cy, deep * self.sy)

    def shoulders(self):
        a, b = sorted((self.body.p(2), self.body.p(5)), key=lambda p: float(p @ self.n))
        pad, up = self.n * 0.02 * self.s, self.d * (0.021 * self.s / (np.linalg.norm(self.d) + 1e-9))
        return a - pad, b + pad, up

    def shape(self, hem, grow=0.0):
        a, b, up = self.shoulders()
        rows = [t for t in (0.26, 0.62, 0.98) if t < hem - 0.05] + [hem]
        left = [self.at(-0.1, -0.027), a - up * 0.6, a + up * 1.2] + [self.at(t, -self.half(t) - grow) for t in rows]
        right = [self.at(-0.1, 0.027), b - up * 0.6, b + up * 1.2] + [self.at(t, self.half(t) + grow) for t in rows]
        return spline(np.array([*left, self.at(hem + 0.03), *right[::-1]]), 4)

    def part(self, points, colour, **kw):
        self.canvas.part(points, colour, outline(colour), self.w, **kw)

    def patch(self, points, colour):
        self.part(np.asarray(points), colour, shade=shade(colour), depth=0.008 * self.s)

    # ---- garments
    def top(self):
        o = self.outfit
        colour = tone(o.top, self.who)
        inside = [] if self.body.behind else self.prints(colour)
        self.part(self.shape(o.hem), colour, shade=shade(colour), depth=0.024 * self.s, inside=inside)
        if not self.body.behind:
            for name in o.extras:
                draw = TRIMMINGS.get(name)
                if draw:
                    draw(self, colour)
        for name in o.extras:
            if name in _BELTS:
                self.belt(*_BELTS[name])

    def prints(self, colour):
        """Areas painted onto the cloth: (points, colour)."""
        e, m = self.outfit.extras, self.mids
        skin, out = self.who.skin_rgb, []
        if "neckline" in e:
            out.append((m([(-0.14, -0.042), (-0.14, 0.042), (0.06, 0.03), (0.12, 0), (0.06, -0.03)]), skin))
        if "band" in e:
            pale = WHITE if self.who.colour not in ("white", "yellow") else GARMENT["blue"]
            out.append(
                (np.array([self.at(0.32, -0.2), self.at(0.32, 0.2), self.at(0.44, 0.2), self.at(0.44, -0.2)]), pale)
            )
        if "dots" in e or "blossoms" in e:
            spot = light(colour, 0.6) if sum(colour) < 560 else mix(colour, (240, 110, 150), 0.7)
            grid = [(0.15, -0.05), (0.4, 0.03), (0.7, -0.03), (0.25, 0.055), (0.95, 0.045), (0.6, 0.06), (0.95, -0.06)]
            out += [(ellipse(self.at(t, x), 0.009 * self.s, 0.009 * self.s), spot) for t, x in grid]
        if "star" in e and self.who.side > 0:
            out.append(
                (
                    np.array(
                        [
                            self.mid(0.42 + r * 0.17 * -math.cos(a), r * 0.042 * math.sin(a))
                            for a, r in ((i * math.pi / 5, 1 if i % 2 == 0 else 0.42) for i in range(10))
                        ]
                    ),
                    WHITE if sum(colour) < 600 else GARMENT["red"],
                )
            )
        if "emblem" in e:
            out.append((m([(0.2, -0.035), (0.2, 0.035), (0.42, 0)]), tone("accent", self.who)))
        if "cross collar" in e:
            pale = WHITE if self.who.colour != "white" else GARMENT["gray"]
            out += [
                (m([(-0.14, -0.05), (-0.14, 0.05), (0.24, 0)]), pale),
                (m([(-0.14, -0.026), (-0.14, 0.026), (0.1, 0)]), skin),
                (m([(0.2, -0.012), (0.28, 0.0), (0.75, 0.05), (0.7, 0.062)]), shade(colour, 0.35)),
            ]
        if "lapels" in e:
            out += [
                (m([(-0.14, -0.04), (-0.14, 0.04), (0.46, 0)]), WHITE),
                (m([(0.44, -0.002), (0.44, 0.002), (1.3, 0.004), (1.3, -0.004)]), outline(colour)),
            ]
        return out

    def skirt(self, legs):
        """Cloth over both legs. legs: the two Limb objects."""
        o, s = self.outfit, self.s
        colour = tone(o.tone, self.who)
        waist_t = 0.66 if o.hem < 1 else 0.86
        waist = [self.at(waist_t, k * (self.half(waist_t) + 0.003)) for k in (-1, 1)]
        seat = [self.at(1.06, k * (self.half(1.0) + 0.012)) for k in (-1, 1)]
        lift = 0.05 * min(o.length, 1.0)
        hems = []
        for leg in legs:
            for t in (o.length,) if o.length < 1 else (0.6, 1.0, o.length):
                r = leg.radius(t) + (o.flare + 0.012) * s * (t / o.length)
                p = leg.at(t)
                hems.append(p + np.array([(-r, -lift * s), (r, -lift * s), (-r * 0.8, 0), (r * 0.8, 0)]))
        shape = hull(waist, seat, *hems)
        low = np.array([leg.at(o.length) for leg in legs])
        a, b = low[low[:, 0].argmin()], low[low[:, 0].argmax()]
        reach = 0.05 * s + (o.flare + 0.02) * s

        def edge(k):
            return a * (1 - k) + b * k + ((2 * k - 1) * reach, 0.02 * s)

        dark, inside = shade(colour, 0.34), []
        if o.length < 1.2 and "coat buttons" not in o.extras:
            for k in (0.16, 0.42, 0.68, 0.9):
                top_ = waist[0] * (1 - k) + waist[1] * k
                inside.append(
                    (
                        np.array(
                            [
                                top_,
                                edge(k) + np.array([0.012 * s, 0.05 * s]),
                                edge(k) + np.array([-0.014 * s, 0.05 * s]),
                            ]
                        ),
                        dark,
                    )
                )
        else:
            for k in (0.3, 0.72):
                top_ = waist[0] * (1 - k) + waist[1] * k
                inside.append(
                    (
                        np.array(
                            [
                                top_ * 0.6 + edge(k) * 0.4,
                                edge(k) + np.array([0.02 * s, 0.05 * s]),
                                edge(k) + np.array([-0.022 * s, 0.05 * s]),
                            ]
                        ),
                        dark,
                    )
                )
        if "sailor" in o.extras or "frill" in o.extras:
            band = [edge(k) - (0, (0.03 if "sailor" in o.extras else 0.045) * s) for k in (-0.2, 1.2)]
            inside.append(
                (
                    np.array([*band, band[1] + (0, 0.014 * s), band[0] + (0, 0.014 * s)]),
                    WHITE if self.who.colour != "white" else GARMENT["blue"],
                )
            )
        if "blossoms" in o.extras:
            spot = light(colour, 0.6) if sum(colour) < 560 else mix(colour, (240, 110, 150), 0.7)
            inside += [
                (
                    ellipse(waist[0] * (1 - k) * (1 - v) + waist[1] * k * (1 - v) + edge(k) * v, 0.012 * s, 0.012 * s),
                    spot,
                )
                for k, v in ((0.2, 0.5), (0.7, 0.35), (0.45, 0.75), (0.85, 0.85), (0.15, 0.9))
            ]
        self.part(shape, colour, shade=shade(colour), depth=0.03 * s, inside=inside)
        if "apron" in o.extras and not self.body.behind:
            k0, k1 = 0.2, 0.8
            drop = 0.78
            top_ = [waist[0] * (1 - k) + waist[1] * k for k in (k0, k1)]
            low_ = [top_[i] * (1 - drop) + edge(k) * drop for i, k in enumerate((k0 - 0.06, k1 + 0.06))]
            self.part(
                spline(np.array([top_[0], top_[1], low_[1], (low_[0] + low_[1]) / 2 + (0, 0.035 * s), low_[0]]), 3),
                WHITE,
                shade=shade(WHITE, 0.16),
                depth=0.02 * s,
            )

    def belt(self, t, high, role):
        colour = tone(role, self.who)
        a, b = self.half(t) + 0.004, self.half(t + high) + 0.004
        self.patch([self.at(t, -a), self.at(t, a), self.at(t + high, b), self.at(t + high, -b)], colour)
        if high < 0.2 and not self.body.behind:
            knot = self.mid(t + high / 2, 0.012)
            if role == "black":
                for x in (-0.03, 0.025):
                    self.patch(
                        [knot, knot + self.n * 0.014 * self.s, self.mid(t + 0.42, x + 0.02), self.mid(t + 0.42, x)],
                        colour,
                    )
            self.patch(ellipse(knot, 0.016 * self.s, 0.014 * self.s), light(colour, 0.3))


_BELTS = {
    "sash": (0.6, 0.13, "accent"),
    "belt": (0.76, 0.12, "brown"),
    "obi": (0.42, 0.34, "accent"),
    "black belt": (0.74, 0.12, "black"),
}
