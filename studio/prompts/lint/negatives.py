"""What the picture shows that often goes wrong, and that the negative prompt says nothing against."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studio.prompts import negatives
from studio.prompts.lint.case import Case, finding
from studio.prompts.lint.findings import Finding
from studio.prompts.lint.people import people_in

_SIGNS = {
    "hands": re.compile(r"\b(?:hands?|fingers?|holding|pointing|waving|peace sign|v|fists?|clapping|salute|prayer)\b"),
    "face": re.compile(r"\b(?:portrait|close-?up|face focus|eye focus)\b"),
    "text": re.compile(r"\b(?:comic|manga page|poster|magazine|newspaper|book cover|album cover|signboard|signage)\b"),
}
_SAID = {
    "hands": "The picture shows hands, and the negative prompt says nothing against malformed ones.",
    "face": "The picture is about a face, and the negative prompt says nothing against distorted ones.",
    "text": "The prompt asks for what bears writing, and the negative prompt says nothing against garbled text.",
    "anatomy": "Several people are in the picture, and the negative prompt says nothing against mixed-up limbs.",
}
_HINT = "Add the library's words against it; they cost a few tokens."


def missing(case: Case) -> Iterator[Finding]:
    """One finding for each problem that is to be expected, or one for an empty negative prompt."""
    around = case.around
    if not around.negative_counts or around.vocabulary is not None or not case.prompt.phrases:
        return
    known = negatives.known_problems(around.library, around.family)
    expected = [problem for problem in _expected(case) if problem in known]
    if not case.negative.text.strip():
        basics = [problem for problem in negatives.BASICS if problem in known]
        if basics:
            yield _finding(
                case,
                "The negative prompt is empty.",
                "A few words against what goes wrong most often help nearly every picture.",
                "Fill in the usual ones",
                (*basics, *expected),
            )
        return
    covered = negatives.problems_of(case.negative.text, around.library)
    for problem in expected:
        if problem not in covered:
            label = f"Add words for {negatives.LABELS.get(problem, problem).lower()}"
            yield _finding(case, _SAID[problem], _HINT, label, (problem,))


def _finding(case: Case, message: str, hint: str, label: str, problems: tuple[str, ...]) -> Finding:
    around, side = case.around, case.negative
    text = negatives.build(problems, around.family, around.library, keep=side.text)
    return finding(side, "missing-negative", "remark", message, hint, (0, 0), case.fix(side, label, text))


def _expected(case: Case) -> Iterator[str]:
    words = ", ".join(phrase.key for phrase in case.prompt.fixed)
    for problem, sign in _SIGNS.items():
        if sign.search(words) or (problem == "hands" and case.around.hands_in_pose):
            yield problem
    if (case.around.people_in_pose or 0) > 1 or people_in(case.prompt).least > 1:
        yield "anatomy"
