from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from studio.database import Database
from studio.gallery import Gallery, Provenance, hashes
from studio.gallery.hashes import WeightsHashes
from studio.settings import Settings
from tests.gallery.pictures import image, request


def weights(path: Path, tensors: bytes, noted: str = "") -> Path:
    note = f'"__metadata__":{{"sshs_model_hash":"{noted}"}},' if noted else ""
    header = (
        f'{{{note}"lora_down.w":{{"dtype":"U8","shape":[{len(tensors)}],"data_offsets":[0,{len(tensors)}]}}}}'.encode()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(len(header).to_bytes(8, "little") + header + tensors)
    return path


@pytest.fixture
def known(settings: Settings, database: Database, gallery: Gallery) -> WeightsHashes:
    return gallery.hashes


def test_hashes_are_those_of_a1111(tmp_path: Path, known: WeightsHashes):
    path = weights(tmp_path / "x.safetensors", b"tensors")
    assert known.of(path, "file") == hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    assert known.of(path, "lora") == hashlib.sha256(b"tensors").hexdigest()[:12]
    noted = weights(tmp_path / "noted.safetensors", b"tensors", "ab" * 32)
    assert known.of(noted, "lora") == "ab" * 6
    large = weights(tmp_path / "control.safetensors", os.urandom(2**20 + 2**17))
    assert known.of(large, "control") == hashlib.sha256(large.read_bytes()[2**20 : 2**20 + 2**16]).hexdigest()[:8]


def test_a_file_is_read_once_until_it_changes(tmp_path: Path, known: WeightsHashes, settings, monkeypatch):
    path, reads = weights(tmp_path / "x.safetensors", b"one"), []
    count = lambda path: reads.append(path) or hashes.file_hash(path)  # noqa: E731
    monkeypatch.setitem(hashes.KINDS, "file", count)
    first = known.of(path, "file")
    other = WeightsHashes(settings, Database(settings.database))  # As in another process, or after a restart.
    assert other.of(path, "file") == first and len(reads) == 1
    weights(path, b"two")
    os.utime(path, ns=(1, 1))
    assert known.of(path, "file") != first and len(reads) == 2


def test_a_picture_carries_the_hashes_of_what_made_it(gallery: Gallery, settings: Settings):
    files = {
        kind: weights(settings.models / f"{kind}s" / "sub" / f"my {kind}.safetensors", kind.encode())
        for kind in ("checkpoint", "lora")
    }
    asked = request(checkpoint="my checkpoint", prompt="<lora:my lora:0.5>")  # As A1111 names it: without folder.
    gallery.hashes.begin(asked)
    told = gallery.add(image(), asked, Provenance()).provenance
    assert told.model_hash == hashlib.sha256(files["checkpoint"].read_bytes()).hexdigest()[:10]
    assert told.lora_hashes == {"my lora": hashlib.sha256(b"lora").hexdigest()[:12]}
    text = gallery.recent()[0].parameters
    assert f"Model hash: {told.model_hash}, Model: my checkpoint" in text and 'Lora hashes: "my lora: ' in text


def test_what_is_not_there_has_no_hash(gallery: Gallery):
    asked = request(checkpoint="someone/on-the-hub", prompt="<lora:gone:1> <lora:bad:x>", vae="gone")
    gallery.hashes.begin(asked)
    told = gallery.add(image(), asked, Provenance(lora_hashes={"gone": "0123456789ab"})).provenance
    assert (told.model_hash, told.vae_hash, told.lora_hashes) == ("", "", {"gone": "0123456789ab"})
