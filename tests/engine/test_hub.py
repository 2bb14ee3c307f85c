"""Hub models come from the local cache when they are there; without network and cache it says so."""

import shutil
from pathlib import Path

import huggingface_hub.constants
import pytest
import torch

from studio.catalog.checkpoints import find_checkpoint
from studio.engine import hub
from studio.engine.loading import load_checkpoint
from studio.engine.tokenizers import CLIP, clip_tokenizers
from studio.errors import Offline
from studio.settings import Settings

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def hub_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty hub cache of this test's own."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def _put(cache: Path, name: str, folder: Path) -> Path:
    """Lay ``folder`` into the cache as a finished download of ``name``."""
    home = cache / f"models--{name.replace('/', '--')}"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text(COMMIT)
    shutil.copytree(folder, home / "snapshots" / COMMIT)
    return home / "snapshots" / COMMIT


def test_a_cached_checkpoint_loads_without_network(zoo_settings: Settings, hub_cache: Path) -> None:
    _put(hub_cache, "someone/tiny", zoo_settings.models / "checkpoints" / "tiny-sd15")
    said: list[str] = []
    checkpoint = find_checkpoint(zoo_settings, "someone/tiny")
    loaded = load_checkpoint(checkpoint, zoo_settings, "cpu", torch.float32, said.append)
    assert loaded.name == "someone/tiny"
    assert not any("Downloading" in text for text in said)


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_an_interrupted_download_is_not_taken_for_a_whole_one(
    zoo_settings: Settings, hub_cache: Path, part: str
) -> None:
    snapshot = _put(hub_cache, "someone/tiny", zoo_settings.models / "checkpoints" / "tiny-sd15")
    for file in (snapshot / part).glob("*.safetensors"):
        file.unlink()
    with pytest.raises(Offline):
        hub.fetch(zoo_settings, "someone/tiny", hub.CHECKPOINT, print)


def test_the_tokenizer_of_single_files_comes_from_the_cache(zoo_settings: Settings, hub_cache: Path) -> None:
    _put(hub_cache, CLIP, zoo_settings.models / "checkpoints" / "tiny-sd15" / "tokenizer")
    first, second = clip_tokenizers(zoo_settings, 2, print)
    assert (first.pad_token, second.pad_token) == ("<|endoftext|>", "!")


def test_no_pattern_lets_a_pickle_through() -> None:
    for wanted in (hub.CHECKPOINT, hub.CONTROLNET, hub.TOKENIZER):
        for variant in ("", ".fp16"):
            for pattern in wanted.patterns(variant):
                assert pattern.endswith((".json", ".txt", ".safetensors"))


def test_offline_settings_never_ask_the_hub(settings: Settings, hub_cache: Path) -> None:
    said: list[str] = []
    with pytest.raises(Offline):
        hub.fetch(settings, "someone/tiny", hub.CHECKPOINT, said.append)
    assert said == []
