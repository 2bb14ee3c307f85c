from __future__ import annotations

import json

import pytest

from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery, Query, schema
from studio.request import GenerationRequest, ImageRef
from studio.settings import Settings


def old_row(connection, seed: int, **fields) -> None:
    request = GenerationRequest.build(checkpoint="old", seed=seed, **fields)
    id = connection.execute(
        """INSERT INTO images (kind, sha256, digest, request, width, height, created)
        VALUES ('generated', ?, ?, ?, 64, 64, ?)""",
        (f"{seed:064x}", request.digest, request.canonical_json(), float(seed)),
    ).lastrowid
    connection.execute("INSERT INTO images_text (rowid, prompt) VALUES (?, ?)", (id, request.prompt))


def test_a_database_of_the_first_version_is_upgraded(settings: Settings, database: Database):
    database.migrate("gallery", schema.MIGRATIONS[:1])
    with database.transaction() as connection:
        old_row(connection, 1, prompt="blue_hair <lora:ink:0.7>", sampler="Euler a")
        old_row(connection, 2, controls=[{"pose": {"width": 64, "height": 64}}], loras=[{"name": "flat"}])
        old_row(connection, 3, source={"image": {"sha256": "ab" * 32}})
        connection.execute(
            "INSERT INTO images (kind, sha256, width, height, created) VALUES ('upload', ?, 8, 8, 9)", ("cd" * 32,)
        )
    gallery = Gallery(settings, database)
    assert [picture.id for picture in gallery.recent()] == [3, 2, 1]
    assert [picture.id for picture in gallery.page(Query("blue hair"))] == [1]
    assert [picture.id for picture in gallery.page(Query(sampler="Euler a"))] == [1]
    assert [picture.id for picture in gallery.page(Query(sampler="DPM++ 2M"))] == [3, 2]
    assert [picture.id for picture in gallery.page(Query(has_pose=True, lora="flat"))] == [2]
    assert gallery.facets().loras == [("flat", 1), ("ink", 1)]
    assert gallery.get(1).request.prompt == "blue_hair <lora:ink:0.7>"
    used = database.connection().execute("SELECT value, image_id FROM labels WHERE kind = 'image'").fetchall()
    assert [tuple(row) for row in used] == [(ImageRef(sha256="ab" * 32).sha256, 3)]


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS)))
def test_every_version_leads_to_the_same_tables(settings: Settings, tmp_path, version: int):
    old, new = Database(tmp_path / "old.sqlite3"), Database(tmp_path / "new.sqlite3")
    old.migrate("gallery", schema.MIGRATIONS[:version])
    schema.prepare(old)
    schema.prepare(new)
    tables = "SELECT name, sql FROM sqlite_schema ORDER BY name"
    before, after = (json.dumps([tuple(row) for row in db.connection().execute(tables)]) for db in (old, new))
    assert before == after


def test_a_newer_database_is_refused(settings: Settings, database: Database):
    database.migrate("gallery", [*schema.MIGRATIONS, lambda connection: None])
    with pytest.raises(StudioError, match="newer version"):
        Gallery(settings, database)
