"""A library of a few entries, and what lint says with it."""

from __future__ import annotations

from typing import Any

from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.lint.case import Surroundings
from studio.prompts.lint.findings import Finding
from studio.prompts.lint.rules import lint


def entry(text: str, category: str = "tags", **known: Any) -> Entry:
    name = "".join(letter if letter.isalnum() else "-" for letter in text)
    return Entry(id=name, text=text, title=text.capitalize(), category=category, **known)


LIBRARY = Library(
    [
        entry("1girl", group="number of girls", count=1, aliases=("a girl",)),
        entry("2girls", group="number of girls", count=2, conflicts=("solo",), aliases=("two girls",)),
        entry("6+girls", group="number of girls", count=6),
        entry("1boy", group="number of boys", count=1),
        entry("solo", conflicts=("2girls",)),
        entry("day", group="time of day"),
        entry("night", group="time of day"),
        entry("blonde hair", group="hair colour", aliases=("golden hair",)),
        entry("blue hair", group="hair colour"),
        entry("light blue hair", group="hair colour"),
        entry("multicolored hair"),
        entry("smile", conflicts=("frown",)),
        entry("gentle smile", implies=("smile",)),
        entry("tender smile", implies=("gentle smile",)),
        entry("frown"),
        entry("indoors", conflicts=("outdoors",)),
        entry("outdoors"),
        entry("tatami", implies=("indoors",)),
        entry("garden", implies=("outdoors",)),
        entry("high ponytail", aliases=("ポニーテール",), implies=("ponytail",)),
        entry("score_9", "quality", families=("sdxl",)),
        entry("masterpiece", "quality", families=("sd15",)),
        entry("bad hands", "negatives", problem="hands"),
        entry("extra fingers, missing fingers", "negatives", problem="hands", families=("sd15",)),
        entry("six fingers", "negatives", problem="hands", families=("sdxl",)),
        entry("bad anatomy", "negatives", problem="anatomy"),
        entry("lowres", "negatives", problem="quality"),
        entry("signature \\(text\\)", "negatives", problem="text"),
    ]
)


def around(**known: Any) -> Surroundings:
    return Surroundings(**{"library": LIBRARY, "negative_counts": False, **known})


def findings(kind: str, prompt: str, negative_prompt: str = "", **known: Any) -> list[Finding]:
    """What is found of one kind."""
    return [found for found in lint(prompt, negative_prompt, around(**known)) if found.kind == kind]
