"""Names as people type them: compared without regard to case and blanks, with near matches for a hint."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable


def folded(name: str) -> str:
    """``name`` in lower case with runs of blanks, ``_`` and ``-`` as one blank."""
    return re.sub(r"[\s_\-]+", " ", name).strip().casefold()


def match(name: str, names: Iterable[str]) -> str | None:
    """The one of ``names`` that equals ``name``, else the only one that differs just in case and separators."""
    known = list(names)
    if name in known:
        return name
    alike = [candidate for candidate in known if folded(candidate) == folded(name)]
    return alike[0] if len(alike) == 1 else None


def near(name: str, names: Iterable[str], count: int = 3) -> list[str]:
    """Up to ``count`` of ``names`` that look like ``name``, the most alike first."""
    by_folded = {folded(candidate): candidate for candidate in names}
    wanted = folded(name)
    close = difflib.get_close_matches(wanted, by_folded, n=count, cutoff=0.5)
    close += [other for other in by_folded if wanted and wanted in other and other not in close]
    return [by_folded[other] for other in close[:count]]


def hint(name: str, names: Iterable[str], otherwise: str = "") -> str:
    """A sentence that offers near matches, or all of ``names`` when they are few, or ``otherwise``."""
    known = list(names)
    close = near(name, known)
    if close:
        return f"Did you mean {_listed(close)}?"
    if otherwise:
        return otherwise
    return f"Choose {_listed(known)}." if 0 < len(known) <= 24 else ""


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
