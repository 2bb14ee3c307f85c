"""The slots of the offline composer: what each holds, and what a surprise draws for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draw:
    """One thing a surprise takes, with a chance, out of these categories or of these texts."""

    categories: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    """Only these; some entries of a category are for people who know what they want, not for a surprise."""
    chance: float = 1.0


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot, with the categories of the library that belong into it."""

    title: str
    help: str
    categories: tuple[str, ...]
    draws: tuple[Draw, ...]


_OUTFITS = (
    "outfits-casual", "outfits-school", "outfits-sport", "outfits-formal", "outfits-seasonal", "outfits-traditional",
    "outfits-work", "outfits-fantasy", "outfits-sci-fi",
)  # fmt: skip

SLOTS: dict[str, Slot] = {
    "subject": Slot(
        "Subject",
        "Who is in the picture.",
        ("subjects", "ages-and-builds", "fantasy-races", "creatures", "together"),
        (Draw(texts=("1girl", "1boy")), Draw(texts=("solo",))),
    ),
    "look": Slot(
        "Look",
        "Hair, eyes, face and expression.",
        ("hair-colours", "hair-lengths", "hairstyles", "fringes", "eyes", "expressions", "gaze", "skin-and-marks"),
        (
            Draw(("hair-colours",)),
            Draw(("hairstyles", "hair-lengths")),
            Draw(("eyes",)),
            Draw(("expressions",)),
        ),
    ),
    "outfit": Slot(
        "Outfit",
        "Clothes, shoes and what is worn with them.",
        (*_OUTFITS, "garment-colours", "footwear", "headwear", "accessories"),
        (Draw(_OUTFITS), Draw(("accessories", "headwear"), chance=0.5)),
    ),
    "action": Slot(
        "Action",
        "What somebody does; the pose says how.",
        ("actions", "postures", "hands-and-gestures", "props", "weapons", "food-and-drink"),
        (Draw(("actions", "postures")),),
    ),
    "place": Slot(
        "Place",
        "Where it happens.",
        ("places-outdoors", "places-indoors", "backgrounds", "flowers-and-plants"),
        (Draw(("places-outdoors", "places-indoors")),),
    ),
    "light": Slot(
        "Light",
        "Time of day, season, weather and light.",
        ("time-of-day", "seasons", "sky-and-weather", "lighting", "effects"),
        (Draw(("time-of-day",)), Draw(("lighting",), chance=0.7)),
    ),
    "camera": Slot(
        "Camera",
        "How much is seen, and from where.",
        ("framing", "view-angles", "composition"),
        (Draw(texts=("full body", "cowboy shot", "upper body", "portrait")), Draw(("composition",), chance=0.5)),
    ),
    "style": Slot(
        "Style",
        "How it is drawn, and its colours.",
        ("studio-styles", "eras-and-genres", "media-and-techniques", "colour-moods"),
        (Draw(("studio-styles", "eras-and-genres", "media-and-techniques")), Draw(("colour-moods",), chance=0.3)),
    ),
    "quality": Slot("Quality", "Words that ask for a careful drawing.", ("quality",), ()),
}
"""In the order in which they stand in the prompt; a slot without draws is filled by the checkpoint's conventions."""
