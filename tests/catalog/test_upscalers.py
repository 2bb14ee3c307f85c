"""The list of upscalers: published, local, bundled, Lanczos; what is installed; what is broken."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest

from studio.catalog import upscalers
from studio.catalog.upscalers import UPSCALERS, default_upscaler, find_upscaler, list_upscalers, upscaler_folder
from studio.errors import UnknownName, UnusableWeights
from studio.settings import Settings


@pytest.fixture(autouse=True)
def _no_starter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path / "elsewhere")


def weights(path: Path) -> Path:
    """A safetensors file with one empty tensor."""
    header = json.dumps({"a": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(header)) + header)
    return path


def published(settings: Settings, name: str) -> Path:
    remote = UPSCALERS[name].remote
    path = upscaler_folder(settings) / remote.name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(remote.size)
    return path


@pytest.mark.parametrize("name", UPSCALERS)
def test_published_files_are_named_completely(name: str):
    spec = UPSCALERS[name]
    assert spec.remote.url.startswith("https://github.com/xinntao/Real-ESRGAN/releases/download/v")
    assert spec.remote.url.endswith("/" + spec.remote.name) and spec.remote.name.startswith(name)
    assert re.fullmatch(r"[0-9a-f]{64}", spec.remote.sha256) and spec.remote.size > 10**6
    assert spec.explanation.endswith(".")


def test_with_nothing_installed_lanczos_is_the_honest_fallback(settings: Settings):
    found = list_upscalers(settings)
    assert [each.name for each in found] == [*UPSCALERS, "Lanczos"]
    assert [each.installed for each in found] == [False, False, False, True]
    assert default_upscaler(settings).name == "Lanczos"
    assert "no detail" in found[-1].label
    assert "17.9 MB to download" in found[0].label


def test_what_is_installed_comes_first(settings: Settings):
    weights(upscaler_folder(settings) / "mine.safetensors")
    assert default_upscaler(settings).name == "mine"
    path = published(settings, "realesr-animevideov3")
    assert default_upscaler(settings).name == "realesr-animevideov3"
    assert find_upscaler(settings, "Realesr AnimeVideov3").path == path
    assert default_upscaler(settings).label == "realesr-animevideov3"


def test_local_files_keep_distinct_names(settings: Settings):
    folder = upscaler_folder(settings)
    for name in ("a.safetensors", "sub/b.safetensors"):
        weights(folder / name)
    for name in ("a.pth", "c.pth", "Lanczos.pth", "d.pt"):
        (folder / name).write_bytes(b"PK")
    own = [each.name for each in list_upscalers(settings) if each.explanation.startswith("From")]
    assert own == ["a", "a.pth", "c", "d", "Lanczos.pth", "sub/b"]
    assert all(find_upscaler(settings, name).name == name for name in own)


def test_the_starters_network_is_found_where_it_is_published(settings: Settings, tmp_path: Path):
    weights(tmp_path / "elsewhere" / "starter" / "upscaler" / "x4.safetensors")
    assert find_upscaler(settings, "starter/x4").is_network
    assert default_upscaler(settings).name == "starter/x4"


def test_broken_files_say_so_and_are_not_the_default(settings: Settings):
    folder = upscaler_folder(settings)
    folder.mkdir(parents=True)
    (folder / "RealESRGAN_x4plus.pth").write_bytes(b"PK cut off")
    (folder / "empty.pth").touch()
    (folder / "no.safetensors").write_bytes(b"x" * 100)
    (folder / "code.ckpt").write_bytes(b"\x80\x04.")
    assert default_upscaler(settings).name == "Lanczos"
    for name in ("RealESRGAN_x4plus", "empty", "no", "code.ckpt"):
        with pytest.raises(UnusableWeights) as refused:
            find_upscaler(settings, name)
        assert refused.value.hint
    assert "cannot be used" in next(each.label for each in list_upscalers(settings) if each.name == "empty")


def test_an_unknown_name_gets_near_ones(settings: Settings):
    with pytest.raises(UnknownName) as refused:
        find_upscaler(settings, "RealESRGAN anime")
    assert "RealESRGAN_x4plus_anime_6B" in refused.value.hint
    with pytest.raises(UnknownName):
        find_upscaler(settings, "../../etc/passwd")


def test_a_starter_without_a_network_is_no_error(settings: Settings):
    assert upscalers._bundled(settings) == []
