"""What may follow the first pass: drawing the picture larger (hires), and enlarging the result (upscale)."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from studio.errors import InvalidRequest
from studio.request_errors import explain
from studio.request_fields import MAX_SIDE, Fraction, Part, Rounded, Side

LANCZOS = "Lanczos"
"""The upscaler that is always there: plain resampling, which adds no detail."""
MAX_UPSCALED_SIDE = 8192
MAX_UPSCALED_PIXELS = 40_000_000
"""What the gallery takes back as an upload."""

Upscaler = Annotated[str, Field(min_length=1, max_length=300)]
UpscaledSide = Annotated[int, Field(ge=64, le=MAX_UPSCALED_SIDE)]
Size = tuple[int, int]


class HiresPass(Part):
    """Enlarge the first pass's picture, then draw over it (img2img) with the same ControlNets at the new size."""

    scale: Annotated[Rounded, Field(ge=1, le=4)] = 2.0
    width: Side | None = None
    """With ``height`` the exact size, instead of ``scale``."""
    height: Side | None = None
    upscaler: Upscaler = LANCZOS
    strength: Fraction = 0.4
    """How much is redrawn (A1111's denoising strength): 0 keeps the enlarged picture, 1 ignores it."""
    steps: int | None = Field(default=None, ge=1, le=150)
    """Steps of a full second pass, of which ``strength`` are taken; None: as many as the first pass."""

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise ValueError("the hires size needs a width and a height")
        if self.width is not None and self.scale != HiresPass.model_fields["scale"].default:
            raise ValueError("the hires pass takes a scale or a size, not both")
        return self

    def size(self, width: int, height: int) -> Size:
        """Of the second pass, from the first pass's; multiples of 8."""
        if self.width is not None and self.height is not None:
            return self.width, self.height
        return _eights(width * self.scale), _eights(height * self.scale)

    def steps_of(self, first: int) -> int:
        """Steps the pass takes after a first pass of ``first`` steps: rounded down, as img2img does."""
        return int((self.steps or first) * self.strength)


class UpscalePass(Part):
    """Enlarge the finished picture to ``scale``, to ``side`` pixels on one edge, or to an exact size: one of the three.

    A network enlarges by its own factor; what is too much then is averaged away, what lacks is resampled.
    """

    upscaler: Upscaler = LANCZOS
    scale: Annotated[Rounded, Field(ge=1, le=16)] | None = None
    side: UpscaledSide | None = None
    edge: Literal["longest", "shortest"] = "longest"
    """Which edge gets ``side`` pixels."""
    width: UpscaledSide | None = None
    height: UpscaledSide | None = None
    fast: bool = False
    """Where the picture has to be cut into tiles: blend them instead of computing their seams exactly."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise ValueError("the upscaled size needs a width and a height")
        if sum(value is not None for value in (self.scale, self.side, self.width)) != 1:
            raise ValueError("the upscale takes exactly one target: a scale, a side or a size")
        if self.edge != "longest" and self.side is None:
            raise ValueError("the shortest edge needs a side in pixels")
        return self

    @classmethod
    def build(cls, **fields: Any) -> UpscalePass:
        """Validate ``fields``. Raises InvalidRequest, which names the first wrong field and its allowed range."""
        try:
            return cls.model_validate(fields)
        except ValidationError as error:
            raise explain(error, cls) from None

    def checked_size(self, width: int, height: int) -> Size:
        """As :meth:`size`. Raises InvalidRequest where that is too large to keep."""
        size = self.size(width, height)
        try:
            check_upscaled(*size)
        except ValueError as error:
            reason = str(error)
            raise InvalidRequest(f"{reason[0].upper()}{reason[1:]}.", "Choose a smaller target.", "upscale") from None
        return size

    def size(self, width: int, height: int) -> Size:
        """Of the enlarged picture, from the picture's; the aspect is kept unless the exact size is given."""
        if self.width is not None and self.height is not None:
            return self.width, self.height
        if self.side is not None:
            edge = max(width, height) if self.edge == "longest" else min(width, height)
            factor = self.side / edge
        else:
            factor = self.scale or 1.0
        return max(1, round(width * factor)), max(1, round(height * factor))


def check_sizes(width: int, height: int, hires: HiresPass | None, upscale: UpscalePass | None) -> None:
    """Raise ValueError when a pass would lead beyond what can be drawn or kept."""
    if hires is not None:
        width, height = hires.size(width, height)
        if max(width, height) > MAX_SIDE:
            raise ValueError(
                f"the hires pass would draw {width} × {height} pixels; at most {MAX_SIDE} a side are drawn"
            )
    if upscale is not None:
        width, height = upscale.size(width, height)
        check_upscaled(width, height)


def check_upscaled(width: int, height: int) -> None:
    """Raise ValueError when an upscaled picture of this size would be too large to keep."""
    if max(width, height) > MAX_UPSCALED_SIDE or width * height > MAX_UPSCALED_PIXELS:
        raise ValueError(
            f"upscaling would give {width} × {height} pixels, {width * height * 3 / 1e9:.1f} GB in memory; at most "
            f"{MAX_UPSCALED_SIDE} a side and {MAX_UPSCALED_PIXELS // 10**6} megapixels are kept"
        )


def _eights(side: float) -> int:
    return max(64, round(side / 8) * 8)
