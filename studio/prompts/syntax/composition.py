"""Several prompts in one: ``a castle AND a storm :1.4`` pulls the picture towards each of them (A1111's composable
diffusion, after Liu et al. 2022: every part adds ``weight × guidance × (conditional − unconditional)``)."""

from __future__ import annotations

import re

_AND = re.compile(r"\bAND\b")
_WEIGHT = re.compile(r"\s*:\s*([-+]?(?:\d+\.?|\d*\.\d+))\s*$")


def parts(prompt: str) -> list[tuple[str, float]]:
    """The prompts joined by ``AND``, each with its weight (1 where none is written). Always at least one.

    A prompt without ``AND`` is left as it is. (A1111 reads a weight there too, so that "screen ratio 16:9" multiplies
    the guidance by nine; its manual knows weights only beside ``AND``.)
    """
    texts = _AND.split(prompt)
    return [_part(text) for text in texts] if len(texts) > 1 else [(prompt, 1.0)]


def _part(text: str) -> tuple[str, float]:
    found = _WEIGHT.search(text)
    return (text[: found.start()], float(found[1])) if found else (text, 1.0)
