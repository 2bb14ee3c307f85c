"""Foreign exceptions become StudioErrors at the engine's border, with what a person can do about them."""

from __future__ import annotations

import logging

import torch

from studio.engine.device import DeviceFacts
from studio.engine.memory import is_out_of_memory
from studio.errors import OutOfMemory, StudioError
from studio.request import GenerationRequest

log = logging.getLogger(__name__)


def check_finite(latents: torch.Tensor, device: DeviceFacts) -> None:
    """Refuse latents that hold NaN or infinity: they would decode to a black picture that looks like a success.

    Raises:
        StudioError: says what helps (some GPUs overflow in half precision).
    """
    if torch.isfinite(latents).all():
        return
    hint = "Lower the guidance, or choose another sampler or VAE."
    if device.dtype == torch.float16:
        hint = "Set STUDIO_DTYPE=float32 and start the studio again; if it stays, lower the guidance."
    raise StudioError("The picture dissolved into invalid numbers.", hint)


def explained(error: BaseException, request: GenerationRequest) -> StudioError:
    """``error`` as a StudioError; what is not understood is logged with its traceback and described calmly."""
    if isinstance(error, StudioError):
        return error
    if is_out_of_memory(error):
        return OutOfMemory(
            f"The device ran out of memory at {request.width}×{request.height}.",
            "Choose a smaller size and upscale afterwards, or fewer ControlNets.",
        )
    return _unknown(error)


def explained_upscaling(error: BaseException, size: tuple[int, int]) -> StudioError:
    """``error``, which came up while a stored picture was enlarged to ``size``, as a StudioError."""
    if isinstance(error, StudioError):
        return error
    if is_out_of_memory(error):
        return OutOfMemory(
            f"There is not enough memory for a picture of {size[0]} × {size[1]} pixels.", "Choose a smaller target."
        )
    return _unknown(error)


def _unknown(error: BaseException) -> StudioError:
    log.exception("unexpected failure in the engine", exc_info=error)
    return StudioError(
        f"The picture failed for a reason the studio does not know ({type(error).__name__}).",
        "Try again; if it stays, the log folder tells more (python -m studio doctor says where it is).",
    )
