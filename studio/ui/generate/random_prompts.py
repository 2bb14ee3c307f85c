"""The form's random prompts: what one click draws from them."""

from __future__ import annotations

import contextlib
import secrets
from functools import lru_cache

from studio.errors import UnknownName
from studio.gallery.templates import PromptTemplates
from studio.prompts.library import wildcards
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random import drawing
from studio.prompts.random.drawing import MAX_COMBINATIONS, Drawn
from studio.prompts.random.expansion import combinations, is_dynamic
from studio.request import MAX_SEED, GenerationRequest
from studio.settings import Settings
from studio.ui.generate.draft import Draft
from studio.ui.prompts import style as prompts_style


def is_random(draft: Draft) -> bool:
    """Whether chance, or the order of combinations, has a say in this form's prompts."""
    with contextlib.suppress(UnknownName):  # a style template that is gone is refused by what draws
        draft = prompts_style.worn(draft)
    return is_dynamic(draft.prompt) or is_dynamic(draft.negative_prompt)


def next_seed(draft: Draft) -> int:
    """The wildcard seed of the next click."""
    return draft.wildcard_seed if draft.wildcard_seed_locked else secrets.randbelow(MAX_SEED + 1)


def drawn(draft: Draft, settings: Settings, wildcard_seed: int | None = None) -> tuple[Drawn, ...]:
    """The prompts of one click; of the form's own wildcard seed where no other is given.

    Raises:
        InvalidRequest: a prompt, or a wildcard it names, is wrong. UnknownName: its style template is gone.
    """
    draft = prompts_style.worn(draft)
    seed = draft.wildcard_seed if wildcard_seed is None else wildcard_seed
    if not is_random(draft):
        # Neither seed nor wildcards matter, so nothing is looked up.
        return tuple(drawing.drawn(draft.prompt, draft.negative_prompt, seed, draft.count, Wildcards(())))
    known = _Known(wildcards.of_studio(settings))
    return _drawn(draft.prompt, draft.negative_prompt, seed, draft.count, draft.combine, known)


def most_combinations(count: int) -> int:
    """Combinations that one click may draw with ``count`` pictures of each."""
    return max(1, MAX_COMBINATIONS // count)


def has_more(draft: Draft, settings: Settings) -> bool:
    """Whether the prompt has more combinations than one click draws. Raises as :func:`drawn`."""
    draft, limit = prompts_style.worn(draft), most_combinations(draft.count)
    return len(_combinations(draft.prompt, limit + 1, _Known(wildcards.of_studio(settings)))) > limit


def note(templates: PromptTemplates, draft: Draft, requests: list[GenerationRequest], found: tuple[Drawn, ...]) -> None:
    """Remember from which templates ``requests`` were drawn."""
    draft = prompts_style.worn(draft)
    templates.note(
        zip(requests, (each.wildcard_seed for each in found), strict=True),
        draft.prompt if is_dynamic(draft.prompt) else "",
        draft.negative_prompt if is_dynamic(draft.negative_prompt) else "",
    )


class _Known:
    """Wildcards that are equal as long as their files stay as they are."""

    def __init__(self, found: Wildcards) -> None:
        self.wildcards = found
        self._state = found.state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Known) and other._state == self._state

    def __hash__(self) -> int:
        return hash(self._state)


@lru_cache(maxsize=32)
def _drawn(prompt: str, negative: str, seed: int, count: int, combine: bool, known: _Known) -> tuple[Drawn, ...]:
    limit = most_combinations(count)
    return tuple(drawing.drawn(prompt, negative, seed, count, known.wildcards, combine, limit))


@lru_cache(maxsize=32)
def _combinations(prompt: str, limit: int, known: _Known) -> tuple[str, ...]:
    return tuple(combinations(prompt, known.wildcards, limit))
