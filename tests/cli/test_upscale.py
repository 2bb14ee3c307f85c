"""``upscale``: files and pictures of the gallery, through a real worker process."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.database import Database
from studio.gallery import Gallery, Provenance
from studio.request import GenerationRequest, UpscalePass
from tests import upscalers

A1111 = "1girl, running\nNegative prompt: lowres\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 40x30"


@pytest.fixture
def network(environment, settings):
    return upscalers.save(upscalers.srvgg(), settings.models / "upscalers" / "srvgg.pth")


@pytest.fixture
def gallery(environment, settings) -> Gallery:
    return Gallery(settings, Database(settings.database))


def test_files_and_numbers_are_enlarged_in_one_go(run, network, gallery, settings, tmp_path):
    texts = PngInfo()
    texts.add_text("parameters", A1111)
    image = upscalers.noise(40, 30).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((40, 30)))
    image.save(tmp_path / "theirs.png", pnginfo=texts)
    request = GenerationRequest.build(checkpoint="any", seed=1, width=64, height=64)
    ours = gallery.add(upscalers.noise(64, 64, 5), request, Provenance())
    out = tmp_path / "out"
    out.mkdir()
    done = run("upscale", tmp_path / "theirs.png", ours.id, "--scale", 4, "--out", out, "--json")
    assert done.status == 0, done.err
    assert "Picture" in done.err or "waiting" in done.err or "%" in done.err
    assert done.document["upscaler"] == "srvgg"
    first, second = done.document["images"]
    assert (first["width"], first["height"]) == (160, 120) and (second["width"], second["height"]) == (256, 256)
    with Image.open(out / "theirs-160x120.png") as enlarged:
        assert enlarged.mode == "RGBA" and enlarged.text["parameters"] == A1111
    child = gallery.get(second["id"])
    assert child.parent_id == ours.id
    assert child.request == request.with_(upscale=UpscalePass(upscaler="srvgg", scale=4))
    with Image.open(second["path"]) as enlarged:
        assert (
            np.abs(np.asarray(enlarged).astype(int) - upscalers.plain(network, upscalers.noise(64, 64, 5))).max() <= 1
        )


def test_without_a_network_lanczos_does_it_and_says_so(run, environment, tmp_path):
    upscalers.noise(40, 30).save(tmp_path / "in.jpg")
    done = run("upscale", tmp_path / "in.jpg", "--to", 120, "--shortest", "--out", tmp_path / "large.png")
    assert done.status == 0, done.err
    assert "Lanczos" in done.err and "160×120" in done.out
    with Image.open(tmp_path / "large.png") as image:
        assert image.size == (160, 120)


def test_the_list_names_what_there_is(run, network):
    done = run("upscale", "--list", "--json")
    assert done.document["default"] == "srvgg"
    assert {each["name"]: each["installed"] for each in done.document["upscalers"]} == {
        "RealESRGAN_x4plus_anime_6B": False,
        "realesr-animevideov3": False,
        "RealESRGAN_x4plus": False,
        "srvgg": True,
        "Lanczos": True,
    }
    assert "MB to download" in run("upscale", "--list").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["upscale"], "nothing to upscale"),
        (["upscale", "gone.png"], "no file"),
        (["upscale", "77"], "no picture 77"),
        (["upscale", "in.png", "--upscaler", "nothing"], "no upscaler"),
        (["upscale", "in.png", "--upscaler", "broken"], "is not whole"),
        (["upscale", "in.png", "--to", "9000"], "out of range"),
        (["upscale", "in.png", "--size", "8000x8000"], "0.2 GB in memory"),
        (["upscale", "in.png", "--scale", "2", "--shortest"], "side in pixels"),
        (["upscale", "in.png", "--out", "out.gif"], ".png"),
        (["upscale", "in.png", "in.png", "--out", "out.png"], "folder"),
        (["upscale", "text.png"], "not a picture"),
    ],
)
def test_bad_input_ends_in_a_sentence(run, network, settings, tmp_path, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    upscalers.noise(40, 30).save("in.png")
    (tmp_path / "text.png").write_text("no picture")
    (settings.models / "upscalers" / "broken.pth").touch()
    done = run(*arguments)
    assert done.status == 1 and words in done.err and "Traceback" not in done.err
    assert done.out == ""


def test_json_of_a_failure_is_nothing_on_stdout(run, environment, tmp_path):
    done = run("upscale", tmp_path / "gone.png", "--json")
    assert done.status == 1 and done.out == "" and json.dumps(done.err)
