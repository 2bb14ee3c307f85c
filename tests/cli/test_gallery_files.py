import zipfile

import pytest
from PIL import Image

from studio.database import Database
from studio.gallery import Gallery, read_metadata, texts
from tests.gallery.pictures import file_of, image, put

A1111 = "1girl\nSteps: 20, Sampler: Euler, CFG scale: 7, Seed: 5, Size: 512x512, Model: anime"


@pytest.fixture
def gallery(settings, environment) -> Gallery:
    return Gallery(settings, Database(settings.database))


def test_filters_and_sorts(run, gallery):
    first, second = put(gallery, 1, prompt="blue hair", checkpoint="a"), put(gallery, 2, prompt="blue sky", width=768)
    gallery.rate([first.id], 4)
    gallery.tag([second.id], add=["keep"])

    def ids(*options) -> list[int]:
        return [picture["id"] for picture in run("gallery", *options, "--json").document["pictures"]]

    assert ids("search", "blue -sky") == ids("list", "--rating", 3) == ids("list", "--checkpoint", "a") == [first.id]
    assert ids("search", "blue", "--tag", "keep") == ids("list", "--size", "96x64") == [second.id]
    assert ids("list", "--sort", "rating") == ids("list", "--sort", "oldest") == [first.id, second.id]
    assert ids("list", "--since", "2999-01-01") == ids("list", "--offset", 2) == []
    assert ids("list", "--until", "2999-01-01", "--limit", 1) == [second.id]
    assert run("gallery", "search", "green").out == "No pictures match.\n"
    assert run("gallery", "list", "--since", "yesterday").status == 2


def test_show_tells_lineage(run, gallery):
    first = put(gallery, 1)
    second = put(gallery, 2, parent_id=first.id)
    assert run("gallery", "show", first.id, "--json").document["children"] == [second.id]
    document = run("gallery", "show", second.id, "--json").document
    assert document["parents"] == [first.id] and document["parameters"].startswith("\nSteps: 28, ")


def test_export_writes_files_folders_and_zips(run, gallery, tmp_path):
    pictures = [put(gallery, number, prompt="1girl") for number in (1, 2)]
    one = run("gallery", "export", pictures[0].id, "--out", tmp_path / "one.webp", "--format", "webp", "--json")
    assert one.document["files"] == [str(tmp_path / "one.webp")]
    assert read_metadata(tmp_path / "one.webp").request == pictures[0].request
    (tmp_path / "all").mkdir()
    run("gallery", "export", "--search", "1girl", "--out", tmp_path / "all")
    names = [f"{picture.id:06d}-1girl.png" for picture in pictures]
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == names
    outcome = run("gallery", "export", pictures[1].id, pictures[0].id, "--out", tmp_path / "all.zip")
    assert outcome.status == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == names[::-1]


def test_export_refuses_what_it_cannot_do(run, gallery, tmp_path):
    picture = put(gallery, 1)
    for arguments in (
        ("--search", "nothing", "--out", tmp_path / "x.zip"),
        (99, "--out", tmp_path / "x.zip"),
        (picture.id, "--out", tmp_path / "no" / "x.zip"),
        (picture.id, "--out", tmp_path / "no" / "x.png"),
        (picture.id, put(gallery, 2).id, "--out", tmp_path / "nowhere"),
    ):
        outcome = run("gallery", "export", *arguments)
        assert (outcome.status, outcome.out) == (1, "") and outcome.err
    assert list(tmp_path.glob("*.zip")) == []


def test_import_takes_files_folders_and_zips(run, gallery, tmp_path):
    folder = tmp_path / "outputs"
    folder.mkdir()
    (folder / "a.png").write_bytes(file_of(image(1), pnginfo=texts.for_png({"parameters": A1111})))
    (folder / "broken.png").write_bytes(b"no picture")
    Image.new("RGB", (9, 9)).save(tmp_path / "plain.jpg")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.write(folder / "a.png", "a.png")
        archive.writestr("../b.png", file_of(image(2)))
    document = run("gallery", "import", folder, tmp_path / "plain.jpg", tmp_path / "more.zip", "--json").document
    assert (document["added"], document["known"], document["refusals"]) == (2, 1, 2)
    assert [line.partition(":")[0] for line in document["refused"]] == ["broken.png", "../b.png"]
    listed = run("gallery", "list", "--json").document["pictures"]
    assert {picture["origin"] for picture in listed} == {"a1111", "unknown"}
    assert {picture["prompt"] for picture in listed} == {"1girl", ""}
    shown = run("gallery", "show", next(p["id"] for p in listed if p["origin"] == "unknown"))
    assert "not known" in shown.out
    assert run("gallery", "import", folder / "broken.png").status == 1
    assert run("gallery", "import", tmp_path / "nowhere").status == 1


def test_trash_restore_and_empty(run, gallery):
    ids = [put(gallery, number).id for number in range(3)]
    assert run("gallery", "trash").out == "The trash is empty.\n"
    assert run("gallery", "trash", ids[0], ids[1], "--json").document == {"trashed": ids[:2]}
    assert run("gallery", "trash", "--json").document == {"trash": [ids[1], ids[0]], "total": 2}
    assert run("gallery", "restore", ids[2]).status == 1
    assert run("gallery", "trash", ids[2], 99).status == 1
    assert gallery.count() == 1  # One wrong number, and nothing changes.
    assert run("gallery", "restore", ids[1], "--json").document == {"restored": [ids[1]]}
    assert run("gallery", "trash", "--empty", "--json").document == {"deleted": 1}
    assert gallery.ids() == [ids[2], ids[1]]
    assert run("gallery", "restore", ids[0]).status == 1


@pytest.mark.parametrize("command", ["list", "search", "show", "read", "export", "import", "trash", "restore"])
def test_every_command_has_help_with_an_example(run, command):
    outcome = run("gallery", command, "--help")
    assert outcome.status == 0 and f"python -m studio gallery {command}" in outcome.out
