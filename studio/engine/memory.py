"""Running out of memory: telling it apart from other failures, and giving back what can be given back."""

from __future__ import annotations

import gc

import torch


def is_out_of_memory(error: BaseException) -> bool:
    """True for CUDA's and MPS's out-of-memory errors and for the CPU allocator's."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and ("out of memory" in text or "can't allocate memory" in text)


def release_memory() -> None:
    """Collect garbage and return cached device memory. Call it outside the except block."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
