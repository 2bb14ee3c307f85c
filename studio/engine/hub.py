"""Models from the Hugging Face hub: only safetensors, configs and vocabularies, once, and said aloud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import snapshot_download

from studio.engine.load_failures import loading, unreachable
from studio.errors import Offline, UnusableWeights
from studio.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files of a hub model are needed. Nothing else is downloaded, pickles least of all."""

    small: tuple[str, ...]
    """Configs and vocabularies."""
    weights: tuple[str, ...] = ()
    """Weights by their path without the ending; their half-precision twins are taken where these are missing."""

    def patterns(self, variant: str) -> list[str]:
        """What to download for ``variant`` (empty or ``.fp16``), whole files and shards."""
        files = [f"{stem}{variant}{shard}.safetensors" for stem in self.weights for shard in ("", "-*-of-*")]
        shards = [f"{stem}-*-of-*{variant}.safetensors" for stem in self.weights] if variant else []
        return [*self.small, *files, *shards, *(f"{stem}.safetensors.index{variant}.json" for stem in self.weights)]

    def is_in(self, folder: Path) -> bool:
        """Whether ``folder`` has the first small file and the weights of every part it has a config of."""
        if not (folder / self.small[0]).is_file():
            return False
        parts = [(folder / stem).parent for stem in self.weights]
        return all(any(part.glob("*.safetensors")) for part in parts if (part / "config.json").is_file())


CHECKPOINT = Wanted(
    small=(
        "model_index.json",
        "scheduler/*.json",
        *(f"{part}/*.{ending}" for part in ("tokenizer", "tokenizer_2") for ending in ("json", "txt")),
        *(f"{part}/config.json" for part in ("unet", "vae", "text_encoder", "text_encoder_2")),
    ),
    weights=(
        "unet/diffusion_pytorch_model",
        "vae/diffusion_pytorch_model",
        "text_encoder/model",
        "text_encoder_2/model",
    ),
)
CONTROLNET = Wanted(small=("config.json",), weights=("diffusion_pytorch_model",))
TOKENIZER = Wanted(small=("vocab.json", "merges.txt", "tokenizer.json", "tokenizer_config.json"))


def fetch(settings: Settings, name: str, wanted: Wanted, say: Say) -> Path:
    """The folder of hub model ``name``, from the cache or downloaded.

    Raises:
        Offline: not in the cache, and the network is down or forbidden.
        UnknownName: the hub has no such model.
        UnusableWeights: it has no safetensors weights.
        StorageFull: the disk took no more.
    """
    for variant in ("", ".fp16"):
        folder = _cached(name, wanted.patterns(variant))
        if folder is not None and wanted.is_in(folder):
            return folder
    if settings.offline:
        raise unreachable(name)
    say(f"Downloading {name} from the hub; this is needed once …")
    for variant in ("", ".fp16"):
        with loading(name):
            folder = Path(snapshot_download(name, allow_patterns=wanted.patterns(variant)))
        if wanted.is_in(folder):
            return folder
    raise UnusableWeights(
        f"{name} on the hub has no safetensors weights of the kind the studio loads.",
        "Choose a model with a model_index.json or config.json and .safetensors files.",
    )


def _cached(name: str, patterns: list[str]) -> Path | None:
    try:
        with loading(name):
            return Path(snapshot_download(name, allow_patterns=patterns, local_files_only=True))
    except Offline:
        return None
