"""Hair in front of the face: fringe, side locks and crown; and all of it seen from behind."""

import math

import numpy as np

from starter.drawing.canvas import leaf
from starter.drawing.manes import LONG, STYLES, Mane, blade

__all__ = ["FRINGES", "LONG", "STYLES", "Hair"]

FRINGES = ("swept bangs", "parted bangs", "blunt bangs", "messy bangs")

# Tips of the fringe from image right to left as (x, y) and the height of the gap after each.
_TIPS = {
    "swept bangs": (
        [(0.80, 0.10), (0.50, -0.10), (0.02, -0.06), (-0.36, -0.02), (-0.78, 0.12)],
        (-0.36, -0.62, -0.34, -0.32),
    ),
    "parted bangs": ([(0.84, 0.30), (0.62, 0.00), (-0.62, 0.00), (-0.84, 0.30)], (-0.22, -0.74, -0.22)),
    "blunt bangs": (
        [(0.86, 0.02), (0.52, -0.07), (0.18, -0.09), (-0.18, -0.09), (-0.52, -0.07), (-0.86, 0.02)],
        (-0.2, -0.19, -0.19, -0.19, -0.2),
    ),
    "messy bangs": (
        [(0.82, 0.16), (0.44, -0.1), (0.08, 0.06), (-0.34, -0.14), (-0.78, 0.18)],
        (-0.38, -0.42, -0.4, -0.4),
    ),
}


class Hair(Mane):
    """All of the hair of one head. who gives style, fringe, colour, length, sway and side."""

    # ---- in front of the face
    def front(self):
        for s in (-1, 1):
            self.side_lock(s)
        if self.who.style in ("braid", "twin braids"):
            for s in (self.side,) if self.who.style == "braid" else (-1, 1):
                self.braid(s)
        if self.who.style == "spiky hair":
            self.spikes()
        self.crown()

    def side_lock(self, s):
        style, far = self.who.style, max(0.0, s * self.h.turn)
        low = {"hime cut": 0.95, "short hair": 0.42, "spiky hair": 0.35, "hair bun": 0.75, "bob cut": 1.02}.get(
            style, 1.12
        )
        wide = 0.21 if style != "hime cut" else 0.24
        x = s * (1 - 0.06 * far) + self.h.turn * 0.1
        if style == "hime cut":
            block = [(x * 0.98, -0.4), (x * 1.06, low), (x * 0.72, low + 0.02), (x * 0.76, -0.3)]
            self.solid(self.h.offs(block), depth=0.06)
            return
        root, bend, tip = (
            self.h.off(x * 0.9, -0.5),
            self.h.off(x * (1.17 if self.who.long_hair else 1.06), low * 0.45),
            self.h.fall(x * 0.9, low, self.sway),
        )
        self.solid(leaf(root, bend, tip, wide * self.h.r), depth=0.07)

    def fringe(self):
        """Lower edge of the fringe, image right to left, in picture points."""
        tips, gaps = _TIPS[self.who.fringe]
        if self.who.side < 0:
            tips, gaps = [(-x, y) for x, y in tips[::-1]], gaps[::-1]
        edge = []
        for i, (x, y) in enumerate(tips):
            edge.append((x, y))
            if i < len(gaps):
                nx, ny = tips[i + 1]
                gx = (x + nx) / 2
                edge += [
                    ((x * 0.35 + gx * 0.65), (y + gaps[i]) / 2 - 0.02),
                    (gx, gaps[i]),
                    (nx * 0.45 + gx * 0.55, (ny + gaps[i]) / 2 + 0.02),
                ]
        return edge

    def crown(self):
        h, edge = self.h, self.fringe()
        a = np.radians(np.linspace(-104, 104, 17))
        top = 1.19 + self.who.volume
        outer = h.offs(np.stack([np.sin(a) * 1.07, -np.cos(a) * top - 0.02 + 0.06 * np.abs(np.sin(a))], 1))
        inner = h.ons(edge)
        shape = np.vstack([outer, h.offs([(0.99, 0.3)]), inner, h.offs([(-0.99, 0.3)])])
        self.solid(shape, depth=0.13, inside=[(self.gloss(), self.lite)])
        crest = h.on(0.12 * self.who.side, -0.98)
        gaps = edge[2::4]
        for x, y in gaps:
            low = h.on(x, y)
            self.strand([low, low * 0.62 + crest * 0.38 + (h.right * x * 0.12) * h.r], 0.9)
        if self.who.fringe != "blunt bangs" and self.who.ahoge:
            s = self.who.side
            self.solid(
                leaf(h.off(0.05 * s, -1.12), h.off(0.1 * s, -1.62), h.off(0.62 * s, -1.42), 0.08 * h.r), depth=0.0
            )

    def gloss(self):
        """The ring of light on the crown: a band with a ragged lower edge."""
        x = np.linspace(-0.72, 0.5, 9)
        y = -0.6 - 0.2 * np.sqrt(1 - x * x)
        low = np.array([0.05, 0.16, 0.08, 0.18, 0.08, 0.17, 0.08, 0.14, 0.03])
        return np.array(
            [self.h.on(*p) for p in np.vstack([np.stack([x, y - 0.02], 1), np.stack([x, y + low], 1)[::-1]])]
        )

    def spikes(self):
        h, s = self.h, self.who.side
        for a in (-98, -72, -46, -20, 8, 34, 60, 86, 104):
            r = 1.5 + 0.14 * math.sin(a * 3.1 + self.who.length * 5)

            def at(deg, k):
                return h.off(math.sin(math.radians(deg)) * k * 0.98, -math.cos(math.radians(deg)) * k)

            self.solid(
                np.array([at(a - 19, 0.95), at(a - 13, 1.12), at(a + 13 * s, r), at(a + 15, 1.08), at(a + 19, 0.95)]),
                depth=0.08,
            )

    # ---- seen from behind
    def from_behind(self):
        """All of the hair over the body, for a figure that shows its back."""
        h, style = self.h, self.who.style
        a = np.radians(np.linspace(0, 360, 24, endpoint=False))
        skull = h.offs(np.stack([np.sin(a) * 1.07, -np.cos(a) * 1.16 + 0.02], 1))
        if style == "spiky hair":
            self.spikes()
        if style in ("hair bun", "double bun", "twintails", "side ponytail"):
            self.buns() if "bun" in style else [
                self.tail(s, False) for s in ((-1, 1) if style == "twintails" else (self.side,))
            ]
        if style in ("long hair", "wavy hair", "hime cut", "medium hair"):
            self.mane(1.08, self.who.length, self.base, -0.3)
            self.c.part(skull, self.base, None, inside=[(self.gloss(), self.lite)])
        else:
            low = 1.12 if style == "bob cut" else 0.92
            cap = np.vstack(
                [
                    skull[:7],
                    h.offs(
                        [
                            (0.98, 0.5),
                            (0.8, low),
                            (0.5, low * 0.9),
                            (0.2, low * 1.05),
                            (-0.15, low * 0.9),
                            (-0.5, low * 1.02),
                            (-0.82, low * 0.92),
                            (-0.98, 0.5),
                        ]
                    ),
                    skull[18:],
                ]
            )
            self.solid(cap, inside=[(self.gloss(), self.lite)])
        if style == "ponytail":
            path = h.falls(
                [(0, -0.55), (0.1 * self.side, 0.3), (0.16 * self.side, 1.2), (0.05, self.who.length)], self.sway
            )
            self.solid(blade(path, np.array([0.18, 0.42, 0.4, 0.03]) * h.r))
        elif style in ("braid", "twin braids"):
            for s in (0.2 * self.side,) if style == "braid" else (-1, 1):
                self.braid(s)
