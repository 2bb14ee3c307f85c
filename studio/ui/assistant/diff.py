"""A difference as HTML: every word escaped, marked by tag and sign and not by colour alone. Pure text."""

from __future__ import annotations

import html

from studio.assistant.differences import Difference, Kind, Part
from studio.assistant.proposal import Change
from studio.assistant.protection import contains

LEGEND = (
    '<p class="studio-diff-legend"><ins>added</ins> <del>removed</del> kept '
    '<b class="held">stays, locked</b> <ins class="taken">accepted</ins></p>'
)
_TAGS: dict[Kind, str] = {"added": "ins", "removed": "del"}


def flowing(difference: Difference, accepted: frozenset[int]) -> str:
    """The whole prompt as running text, with what is added, removed, accepted and locked."""
    marked = (_marked(part, number in accepted) for number, part in enumerate(difference.parts))
    return f'<p class="studio-diff">{", ".join(text for text in marked if text)}</p>'


def row(part: Part, reason: str = "") -> str:
    """One part by itself, with the reason the model gives for it."""
    why = f' <span class="why">{_escaped(reason)}</span>' if reason else ""
    return f'<p class="studio-diff-part">{_words(part)}{why}</p>'


def told(part: Part) -> str:
    """What accepting ``part`` does, for those who hear the page."""
    if part.kind == "added":
        return f"Adds {part.new}"
    return f"Removes {part.old}" if part.kind == "removed" else f"{part.old} becomes {part.new}"


def reason_for(part: Part, changes: tuple[Change, ...]) -> str:
    """The reason of the change that speaks of this part; empty: none does."""
    texts = [text for text in (part.new, part.old) if text]
    for change in changes:
        if change.what and any(contains(text, change.what) or contains(change.what, text) for text in texts):
            return change.reason
    return ""


def other_reasons(difference: Difference, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The reasons that speak of no part in particular."""
    told = {reason_for(part, changes) for part in difference.parts if part.open}
    return tuple(change for change in changes if (change.reason or change.what) and change.reason not in told)


def _marked(part: Part, accepted: bool) -> str:
    if part.locked:
        return f'<b class="held" title="Stays: locked">{_escaped(part.old)}</b>' if part.old else ""
    if accepted:
        return f'<ins class="taken" title="Accepted">{_escaped(part.new)}</ins>' if part.new else ""
    return _words(part)


def _words(part: Part) -> str:
    return "".join(_word(kind, text) for kind, text in part.words)


def _word(kind: Kind, text: str) -> str:
    tag = _TAGS.get(kind)
    return f"<{tag}>{_escaped(text)}</{tag}>" if tag else _escaped(text)


def _escaped(text: str) -> str:
    return html.escape(text)
