"""LoRA tags that cannot be read, or whose LoRA is not here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from studio.errors import InvalidRequest
from studio.prompts.lint.case import Case, Side, finding
from studio.prompts.lint.findings import Finding, Fix, named
from studio.prompts.syntax import loras

_ANY = re.compile(r"<\s*(?:lora|lyco)\b[^<>\n,]*>?|<\w+:[^<>]*>", re.IGNORECASE)
_GOOD = re.compile(r"<(?:lora|lyco):[^<>]+>", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)")
NEAR = 60


def lora_tags(case: Case) -> Iterator[Finding]:
    """Every tag of the prompt, and all of the negative prompt, where they do nothing."""
    side = case.prompt
    for found in _ANY.finditer(_without_comments(side)):
        tag = found[0]
        if not _GOOD.fullmatch(tag):
            yield _malformed(case, found, "is not of the form <lora:name:0.8>")
            continue
        try:
            (reference,) = loras.extract(tag)[1]
        except InvalidRequest as error:
            yield _malformed(case, found, "cannot be read", error.message)
            continue
        if not _is_here(case, reference.name):
            yield _missing(case, found, reference.name, reference.weight)
    yield from _in_negative(case)


def _without_comments(side: Side) -> str:
    return re.sub(r"(?<!\\)#[^\n]*", lambda comment: " " * len(comment[0]), side.text)


def _malformed(case: Case, found: re.Match[str], what: str, reason: str = "") -> Finding:
    side = case.prompt
    return finding(
        side,
        "lora",
        "error",
        f"The tag {named(found[0])} {what}.",
        reason or "Write it as <lora:name:0.8>, with a weight from -4 to 4.",
        found.span(),
        *_repaired(case, found),
        case.fix(side, "Remove the tag", side.text[: found.start()] + side.text[found.end() :]),
    )


def _repaired(case: Case, found: re.Match[str]) -> Iterator[Fix]:
    """The tag with the name that is meant, a weight within bounds, and its bracket closed."""
    inner = re.sub(r"^<\s*(?:lora|lyco)\b[\s:=]*|>$", "", found[0], flags=re.IGNORECASE)
    name, *rest = (part.strip() for part in inner.split(":"))
    number = next((match for part in rest if (match := _NUMBER.search(part))), None)
    weight = min(max(float(number[0]), -4.0), 4.0) if number else 1.0
    if not found[0].casefold().lstrip("< ").startswith(("lora", "lyco")) or not name:
        return
    new = f"<lora:{name}:{weight:g}>"
    try:
        loras.extract(new)
    except InvalidRequest:
        return
    text = case.prompt.text
    yield case.fix(case.prompt, f"Write {new}", text[: found.start()] + new + text[found.end() :])


def _is_here(case: Case, name: str) -> bool:
    around = case.around
    if around.has_lora is not None:
        return around.has_lora(name)
    return around.loras is None or name in around.loras


def _missing(case: Case, found: re.Match[str], name: str, weight: float) -> Finding:
    side, names = case.prompt, list(case.around.loras or ())
    near = [match[0] for match in process.extract(name, names, scorer=fuzz.WRatio, limit=2, score_cutoff=NEAR)]
    tags = {other: f"<lora:{other}:{weight:g}>" for other in near}
    return finding(
        side,
        "lora",
        "error",
        f"There is no LoRA called {named(name)}.",
        f"Did you mean {named(near[0])}?" if near else "Put its file into the folder of LoRAs, or remove the tag.",
        found.span(),
        *(
            case.fix(side, f"Use {named(other)}", side.text[: found.start()] + tag + side.text[found.end() :])
            for other, tag in tags.items()
        ),
        case.fix(side, "Remove the tag", side.text[: found.start()] + side.text[found.end() :]),
    )


def _in_negative(case: Case) -> Iterator[Finding]:
    side = case.negative
    for found in list(_GOOD.finditer(_without_comments(side)))[:1]:
        rest = _GOOD.sub("", side.text).strip(" ,")
        tags = " ".join(_GOOD.findall(side.text))
        yield finding(
            side,
            "lora",
            "warning",
            "A LoRA tag in the negative prompt has no effect.",
            "A LoRA changes the whole model; its tag belongs into the prompt, with a negative weight to push away.",
            found.span(),
            case.fix(side, "Remove it", rest, safe=True),
            Fix("Move it to the prompt", f"{case.prompt.text} {tags}".strip(), rest),
        )
