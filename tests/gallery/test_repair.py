from __future__ import annotations

import os
import shutil

from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, Provenance, RepairReport
from studio.request import GenerationRequest

PICTURE = Image.new("RGB", (64, 48), "orchid")
REQUEST = GenerationRequest.build(checkpoint="tiny", seed=1, prompt="a quiet street")


def test_a_healthy_gallery_is_left_alone(gallery: Gallery):
    gallery.add(PICTURE, REQUEST, Provenance())
    gallery.files.write(Image.new("RGB", (8, 8)))
    gallery.repair()
    assert gallery.repair() == RepairReport()


def test_a_picture_without_its_file_is_hidden_until_the_file_returns(gallery: Gallery):
    picture = gallery.add(PICTURE, REQUEST, Provenance())
    path = gallery.file_of(picture.sha256)
    away = shutil.move(path, path.with_suffix(".away"))
    assert gallery.repair() == RepairReport(missing=1)
    assert gallery.recent() == [] and gallery.find(REQUEST.digest) is None
    shutil.move(away, path)
    assert gallery.repair() == RepairReport(returned=1)
    assert gallery.recent() == [picture]


def test_files_without_rows_are_adopted_from_the_recipe_inside(gallery: Gallery, database: Database):
    before = gallery.add(PICTURE, REQUEST, Provenance(device="cpu", seconds=3))
    upload = gallery.files.write(Image.new("RGB", (8, 8)))
    database.connection().execute("DELETE FROM images")
    assert gallery.repair() == RepairReport(adopted=2)
    after = gallery.find(REQUEST.digest)
    assert after is not None and after.sha256 == before.sha256
    assert (after.request, after.provenance) == (before.request, before.provenance)
    assert [picture.sha256 for picture in gallery.search("street")] == [before.sha256]
    rows = database.connection().execute("SELECT sha256 FROM images WHERE kind = 'upload'").fetchall()
    assert [row["sha256"] for row in rows] == [upload]


def test_half_files_and_superfluous_files_go(gallery: Gallery):
    picture = gallery.add(PICTURE, REQUEST, Provenance(seconds=1))
    twin = gallery.write(PICTURE, REQUEST, Provenance(seconds=2))
    path = gallery.file_of(picture.sha256)
    half = gallery.file_of("ab" * 32)
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(path.read_bytes()[:150])
    old, fresh = path.parent / ".old.tmp", path.parent / ".fresh.tmp"
    old.write_bytes(b"half")
    os.utime(old, (0, 0))
    fresh.write_bytes(b"being written")
    assert gallery.repair() == RepairReport(removed=3)
    assert fresh.exists() and not old.exists()
    assert not half.exists() and not gallery.file_of(twin.sha256).exists()
    assert gallery.recent() == [picture]


def test_an_orphan_takes_the_place_of_a_lost_file_of_its_request(gallery: Gallery):
    picture = gallery.add(PICTURE, REQUEST, Provenance(seconds=1))
    spare = gallery.write(PICTURE, REQUEST, Provenance(seconds=2))
    gallery.file_of(picture.sha256).unlink()
    gallery.repair()
    found = gallery.find(REQUEST.digest)
    assert found is not None and (found.id, found.sha256) == (picture.id, spare.sha256)
