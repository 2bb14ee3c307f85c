"""What the parts of a request are made of: their common model and their kinds of numbers."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MAX_SEED = 2**32 - 1
MIN_SIDE, MAX_SIDE = 64, 4096

# Slider arithmetic leaves 0.30000000000000004; the fifth digit changes no picture but would change a digest.
Rounded = Annotated[float, AfterValidator(lambda value: round(value, 5) + 0.0)]
Fraction = Annotated[Rounded, Field(ge=0, le=1)]
Side = Annotated[int, Field(ge=MIN_SIDE, le=MAX_SIDE, multiple_of=8)]


class Part(BaseModel):
    """Frozen, hashable, and strict about names."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=False)
