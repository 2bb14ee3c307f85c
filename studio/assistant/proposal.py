"""What the assistant offers: a prompt, perhaps settings and a pose, and why. Nothing happens until it is accepted."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from studio.assistant.ranges import Setting


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Part):
    """Why a part of the prompt is as it is."""

    what: str
    reason: str = ""


class Alternative(_Part):
    """Another prompt, and what is different about it."""

    prompt: str
    reason: str = ""


class Proposal(_Part):
    """A checked offer. ``settings`` hold only known fields, within their ranges; they are offers like all the rest."""

    prompt: str
    negative_prompt: str | None = None
    """None: leave it as it is."""
    note: str = ""
    """What the assistant says to the person."""
    settings: dict[str, Setting] = {}
    pose: str | None = None
    """Name of a pose of the library."""
    changes: tuple[Change, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    @property
    def prompts(self) -> tuple[str, ...]:
        """The prompt and all alternatives, each once: what a sweep over the variations takes."""
        return tuple(dict.fromkeys((self.prompt, *(other.prompt for other in self.alternatives))))


def _nullable(kind: str) -> dict[str, Any]:
    return {"type": [kind, "null"]}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    # All required and nothing else allowed: what strict structured output asks for.
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_STRING = {"type": "string"}
SCHEMA: dict[str, Any] = _object(
    note=_STRING,
    prompt=_STRING,
    negative_prompt=_nullable("string"),
    settings=_object(
        steps=_nullable("integer"),
        guidance_scale=_nullable("number"),
        sampler=_nullable("string"),
        width=_nullable("integer"),
        height=_nullable("integer"),
        clip_skip=_nullable("integer"),
        control_weight=_nullable("number"),
    ),
    pose=_nullable("string"),
    changes={"type": "array", "items": _object(what=_STRING, reason=_STRING)},
    alternatives={"type": "array", "items": _object(prompt=_STRING, reason=_STRING)},
)
"""The answer a model is asked for, as the JSON schema that servers with structured output keep to."""
