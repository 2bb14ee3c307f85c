"""Headers are read as they are, and nothing that is broken or pickled gets through."""

import json
import pickle
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save, save_file

from studio.catalog.weights import read_header
from studio.errors import UnusableWeights


def test_a_header_tells_shapes_and_metadata(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(2, 3), "y": torch.zeros(())}, path, metadata={"ss_base_model_version": "sdxl"})
    header = read_header(path)
    assert header.shapes == {"x": (2, 3), "y": ()}
    assert header.metadata == {"ss_base_model_version": "sdxl"}
    assert header.size_bytes == path.stat().st_size
    assert header.has("x")
    assert not header.has("z")


@given(cut=st.integers(1, 400))
def test_any_cut_is_noticed(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    whole = save({"weight": torch.ones(64)})
    path = tmp_path_factory.mktemp("cut") / "a.safetensors"
    path.write_bytes(whole[: max(0, len(whole) - cut)])
    with pytest.raises(UnusableWeights):
        read_header(path)


def test_a_cut_file_is_called_truncated(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    whole = save({"weight": torch.ones(64)})
    for length in (len(whole) - 4, 20):
        path.write_bytes(whole[:length])
        with pytest.raises(UnusableWeights, match="truncated"):
            read_header(path)


@given(st.binary(max_size=300))
def test_garbage_is_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("garbage") / "a.safetensors"
    path.write_bytes(data)
    with pytest.raises(UnusableWeights):
        read_header(path)


@pytest.mark.parametrize(
    "text",
    ["[]", "{}{", '{"a": 1}', '{"a": {"shape": ["x"]}}', '{"a": {"shape": [1], "data_offsets": [0]}}', "[" * 5000],
)
def test_a_header_of_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes(len(text).to_bytes(8, "little") + text.encode())
    with pytest.raises(UnusableWeights, match="not a safetensors file"):
        read_header(path)


def test_a_header_of_absurd_length_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    path.write_bytes((2**40).to_bytes(8, "little") + b"{")
    with pytest.raises(UnusableWeights, match="not a safetensors file"):
        read_header(path)


@pytest.mark.parametrize("ending", [".ckpt", ".pt", ".pth", ".bin", ".PT"])
def test_pickles_are_never_opened(tmp_path: Path, ending: str) -> None:
    class Bomb:
        def __reduce__(self):
            return (tmp_path / "exploded").touch, ()

    path = tmp_path / f"a{ending}"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(UnusableWeights, match="pickled") as refused:
        read_header(path)
    assert "convert" in refused.value.hint
    assert not (tmp_path / "exploded").exists()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableWeights, match="cannot be read"):
        read_header(tmp_path / "a.safetensors")


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    save_file({"x": torch.zeros(2)}, path)
    read_header(path)
    save_file({"y": torch.zeros(3)}, path)
    assert set(read_header(path).shapes) == {"y"}


def test_metadata_of_other_types_becomes_text(tmp_path: Path) -> None:
    path = tmp_path / "a.safetensors"
    text = json.dumps({"__metadata__": {"steps": 3}}).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text)
    assert read_header(path).metadata == {"steps": "3"}
