"""What lint says: a finding, and the fixes that remove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "contradiction",
    "duplicate",
    "implied",
    "both-prompts",
    "bracket",
    "nesting",
    "weight",
    "escape",
    "break",
    "choice",
    "wildcard",
    "unknown-word",
    "family",
    "people",
    "lora",
    "missing-negative",
    "script",
    "underscore",
    "tidy",
]
Severity = Literal["error", "warning", "remark"]
"""error: it will not run or not do what it says; warning: the picture probably suffers; remark: it could be neater."""
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "remark")


@dataclass(frozen=True, slots=True)
class Fix:
    """Both prompts as they are after the fix."""

    label: str
    prompt: str
    negative_prompt: str
    safe: bool = False
    """It takes away nothing that was meant: "Fix all" may apply it unasked."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is odd in a prompt: what, and what to do about it, one sentence each."""

    kind: Kind
    severity: Severity
    message: str
    hint: str
    start: int
    end: int
    """``text[start:end]`` is what it is about; both 0 where it is about the whole."""
    in_negative: bool = False
    """Whether the places are those of the negative prompt."""
    fixes: tuple[Fix, ...] = ()

    @property
    def safe_fix(self) -> Fix | None:
        """The first fix that may be applied unasked."""
        return next((fix for fix in self.fixes if fix.safe), None)


def named(text: str) -> str:
    """``text`` in quotes, short enough for a sentence."""
    plain = " ".join(text.split())
    return f"“{plain if len(plain) <= 40 else plain[:39] + '…'}”"
