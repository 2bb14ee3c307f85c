"""Foreign exceptions become StudioErrors at the engine's border, with what a person can do about them."""

from __future__ import annotations

import logging

from studio.engine.memory import is_out_of_memory
from studio.errors import OutOfMemory, StudioError
from studio.request import GenerationRequest

log = logging.getLogger(__name__)


def explained(error: BaseException, request: GenerationRequest) -> StudioError:
    """``error`` as a StudioError; what is not understood is logged with its traceback and described calmly."""
    if isinstance(error, StudioError):
        return error
    if is_out_of_memory(error):
        return OutOfMemory(
            f"The device ran out of memory at {request.width}×{request.height}.",
            "Choose a smaller size and upscale afterwards, or fewer ControlNets.",
        )
    log.exception("unexpected failure in the engine", exc_info=error)
    return StudioError(
        f"The picture failed with an unexpected {type(error).__name__}.",
        "Try again; if it stays, the log file (see `doctor`) tells more.",
    )
