"""From what a model said to a proposal: tolerant of everything around and in the JSON, strict about what it means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import json_repair

from studio.assistant.failures import AnswerUnusable
from studio.assistant.proposal import Alternative, Change, Proposal
from studio.assistant.ranges import fitting
from studio.errors import StudioError
from studio.poses import library as poses

MAX_PROMPT, MAX_NOTE, MAX_PARTS = 4000, 2000, 24
_THOUGHTS = re.compile(r"<(think|thinking|thought|reasoning)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCED = re.compile(r"```[\w-]*\s*\n(.*?)(?:```|\Z)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_REPAIRABLE, _BRACES = 50_000, 200
"""Characters and braces of damaged JSON that are worth mending: the time grows with the square of the braces."""
_NAMES = {
    "prompt": ("prompt", "positive_prompt", "positive", "improved_prompt"),
    "negative_prompt": ("negative_prompt", "negative"),
    "note": ("note", "message", "explanation", "comment"),
    "alternatives": ("alternatives", "variations"),
}
"""What models call the fields instead."""


def proposal_of(text: str) -> Proposal:
    """The proposal in a model's answer.

    Raises:
        AnswerUnusable: there is none; ``raw`` is ``text``.
    """
    fields = _fields(text)
    alternatives = tuple(_alternatives(_get(fields, "alternatives")))
    prompt = _prompt(_get(fields, "prompt"))
    if not prompt and alternatives:
        prompt = alternatives[0].prompt
    if not prompt:
        raise AnswerUnusable(raw=text)
    negative = _get(fields, "negative_prompt")
    return Proposal(
        prompt=prompt,
        negative_prompt=_prompt(negative) if isinstance(negative, str) else None,
        note=_line(_get(fields, "note"), MAX_NOTE),
        settings=fitting(fields.get("settings")),
        pose=_pose(fields.get("pose")),
        changes=tuple(_changes(fields.get("changes"))),
        alternatives=alternatives,
    )


def so_far(text: str) -> tuple[str, str]:
    """Note and prompt as far as they have come in an unfinished answer: what a person sees while it is written."""
    body = _THOUGHTS.sub("", text)
    start = body.find("{")
    fields = _repaired(body[start:], unfinished=True) if start >= 0 else None
    if not isinstance(fields, dict):
        return "", ""
    return _line(_get(fields, "note"), MAX_NOTE), _prompt(_get(fields, "prompt"))


def _fields(text: str) -> dict[str, Any]:
    """The JSON object in ``text`` that looks most like an answer."""
    for candidate in _candidates(text):
        for read in (_exact, _repaired):
            found = read(candidate)
            if isinstance(found, list) and len(found) == 1:
                found = found[0]
            if isinstance(found, dict) and any(_get(found, name) for name in ("prompt", "alternatives")):
                return found
    raise AnswerUnusable(raw=text)


def _candidates(text: str) -> Iterable[str]:
    body = _THOUGHTS.sub("", text)
    yield from (found[1] for found in _FENCED.finditer(body) if "{" in found[1])
    start, end = body.find("{"), body.rfind("}")
    if start >= 0:
        yield body[start : end + 1 if end > start else None]
        yield body[start:]


def _exact(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _repaired(text: str, unfinished: bool = False) -> object:
    if len(text) > _REPAIRABLE or text.count("{") > _BRACES:
        return None
    try:
        return json_repair.loads(text, skip_json_loads=True, stream_stable=unfinished)
    except (ValueError, RecursionError):
        return None


def _get(fields: Mapping[str, Any], name: str) -> Any:
    return next((fields[other] for other in _NAMES[name] if fields.get(other) is not None), None)


def _alternatives(found: object) -> Iterable[Alternative]:
    for item in found[:MAX_PARTS] if isinstance(found, list) else ():
        fields = item if isinstance(item, dict) else {"prompt": item}
        if prompt := _prompt(_get(fields, "prompt")):
            yield Alternative(prompt=prompt, reason=_line(fields.get("reason")))


def _changes(found: object) -> Iterable[Change]:
    for item in found[:MAX_PARTS] if isinstance(found, list) else ():
        fields = item if isinstance(item, dict) else {"reason": item}
        change = Change(what=_line(fields.get("what")), reason=_line(fields.get("reason")))
        if change.what or change.reason:
            yield change


def _pose(value: object) -> str | None:
    try:
        return poses.checked(value.strip()) if isinstance(value, str) else None
    except StudioError:
        return None


def _prompt(value: object) -> str:
    return _CONTROL.sub("", value)[:MAX_PROMPT].strip() if isinstance(value, str) else ""


def _line(value: object, most: int = 300) -> str:
    return " ".join(_CONTROL.sub("", value).split())[:most] if isinstance(value, str) else ""
