"""LoRA tags: ``<lora:name:weight>`` anywhere in a prompt."""

from __future__ import annotations

import re

from pydantic import ValidationError

from studio.errors import InvalidRequest
from studio.prompts.syntax import comments
from studio.request import GenerationRequest, LoraRef
from studio.request_errors import explain

_TAG = re.compile(r"<(?:lora|lyco):([^<>]+)>", re.IGNORECASE)
_HINT = "Write it as <lora:name:0.8>, with a weight from -4 to 4."


def extract(text: str) -> tuple[str, tuple[LoraRef, ...]]:
    """Take the tags out of ``text``: the text without them, and the LoRAs in the order they were named.

    A tag without a weight counts as 1. ``lyco`` is A1111's older word for the same. What stands in a comment is left.

    Raises:
        InvalidRequest: a tag without a name, or with a weight that is no number or out of range.
    """
    pieces = comments.outside(text)
    found = (_reference(tag[0], tag[1]) for piece, counts in pieces if counts for tag in _TAG.finditer(piece))
    named = tuple(found)
    return "".join(_TAG.sub("", piece) if counts else piece for piece, counts in pieces), named


def _reference(tag: str, arguments: str) -> LoraRef:
    name, *weights = (part.strip() for part in arguments.split(":"))
    if len(set(weights)) > 1:
        raise InvalidRequest(
            f"The LoRA tag {_short(tag)} has more than one weight.",
            "The studio uses one weight for the whole LoRA. " + _HINT,
            field="prompt",
        )
    try:
        return LoraRef(name=name, weight=float(weights[0]) if weights else 1.0)
    except ValidationError as error:
        reason = explain(error, LoraRef)
        raise InvalidRequest(f"In the LoRA tag {_short(tag)}: {reason.message}", _HINT, field="prompt") from None
    except ValueError:
        raise InvalidRequest(
            f"The LoRA tag {_short(tag)} has the weight {weights[0][:20]!r}, which is not a number.",
            _HINT,
            field="prompt",
        ) from None


def _short(tag: str) -> str:
    return tag if len(tag) <= 60 else f"{tag[:57]}…>"


def of_request(request: GenerationRequest) -> tuple[LoraRef, ...]:
    """All LoRAs a request asks for: its own list, then the tags in its prompt. Raises as :func:`extract`."""
    return request.loras + extract(request.prompt)[1]
