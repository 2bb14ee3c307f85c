"""Named colours (RGB, 0-255) and the shading rules of the cel look."""

GARMENT = {
    "red": (214, 48, 58),
    "blue": (52, 92, 206),
    "light blue": (128, 196, 244),
    "green": (54, 150, 84),
    "yellow": (248, 212, 72),
    "orange": (244, 140, 48),
    "pink": (248, 154, 190),
    "purple": (138, 80, 190),
    "white": (246, 246, 250),
    "black": (52, 50, 64),
    "gray": (146, 150, 160),
    "brown": (138, 92, 60),
    "teal": (40, 164, 164),
}
HAIR = {
    "black": (58, 54, 72),
    "brown": (126, 80, 52),
    "blonde": (250, 218, 120),
    "red": (200, 56, 50),
    "blue": (72, 112, 214),
    "light blue": (142, 206, 246),
    "pink": (248, 162, 196),
    "purple": (142, 92, 192),
    "silver": (212, 216, 228),
    "green": (84, 170, 104),
    "orange": (240, 142, 60),
}
EYES = {
    "blue": (50, 122, 236),
    "green": (44, 168, 92),
    "brown": (142, 86, 46),
    "red": (216, 48, 56),
    "purple": (146, 78, 206),
    "yellow": (232, 184, 40),
    "pink": (238, 104, 160),
}
SKIN = {"fair skin": (255, 232, 216), "": (252, 220, 196), "tan": (222, 168, 126), "dark skin": (158, 106, 76)}
SHOES = {
    "white": (246, 246, 250),
    "black": (58, 56, 68),
    "red": (206, 54, 60),
    "blue": (60, 96, 196),
    "brown": (124, 82, 54),
}
WHITE = GARMENT["white"]
DARK = (52, 36, 56)


def mix(a, b, k):
    """a towards b by k in 0..1."""
    return tuple(int(x + (y - x) * k) for x, y in zip(a, b, strict=True))


def shade(c, k=0.26):
    """The shadow tone: darker, and a little towards violet."""
    return mix(c, (70, 40, 110), k)


def light(c, k=0.4):
    return mix(c, (255, 255, 255), k)


def outline(c):
    """Coloured line art: the fill's own hue, much darker."""
    return mix(tuple(int(v * 0.36) for v in c), DARK, 0.4)
