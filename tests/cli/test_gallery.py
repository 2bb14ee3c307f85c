import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, Provenance
from studio.request import GenerationRequest


@pytest.fixture
def gallery(settings, environment) -> Gallery:
    return Gallery(settings, Database(settings.database))


def put(gallery: Gallery, prompt: str, seed: int) -> int:
    image = Image.fromarray(np.full((8, 8, 3), seed, np.uint8))
    request = GenerationRequest.build(prompt=prompt, checkpoint="tiny", seed=seed, steps=20)
    return gallery.add(image, request, Provenance(device="cpu", seconds=1.5)).id


def test_an_empty_gallery(run):
    assert run("gallery", "list").out == "There are no pictures yet.\n"
    assert run("gallery", "list", "--json").document == {"pictures": [], "found": 0, "total": 0}


def test_list_and_search_newest_first(run, gallery):
    first, second = put(gallery, "1girl, running", 1), put(gallery, "1boy, sitting", 2)
    document = run("gallery", "list", "--json").document
    assert [picture["id"] for picture in document["pictures"]] == [second, first]
    assert document["total"] == 2
    assert Path(document["pictures"][0]["path"]).is_file()
    assert [p["id"] for p in run("gallery", "list", "--limit", 1, "--json").document["pictures"]] == [second]
    assert [p["id"] for p in run("gallery", "list", "--search", "runn", "--json").document["pictures"]] == [first]
    lines = run("gallery", "list").out.splitlines()
    assert lines[0].split() == ["id", "made", "size", "seed", "stars", "prompt"]
    assert lines[1].endswith("1boy, sitting")
    assert run("gallery", "list", "--search", "nothing").out == "No pictures match.\n"


def test_show_gives_the_whole_recipe(run, gallery):
    id = put(gallery, "1girl, running", 7)
    document = run("gallery", "show", id, "--json").document
    assert document["request"] == {
        "version": 1,
        "prompt": "1girl, running",
        "checkpoint": "tiny",
        "seed": 7,
        "steps": 20,
    }
    assert document["provenance"]["device"] == "cpu"
    assert GenerationRequest.from_json(json.dumps(document["request"])).digest == document["digest"]
    assert "  prompt: 1girl, running" in run("gallery", "show", id).out


def test_show_of_a_missing_picture(run):
    outcome = run("gallery", "show", 9, "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "no picture 9" in outcome.err


def test_read_tells_what_a_file_says(run, gallery, tmp_path):
    id = put(gallery, "1girl, running", 7)
    path = gallery.file_of(gallery.get(id).sha256)
    document = run("gallery", "read", path, "--json").document
    assert document["source"] == "studio"
    assert document["request"]["seed"] == 7
    assert document["parameters"]["Seed"] == "7"
    plain = tmp_path / "plain.png"
    Image.new("RGB", (4, 4)).save(plain)
    assert run("gallery", "read", plain, "--json").document == {"source": "none", "parameters": {}, "request": None}
    assert "says nothing" in run("gallery", "read", plain).out


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_read_of_what_is_no_picture(run, tmp_path, content):
    path = tmp_path / "file.png"
    if content is not None:
        path.write_bytes(content)
    outcome = run("gallery", "read", path, "--json")
    assert (outcome.status, outcome.out) == (1, "")
    assert "Traceback" not in outcome.err
