"""What goes wrong while loading, as StudioErrors: one place that knows the foreign exceptions."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from safetensors import SafetensorError

from studio.engine.memory import is_out_of_memory
from studio.errors import Offline, OutOfMemory, StorageFull, StudioError, UnknownName, UnusableWeights

log = logging.getLogger(__name__)

HTTP_ERROR: type[Exception] = HfHubHTTPError.__mro__[1]
"""Base of what huggingface_hub's HTTP library raises; which library that is differs between its versions."""
NETWORK = (LocalEntryNotFoundError, OfflineModeIsEnabled, HTTP_ERROR, ConnectionError, TimeoutError)
BROKEN = (SafetensorError, KeyError, ValueError, RuntimeError, NotImplementedError, TypeError, AttributeError, OSError)


@contextmanager
def loading(name: str) -> Iterator[None]:
    """Inside the block ``name`` is being loaded; whatever fails leaves it as a StudioError."""
    failure: StudioError
    try:
        yield
        return
    except StudioError:
        raise
    except Exception as error:
        log.info("loading %s failed", name, exc_info=error)
        failure = translated(error, name)
    # Outside the except block, so that a half-loaded model is not kept alive by the traceback.
    raise failure


def translated(error: Exception, name: str) -> StudioError:
    """``error``, which came up while ``name`` was loaded, as a StudioError."""
    if is_out_of_memory(error):
        return OutOfMemory(
            f"There is not enough memory to load {name}.", "Close other programs, or use a smaller checkpoint."
        )
    if isinstance(error, GatedRepoError):
        return Offline(
            f"{name} asks for an account that accepted its licence.", "Log in to the hub, or choose another model."
        )
    if isinstance(error, (RepositoryNotFoundError, HFValidationError)):
        return UnknownName(f"The hub has no model called {name}.", "Check the spelling: owner/name.")
    if isinstance(error, EntryNotFoundError) and not isinstance(error, LocalEntryNotFoundError):
        return UnusableWeights(f"{name} on the hub lacks a file the studio needs.", "Choose another model.")
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageFull(f"The disk is full; {name} could not be stored.", "Free some space and try again.")
    if isinstance(error, NETWORK):
        return unreachable(name)
    if isinstance(error, BROKEN):
        return UnusableWeights(
            f"The weights of {name} do not fit together: {_cause(error)}.",
            "The file is damaged or of an unsupported kind; download it again or choose another one.",
        )
    log.exception("unexpected failure while loading %s", name, exc_info=error)
    return StudioError(f"Loading {name} failed with an unexpected {type(error).__name__}.", "The log file tells more.")


def unreachable(name: str) -> Offline:
    """The hub does not answer, or may not be asked."""
    return Offline(
        f"{name} is not on this machine and the hub cannot be reached.",
        "Connect to the network (and unset STUDIO_OFFLINE), or put the model into the models folder.",
    )


def _cause(error: Exception) -> str:
    text = str(error)
    if "size mismatch" in text or "shape" in text or "ignore_mismatched_sizes" in text:
        return "tensors have other sizes than its configuration says"
    if isinstance(error, KeyError) or "meta tensor" in text or "missing" in text.casefold():
        return "tensors are missing"
    if isinstance(error, SafetensorError):
        return "the file is not a whole safetensors file"
    return "they could not be read"
