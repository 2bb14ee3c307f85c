"""What there is to wear: eighteen outfits as plain data. Garment shapes are in garments.py."""

from dataclasses import dataclass

from starter.drawing.palette import GARMENT, SHOES, mix, shade

TONES = {
    "white": (246, 246, 250),
    "black": (52, 50, 64),
    "navy": (50, 62, 110),
    "denim": (84, 116, 176),
    "gray": (150, 154, 166),
    "steel": (196, 204, 218),
    "cream": (244, 232, 208),
    "brown": (128, 88, 58),
}


@dataclass(frozen=True)
class Outfit:
    """One outfit. Colours are roles: main (the named colour), deep (its shade), accent, or a key of TONES."""

    words: tuple  # how captions call it
    who: str = "any"  # any, girl, boy
    top: str = "main"
    sleeve: str = "long"  # none, short, puff, long, wide
    sleeve_tone: str = ""  # default: the top's
    hem: float = 1.08  # lower edge of the top, 1 = hips
    bottom: str = "pants"  # pants, shorts, skirt
    tone: str = "main"  # of the bottom
    length: float = 0.5  # of a skirt: 1 = knee, 2 = ankle
    flare: float = 0.05  # of a skirt, parts of the height
    legs: str = "bare"  # bare, socks, thighhighs, tights
    shoe: str = "sneakers"  # sneakers, loafers, boots, sandals, none
    extras: tuple = ()
    named: str = "trunk"  # where the named colour is to be found: trunk or bottom


OUTFITS = {
    "sailor uniform": Outfit(
        ("school uniform", "sailor uniform", "serafuku"),
        "girl",
        "white",
        "short",
        hem=1.0,
        bottom="skirt",
        length=0.62,
        flare=0.045,
        legs="socks",
        shoe="loafers",
        extras=("sailor",),
        named="bottom",
    ),
    "gakuran": Outfit(
        ("school uniform", "gakuran", "student uniform"),
        "boy",
        shoe="loafers",
        extras=("buttons", "high collar"),
        hem=1.14,
    ),
    "blazer": Outfit(
        ("blazer", "school blazer", "blazer uniform"),
        tone="gray",
        bottom="skirt",
        length=0.6,
        flare=0.04,
        legs="socks",
        shoe="loafers",
        extras=("lapels", "tie"),
        hem=1.14,
    ),
    "dress": Outfit(
        ("dress", "sundress", "summer dress"),
        "girl",
        sleeve="none",
        hem=0.9,
        bottom="skirt",
        length=0.85,
        flare=0.075,
        shoe="sandals",
        extras=("sash", "neckline"),
    ),
    "hoodie": Outfit(
        ("hoodie", "hooded sweatshirt", "hooded jacket"),
        hem=1.16,
        bottom="shorts",
        tone="denim",
        extras=("hood", "pocket"),
    ),
    "t-shirt": Outfit(
        ("t-shirt", "shirt", "tee"),
        sleeve="short",
        hem=1.08,
        bottom="shorts",
        tone="denim",
        extras=("neckline", "star"),
    ),
    "tracksuit": Outfit(("tracksuit", "track suit", "jersey"), hem=1.1, extras=("zip", "stripes", "high collar")),
    "sports outfit": Outfit(
        ("sports outfit", "sportswear", "running outfit", "tank top and shorts"),
        sleeve="none",
        hem=0.98,
        bottom="shorts",
        tone="deep",
        extras=("band", "neckline"),
    ),
    "kimono": Outfit(
        ("kimono", "yukata", "japanese clothes"),
        "girl",
        sleeve="wide",
        hem=0.95,
        bottom="skirt",
        length=1.82,
        flare=0.012,
        shoe="sandals",
        extras=("cross collar", "obi", "blossoms"),
    ),
    "ninja outfit": Outfit(
        ("ninja outfit", "ninja clothes", "shinobi outfit"),
        tone="main",
        sleeve="long",
        legs="bare",
        shoe="boots",
        extras=("cross collar", "belt", "scarf", "wraps"),
    ),
    "armor": Outfit(
        ("armor", "knight armor", "plate armor"),
        sleeve_tone="steel",
        tone="steel",
        shoe="boots",
        hem=1.05,
        extras=("plate", "pauldrons", "tassets"),
    ),
    "mage robe": Outfit(
        ("mage robe", "wizard robe", "witch robe"),
        sleeve="wide",
        hem=0.95,
        bottom="skirt",
        length=1.75,
        flare=0.055,
        shoe="boots",
        extras=("cross collar", "belt", "hat"),
    ),
    "maid dress": Outfit(
        ("maid dress", "maid outfit", "maid uniform"),
        "girl",
        sleeve="puff",
        hem=0.92,
        bottom="skirt",
        length=0.8,
        flare=0.075,
        legs="thighhighs",
        shoe="loafers",
        extras=("apron", "bow", "headdress"),
    ),
    "suit": Outfit(("suit", "business suit", "formal suit"), shoe="loafers", extras=("lapels", "tie"), hem=1.16),
    "coat": Outfit(
        ("coat", "winter coat", "long coat"),
        hem=0.98,
        bottom="skirt",
        length=0.75,
        flare=0.03,
        legs="tights",
        shoe="boots",
        extras=("coat buttons", "muffler"),
    ),
    "sweater": Outfit(
        ("sweater", "knit sweater", "pullover"),
        hem=1.1,
        bottom="skirt",
        tone="brown",
        length=0.55,
        flare=0.045,
        legs="tights",
        shoe="loafers",
        extras=("turtleneck",),
    ),
    "gown": Outfit(
        ("ball gown", "princess dress", "evening gown"),
        "girl",
        sleeve="puff",
        hem=0.85,
        bottom="skirt",
        length=1.9,
        flare=0.1,
        shoe="loafers",
        extras=("bow", "gloves", "frill", "tiara"),
    ),
    "karate gi": Outfit(
        ("karate gi", "dougi", "martial arts uniform"),
        sleeve="long",
        hem=1.22,
        shoe="none",
        extras=("cross collar", "black belt"),
    ),
    "hero suit": Outfit(
        ("hero suit", "superhero costume", "hero costume"), shoe="boots", extras=("cape", "belt", "emblem", "gloves")
    ),
    "pajamas": Outfit(("pajamas", "pyjamas", "sleepwear"), hem=1.16, shoe="none", extras=("buttons", "dots")),
}

_CONTRAST = {
    "red": "white",
    "blue": "yellow",
    "light blue": "white",
    "green": "yellow",
    "yellow": "red",
    "orange": "blue",
    "pink": "purple",
    "purple": "yellow",
    "white": "red",
    "black": "red",
    "gray": "blue",
    "brown": "teal",
    "teal": "orange",
}


def tone(role, who):
    """RGB of a colour role for who (colour, accent)."""
    main = GARMENT[who.colour]
    if role == "main":
        return main
    if role == "deep":
        return mix(shade(main, 0.3), (40, 40, 60), 0.1)
    if role == "accent":
        return GARMENT[_CONTRAST[who.colour]]
    return TONES[role]


def shoe_rgb(who):
    return SHOES[who.shoes]


def wearable(girl):
    return [k for k, o in OUTFITS.items() if o.who in ("any", "girl" if girl else "boy")]
