"""Models from the Hugging Face hub: only safetensors, configs and vocabularies, once, and said aloud."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from huggingface_hub import snapshot_download
from huggingface_hub.errors import LocalEntryNotFoundError

from studio.engine.load_failures import loading, unreachable
from studio.errors import Offline
from studio.settings import Settings

Say = Callable[[str], None]

CONFIGS = ["*.json", "*.txt"]
CHECKPOINT_FILES = [
    "model_index.json",
    *(f"{part}/*" for part in ("scheduler", "tokenizer", "tokenizer_2")),
    *(f"{part}/*.json" for part in ("unet", "vae", "text_encoder", "text_encoder_2")),
]
WEIGHT_FILES = [
    f"{part}{stem}{ending}.safetensors"
    for ending in ("", "-*-of-*")
    for part, stem in (
        ("unet/", "diffusion_pytorch_model"),
        ("vae/", "diffusion_pytorch_model"),
        ("text_encoder/", "model"),
        ("text_encoder_2/", "model"),
    )
]
TOKENIZER_FILES = ["vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"]
COMPONENT_FILES = ["config.json", "diffusion_pytorch_model*.safetensors", "*.index.json"]


def fetch(settings: Settings, name: str, patterns: list[str], say: Say) -> Path:
    """The folder of hub model ``name``, from the cache or downloaded (``patterns`` only, never pickles).

    Raises:
        Offline: not in the cache, and the network is down or forbidden.
        UnknownName: the hub has no such model.
        StorageFull: the disk took no more.
    """
    cached = _cached(name, patterns)
    if cached is not None:
        return cached
    if settings.offline:
        raise unreachable(name)
    say(f"Downloading {name} from the hub; this is needed once.")
    with loading(name):
        folder = Path(
            snapshot_download(name, allow_patterns=patterns, ignore_patterns=["*.bin", "*.ckpt", "*.pt", "*.msgpack"])
        )
    say(f"{name} is downloaded.")
    return folder


def _cached(name: str, patterns: list[str]) -> Path | None:
    try:
        with loading(name):
            folder = Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except (Offline, LocalEntryNotFoundError):
        return None
    # An interrupted download leaves a snapshot folder without its weights.
    return folder if _is_whole(folder, patterns) else None


def _is_whole(folder: Path, patterns: list[str]) -> bool:
    if patterns == TOKENIZER_FILES:
        return (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()
    if "model_index.json" in patterns:
        return (folder / "model_index.json").is_file() and all(
            any((folder / part).glob("*.safetensors")) for part in ("unet", "vae", "text_encoder")
        )
    return (folder / "config.json").is_file() and any(folder.glob("*.safetensors"))
