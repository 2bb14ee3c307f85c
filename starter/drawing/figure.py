"""One character, drawn from back to front on a canvas."""

from dataclasses import dataclass

import numpy as np

from starter.drawing import accessories, props
from starter.drawing.face import Head, draw_face, draw_neck, line_width
from starter.drawing.garments import Trunk
from starter.drawing.hair import LONG, Hair
from starter.drawing.limbs import Limb, draw_hand, draw_shoe
from starter.drawing.outfits import OUTFITS, shoe_rgb, tone
from starter.drawing.palette import GARMENT, HAIR, SKIN, WHITE
from starter.drawing.trimmings import draw_cape, draw_pauldron


@dataclass(frozen=True)
class Character:
    """Everything about a figure except its pose. Lengths in head units (half the width of the skull)."""

    girl: bool = True
    hair: str = "brown"
    style: str = "long hair"
    fringe: str = "swept bangs"
    length: float = 3.4
    volume: float = 0.0
    sway: float = 0.0
    side: int = 1
    ahoge: bool = False
    ribbon: str = "red"
    eyes: str = "blue"
    skin: str = ""
    expression: str = "smile"
    outfit: str = "dress"
    colour: str = "blue"
    shoes: str = "white"
    accessory: str = ""

    @property
    def hair_rgb(self):
        return HAIR[self.hair]

    @property
    def skin_rgb(self):
        return SKIN[self.skin]

    @property
    def ribbon_rgb(self):
        return GARMENT[self.ribbon]

    @property
    def long_hair(self):
        return self.style in LONG

    @property
    def outfit_extras(self):
        return OUTFITS[self.outfit].extras

    @property
    def wink_side(self):
        return self.side


class Figure:
    """Draws a Character on a projected Body."""

    def __init__(self, canvas, body, who, pose):
        self.c, self.body, self.who, self.pose = canvas, body, who, pose
        self.outfit = OUTFITS[who.outfit]
        self.w = line_width(body)
        self.head = Head(body)
        self.hair = Hair(canvas, self.head, body, who)
        self.trunk = Trunk(canvas, body, who, self.outfit, self.w)
        self.arms = {s: Limb(canvas, body, j, self.w) for s, j in ((0, (2, 3, 4)), (1, (5, 6, 7)))}
        self.legs = {s: Limb(canvas, body, j, self.w) for s, j in ((0, (8, 9, 10)), (1, (11, 12, 13)))}

    def draw(self):
        far, near, raised = self._order_arms()
        behind = self.body.behind
        if not behind:
            self.hair.back()
            accessories.behind_head(self.c, self.head, self.who, self.w)
            if "cape" in self.outfit.extras:
                draw_cape(self.trunk, tone("accent", self.who), self.who.sway)
        if self.pose.ground == "seat":
            props.draw_seat(self.c, self.body, self.w)
        for s in far:
            self.arm(s, joined=False)
        for s in sorted(
            (0, 1), key=lambda s: self.body.at[9 if s == 0 else 12, 2] + self.body.at[10 if s == 0 else 13, 2]
        ):
            self.leg(s)
        draw_neck(self.c, self.body, self.who.skin_rgb)
        self.trunk.top()
        if self.outfit.bottom == "skirt":
            self.trunk.skirt(list(self.legs.values()))
        if behind and "cape" in self.outfit.extras:
            draw_cape(self.trunk, tone("accent", self.who), self.who.sway)
        for s in near:
            self.arm(s)
        self.draw_head()
        for s in raised:
            self.arm(s)
        if self.pose.prop and not behind:
            props.draw_prop(self.c, self.body, self.pose.prop, self.w)

    def _order_arms(self):
        """Arms behind the trunk, before it, and before the head too."""
        far, near, raised = [], [], []
        base = self.body.at[1, 2]
        for s in (0, 1):
            shoulder, elbow, wrist = (2, 3, 4) if s == 0 else (5, 6, 7)
            depth = self.body.at[[shoulder, elbow, wrist], 2].mean() - base
            if depth < -0.012 * self.body.scale:
                far.append((depth, s))
            elif self.body.at[wrist, 1] < self.body.at[1, 1] and self.body.at[wrist, 2] > base:
                raised.append((depth, s))
            else:
                near.append((depth, s))
        return [[s for _, s in sorted(v)] for v in (far, near, raised)]

    def draw_head(self):
        if self.body.behind:
            accessories.behind_head(self.c, self.head, self.who, self.w)
            self.hair.from_behind()
            return
        draw_face(self.c, self.head, self.body, self.who)
        if self.who.accessory == "glasses":
            accessories.glasses(self.c, self.head, self.w)
        self.hair.front()
        accessories.tail_ribbons(self.c, self.head, self.who, self.w, self.hair.side)
        accessories.on_head(self.c, self.head, self.who, self.w)

    def arm(self, s, joined=True):
        limb, o, skin = self.arms[s], self.outfit, self.who.skin_rgb
        colour = tone(o.sleeve_tone or o.top, self.who)
        glove = (
            WHITE
            if "gloves" in o.extras and o.sleeve == "puff"
            else tone("accent", self.who)
            if "gloves" in o.extras
            else None
        )
        if o.sleeve in ("none", "short", "puff"):
            limb.band(skin, 0.0, 2.0)
        if o.sleeve == "wide":
            draw_hand(limb, self.pose.hands[s], skin, self._thumb(s))
            limb.wide_sleeve(colour)
            if joined:
                limb.join(colour, self.trunk.at(0.35))
            return
        draw_hand(limb, self.pose.hands[s], glove or skin, self._thumb(s))
        if o.sleeve == "long":
            limb.cuffed(colour, 0.0, 1.97, 0.0045, 0.003)
        elif o.sleeve == "short":
            limb.cuffed(colour, 0.0, 0.62, 0.007, 0.006)
        elif o.sleeve == "puff":
            limb.band(colour, 0.02, 0.42, 0.014)
        if joined and o.sleeve in ("long", "short") and not o.sleeve_tone:
            limb.join(colour, self.trunk.at(0.35))
        if glove:
            limb.cuffed(glove, 1.3 if o.sleeve == "puff" else 1.5, 1.98, 0.006)
        if "stripes" in o.extras:
            self.c.line(
                limb.mid, WHITE if self.who.colour not in ("white", "yellow") else GARMENT["black"], 0.012 * limb.s
            )
        if "wraps" in o.extras:
            limb.band(
                tone("black", self.who) if self.who.colour != "black" else tone("gray", self.who), 1.35, 1.9, 0.004
            )
        if "pauldrons" in o.extras:
            draw_pauldron(limb, GARMENT[self.who.colour])

    def _thumb(self, s):
        """The side of the thumb: towards the head for raised hands, inwards otherwise."""
        limb = self.arms[s]
        n = np.array([-limb.ahead[1], limb.ahead[0]])
        goal = self.body.p(1) - limb.end
        return 1 if n @ goal >= 0 else -1

    def leg(self, s):
        limb, o, skin = self.legs[s], self.outfit, self.who.skin_rgb
        toe = self.body.toes[s, :2]
        cloth = tone(o.tone, self.who)
        covered = o.bottom == "pants"
        if not covered:
            limb.band(skin, 0.0, 2.0)
            if o.legs == "tights":
                limb.band((66, 60, 76), 0.0, 2.0)
            elif o.legs in ("socks", "thighhighs"):
                pale = o.legs == "socks" and self.who.side > 0
                limb.cuffed(WHITE if pale else (62, 58, 72), 0.62 if o.legs == "thighhighs" else 1.22, 2.0, 0.002)
        draw_shoe(limb, toe, o.shoe, shoe_rgb(self.who), skin)
        if covered:
            tucked = o.shoe == "boots"
            if tucked:
                limb.band(cloth, 0.0, 1.42, 0.004)
                limb.cuffed(shoe_rgb(self.who), 1.3, 2.0, 0.009)
            else:
                limb.cuffed(cloth, 0.0, 1.95, 0.004, 0.005)
            if "stripes" in o.extras:
                out = np.array([1.0 if limb.root[0] > self.trunk.hips[0] else -1.0, 0]) * 0.026 * limb.s
                self.c.line(
                    [limb.root + out, limb.joint + out * 0.8, limb.end + out * 0.4],
                    WHITE if self.who.colour not in ("white", "yellow") else GARMENT["black"],
                    0.014 * limb.s,
                )
        elif o.bottom == "shorts":
            limb.cuffed(cloth, 0.0, 0.6, 0.008, 0.008)
