"""Words that wake a LoRA, where its file tells them: they have to stay in a prompt."""

from __future__ import annotations

from collections.abc import Iterable

from studio.catalog.additions import find_lora
from studio.catalog.weights import read_header
from studio.errors import InvalidRequest, StudioError
from studio.prompts.syntax import loras
from studio.settings import Settings

PHRASE = "modelspec.trigger_phrase"
"""Where the model metadata specification keeps them, separated by commas."""
MOST, LONGEST = 12, 80


def of_prompt(settings: Settings, prompt: str, picked: Iterable[str] = ()) -> tuple[str, ...]:
    """Trigger words of the LoRAs that ``prompt`` names or that were ``picked``; what cannot be read has none."""
    names = dict.fromkeys([*picked, *_tagged(prompt)])
    words = (word for name in names for word in _words(settings, name))
    return tuple(dict.fromkeys(words))[:MOST]


def _tagged(prompt: str) -> list[str]:
    try:
        return [tag.name for tag in loras.extract(prompt)[1]]
    except InvalidRequest:  # lint tells of a malformed tag
        return []


def _words(settings: Settings, name: str) -> list[str]:
    try:
        path = find_lora(settings, name).path
        phrase = read_header(path).metadata.get(PHRASE, "") if path else ""
    except StudioError:
        return []
    return [word.strip() for word in phrase.split(",") if 0 < len(word.strip()) <= LONGEST]
