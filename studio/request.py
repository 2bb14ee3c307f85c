"""The request: everything that determines one image, and nothing else.

One request makes one image; a batch is several requests that differ by seed. A request is frozen and hashable, its
canonical JSON gives its ``digest``: identity, cache key and provenance in one. Fields that hold their default are left
out of the canonical JSON, so a field added later does not change the digests of older requests.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator

from studio.errors import InvalidRequest
from studio.poses.values import Pose
from studio.request_errors import explain
from studio.request_fields import MAX_SEED, MAX_SIDE, MIN_SIDE, Fraction, Part, Rounded, Side
from studio.request_passes import HiresPass, UpscalePass, check_sizes

__all__ = [
    "MAX_PROMPT",
    "MAX_SEED",
    "MAX_SIDE",
    "MIN_SIDE",
    "ControlUnit",
    "GenerationRequest",
    "HiresPass",
    "ImageRef",
    "LoraRef",
    "SourceImage",
    "UpscalePass",
]

MAX_PROMPT = 20_000


class ImageRef(Part):
    """An image in the studio's store, by the sha256 of its file. Pixels never enter a request."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ControlUnit(Part):
    """One ControlNet: what it sees (a pose, drawn at generation size, or a ready control map) and how strongly."""

    type: str = Field(default="openpose", min_length=1, max_length=40)
    model: str | None = None
    """A ControlNet by name; None takes the default for ``type`` and the checkpoint's family."""
    weight: Annotated[Rounded, Field(ge=0, le=2)] = 1.0
    start: Fraction = 0.0
    """Fraction of the steps at which the control sets in."""
    end: Fraction = 1.0
    """Fraction of the steps after which the control lets go."""
    pose: Pose | None = None
    image: ImageRef | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.pose is None) == (self.image is None):
            raise ValueError("a control unit needs either a pose or a control image")
        if self.start >= self.end:
            raise ValueError("the control's start has to lie before its end")
        return self


class LoraRef(Part):
    """A LoRA by name, with its weight."""

    name: str = Field(min_length=1, max_length=300)
    weight: Annotated[Rounded, Field(ge=-4, le=4)] = 1.0


class SourceImage(Part):
    """An image to start from (img2img). ``strength`` 1 ignores it, 0 keeps it."""

    image: ImageRef
    strength: Fraction = 0.6


class GenerationRequest(Part):
    """Everything that determines one image. Build with :meth:`build` for messages a person understands."""

    version: Literal[1] = 1
    prompt: str = Field(default="", max_length=MAX_PROMPT)
    negative_prompt: str = Field(default="", max_length=MAX_PROMPT)
    checkpoint: str = Field(min_length=1, max_length=1000)
    vae: str | None = None
    sampler: str = Field(default="DPM++ 2M", min_length=1, max_length=60)
    schedule: str = Field(default="Automatic", min_length=1, max_length=60)
    """Noise schedule (A1111's "Schedule type"); ``Automatic`` takes the sampler's own."""
    steps: int = Field(default=28, ge=1, le=150)
    guidance_scale: Annotated[Rounded, Field(ge=0, le=30)] = 7.5
    seed: int = Field(ge=0, le=MAX_SEED)
    width: Side = 512
    height: Side = 512
    clip_skip: int = Field(default=1, ge=1, le=12)
    """1 takes the text encoder's last layer, 2 the one before (A1111 counting)."""
    controls: Annotated[tuple[ControlUnit, ...], Field(max_length=4)] = ()
    loras: Annotated[tuple[LoraRef, ...], Field(max_length=16)] = ()
    source: SourceImage | None = None
    hires: HiresPass | None = None
    """A second, larger pass over the first one's picture."""
    upscale: UpscalePass | None = None
    """Enlarging the finished picture, last of all."""

    @field_validator("prompt", "negative_prompt")
    @classmethod
    def _no_null(cls, text: str) -> str:
        if "\x00" in text:
            raise ValueError("text may not contain null characters")
        return text

    @model_validator(mode="after")
    def _final_size(self) -> Self:
        check_sizes(self.width, self.height, self.hires, self.upscale)
        return self

    @classmethod
    def build(cls, **fields: Any) -> GenerationRequest:
        """Validate ``fields``.

        Raises:
            InvalidRequest: names the first wrong field and its allowed range.
        """
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise explain(error, cls) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> GenerationRequest:
        """Read a request written by :meth:`canonical_json` or any JSON object of the same fields."""
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            raise InvalidRequest("This is not the JSON of a request.", "Use a recipe saved by the studio.") from None
        if not isinstance(fields, dict):
            raise InvalidRequest("A request has to be a JSON object.", "Use a recipe saved by the studio.")
        return cls.build(**fields)

    def with_(self, **changes: Any) -> GenerationRequest:
        """A validated copy with ``changes``."""
        return type(self).build(**{**dict(self), **changes})

    def canonical_json(self) -> str:
        """Sorted keys, no blanks, defaults omitted (except ``version``): equal requests give equal text."""
        fields = self.model_dump(mode="json", exclude_defaults=True)
        fields["version"] = self.version
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @property
    def drawn_size(self) -> tuple[int, int]:
        """Width and height in pixels after the last denoising pass."""
        return self.hires.size(self.width, self.height) if self.hires else (self.width, self.height)

    @property
    def final_size(self) -> tuple[int, int]:
        """Width and height in pixels of the finished picture."""
        return self.upscale.size(*self.drawn_size) if self.upscale else self.drawn_size

    @property
    def digest(self) -> str:
        """sha256 of the canonical JSON, 64 hex digits."""
        return hashlib.sha256(self.canonical_json().encode()).hexdigest()
