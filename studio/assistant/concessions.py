"""What a server does not understand is left out, one thing at a time.

Structured answers, the newer name of a limit, and seeds are not known everywhere.
"""

from __future__ import annotations

from typing import Any

ANSWER_TOKENS = 2048
"""Room for a proposal with alternatives and the thoughts of a reasoning model."""
_REFUSING = frozenset({400, 404, 415, 422, 500, 501})
"""Statuses by which servers say that they do not know a field they name."""
_UNNAMED = frozenset({400, 415, 422, 501})
"""Those after which the answer's format is given up although nothing was named."""
_WORDS = {
    "seed": ("seed",),
    "limit": ("max_tokens", "max_completion_tokens"),
    "format": ("response_format", "json_schema", "json_object", "schema", "grammar", "structured"),
}


class Concessions:
    """What one server has turned down so far; kept with its client, so that it is learnt once."""

    def __init__(self) -> None:
        self._given_up = dict.fromkeys(_WORDS, 0)

    def fields(self, schema: dict[str, Any] | None = None, seed: int | None = None) -> dict[str, Any]:
        """The optional fields of a request, in the richest form that was not turned down."""
        fields: dict[str, Any] = {}
        for name, forms in _forms(schema, seed).items():
            fields |= (*forms, {})[min(self._given_up[name], len(forms))]
        return fields

    def concede(self, status: int, said: str, sent: dict[str, Any]) -> bool:
        """Give up what the server may have meant; False: there is nothing left to give up."""
        said = said.lower()
        groups = [name for name, fields in _FIELDS.items() if fields & set(sent)]
        meant = [name for name in groups if any(word in said for word in _WORDS[name])]
        if not meant and status in _UNNAMED:
            meant = [name for name in groups if name == "format"]
        if not meant or status not in _REFUSING:
            return False
        self._given_up[meant[0]] += 1
        return True


_FIELDS = {"seed": {"seed"}, "limit": {"max_tokens", "max_completion_tokens"}, "format": {"response_format"}}


def _forms(schema: dict[str, Any] | None, seed: int | None) -> dict[str, list[dict[str, Any]]]:
    strict = {"name": "proposal", "strict": True, "schema": schema}
    formats = [{"type": "json_schema", "json_schema": strict}, {"type": "json_object"}] if schema is not None else []
    return {
        "seed": [{"seed": seed}] if seed is not None else [],
        "limit": [{"max_tokens": ANSWER_TOKENS}, {"max_completion_tokens": ANSWER_TOKENS}],
        "format": [{"response_format": form} for form in formats],
    }
