"""CLIP tokenizers: a checkpoint folder's own, one a person put down, or the original, fetched once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from transformers import CLIPTokenizer

from studio.engine import hub
from studio.engine.hub import Say
from studio.engine.load_failures import loading
from studio.errors import Offline, UnusableWeights
from studio.settings import Settings

CLIP = "openai/clip-vit-large-patch14"
PADDING = ("<|endoftext|>", "!")
"""What the first and the second tokenizer of SDXL pad with; SD 1.5 has the first only."""


def read_tokenizer(folder: Path, **options: Any) -> CLIPTokenizer:
    """The tokenizer whose ``vocab.json`` and ``merges.txt`` lie in ``folder``.

    Raises:
        UnusableWeights: the files are missing or damaged.
    """
    if not any((folder / name).is_file() for name in ("vocab.json", "tokenizer.json")):
        raise UnusableWeights(f"The folder {folder} holds no tokenizer.", "It needs vocab.json and merges.txt.")
    with loading(f"the tokenizer in {folder.name}"):
        return CLIPTokenizer.from_pretrained(folder, local_files_only=True, **options)


def clip_folder(settings: Settings) -> Path:
    """Where a person can put the tokenizer of single-file checkpoints."""
    return settings.models / "tokenizers" / "clip"


def clip_tokenizers(settings: Settings, count: int, say: Say) -> tuple[CLIPTokenizer, ...]:
    """``count`` tokenizers for a single-file checkpoint, which brings none.

    Raises:
        Offline: they are not on this machine and cannot be fetched; the hint names files and folder.
    """
    folder = clip_folder(settings)
    if not (folder / "vocab.json").is_file():
        folder = _fetched(settings, say)
    return tuple(read_tokenizer(folder, pad_token=PADDING[number]) for number in range(count))


def _fetched(settings: Settings, say: Say) -> Path:
    try:
        return hub.fetch(settings, CLIP, hub.TOKENIZER, say)
    except Offline:
        raise Offline(
            "A single-file checkpoint needs CLIP's tokenizer, which is not on this machine yet.",
            f"Connect once, or put vocab.json and merges.txt of {CLIP} into {clip_folder(settings)}.",
        ) from None
