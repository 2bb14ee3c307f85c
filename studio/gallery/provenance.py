"""What is known about how a picture was made. A record for people; never part of the request or its digest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

import studio
from studio.request import GenerationRequest


class Provenance(BaseModel):
    """The circumstances of one picture. Facts without a field of their own are kept under their own names."""

    model_config = ConfigDict(frozen=True, extra="allow")

    studio: str = studio.__version__
    """Version of the studio."""
    versions: dict[str, str] = {}
    """Versions of the libraries that drew it, by name."""
    device: str = ""
    dtype: str = ""
    slots: int = 0
    """Size of the batch it ran in: pictures are equal only among equal slot counts on some devices."""
    seconds: float = 0.0
    """From taking a slot to the finished picture."""
    model_hash: str = ""
    """First 10 hex digits of the checkpoint file's sha256, as A1111 writes it; empty where not known."""
    vae_hash: str = ""
    lora_hashes: dict[str, str] = {}
    """LoRA name → first 12 hex digits of its hash, as A1111 writes it."""
    control_hashes: dict[str, str] = {}
    """ControlNet name → first 8 hex digits of its hash, as A1111's ControlNet extension writes it."""
    template_prompt: str = ""
    """The random prompt that the prompt was drawn from; empty where nothing was drawn. Likewise below."""
    template_negative_prompt: str = ""
    wildcard_seed: int = -1
    """What the drawing began with; -1: nothing was drawn, or all combinations were made."""
    sweep: str = ""
    """Name of the sweep that this picture is a cell of."""
    worker: str = ""
    """Token of the worker process that drew it."""

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any], **more: Any) -> Provenance:
        """Build from an engine's facts; whatever is no JSON is kept as its text, unusable known fields are dropped."""
        plain: dict[str, Any] = json.loads(json.dumps({**facts, **more}, default=str))
        for name, field in cls.model_fields.items():
            if name in plain and not isinstance(plain[name], type(field.default)):
                if isinstance(field.default, float) and isinstance(plain[name], int):
                    continue
                del plain[name]
        return cls(**plain)


def recipe_json(request: GenerationRequest, provenance: Provenance) -> str:
    """The studio's own JSON for a PNG: everything needed to draw the picture again, and how it came about."""
    recipe = {"request": json.loads(request.canonical_json()), "provenance": provenance.model_dump(mode="json")}
    return json.dumps(recipe, sort_keys=True, ensure_ascii=False)
