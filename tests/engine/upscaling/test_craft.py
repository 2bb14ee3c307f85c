"""The craft: stored pictures enlarged, kept as children with their recipe, under one bar, cancelled between tiles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.crafting import TaskCancelled
from studio.database import Database
from studio.engine.upscaling import craft
from studio.errors import InvalidRequest, Offline, UnknownName, UnusableWeights
from studio.gallery import Gallery, Provenance, read_metadata
from studio.request import GenerationRequest, UpscalePass
from studio.settings import Settings
from tests import upscalers


@dataclass
class Bench:
    settings: Settings
    gallery: Any
    device: str = "cpu"
    told: list[tuple[int, int, str]] = field(default_factory=list)
    stop_at: int = 10**9

    def report(self, done: int, total: int, status: str = "") -> None:
        self.told.append((done, total, status))
        if len(self.told) >= self.stop_at:
            raise TaskCancelled


@pytest.fixture
def bench(settings: Settings, monkeypatch, tmp_path) -> Bench:
    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path / "no-starter")
    monkeypatch.setattr(craft._cache, "_entries", type(craft._cache._entries)())
    upscalers.save(upscalers.srvgg(), settings.models / "upscalers" / "srvgg.safetensors")
    return Bench(settings, Gallery(settings, Database(settings.database)))


def add(bench: Bench, seed: int = 1, size: tuple[int, int] = (64, 48), **fields):
    request = GenerationRequest.build(checkpoint="any", seed=seed, width=64, height=64, prompt="1girl", **fields)
    return bench.gallery.add(upscalers.noise(*size, seed), request, Provenance(model_hash="0123456789"))


def pixels(bench: Bench, id: int) -> np.ndarray:
    return np.asarray(bench.gallery.open_picture(bench.gallery.get(id).sha256)).astype(int)


def test_a_picture_gets_a_child_with_the_recipe_that_would_draw_it(bench):
    parent = add(bench)
    result = craft.run({"picture": parent.id, "scale": 4, "upscaler": "srvgg"}, bench)
    child = bench.gallery.get(result["picture"])
    assert result == {"picture": child.id, "pictures": [child.id], "upscaler": "srvgg", "notes": []}
    assert (child.width, child.height, child.parent_id) == (256, 192, parent.id)
    assert child.request == parent.request.with_(upscale=UpscalePass(upscaler="srvgg", scale=4))
    assert child.provenance.model_hash == "0123456789" and child.provenance.versions["spandrel"]
    expected = upscalers.plain(bench.settings.models / "upscalers" / "srvgg.safetensors", upscalers.noise(64, 48, 1))
    assert np.abs(pixels(bench, child.id) - expected).max() <= 1
    assert read_metadata(bench.gallery.file_of(child.sha256)).request == child.request


def test_the_same_again_is_found_not_made(bench):
    payload = {"picture": add(bench).id, "side": 128}
    first = craft.run(payload, bench)
    assert craft.run(payload, bench)["picture"] == first["picture"]


def test_without_a_name_the_best_installed_upscaler_is_taken(bench, settings):
    parent = add(bench)
    assert craft.run({"picture": parent.id, "scale": 2}, bench)["upscaler"] == "srvgg"
    (settings.models / "upscalers" / "srvgg.safetensors").unlink()
    result = craft.run({"picture": parent.id, "scale": 3}, bench)
    assert result["upscaler"] == "Lanczos"
    assert bench.gallery.get(result["picture"]).request.upscale == UpscalePass(upscaler="Lanczos", scale=3)


def test_many_pictures_share_one_bar(bench, monkeypatch):
    monkeypatch.setattr(craft, "room_for_tiles", lambda total: 48**2 * 768)
    ids = [add(bench, seed).id for seed in (1, 2)]
    result = craft.run({"pictures": ids, "scale": 4}, bench)
    assert len(result["pictures"]) == 2
    done = [each[0] for each in bench.told]
    assert done == sorted(done) and done[-1] == 2 * 64 * 48
    assert {each[1] for each in bench.told} == {2 * 64 * 48}
    assert bench.told[0][2] == "Picture 1 of 2 · Tile 1 of 4" and any(
        "Picture 2 of 2" in each[2] for each in bench.told
    )


def test_it_is_cancelled_between_tiles_and_leaves_nothing(bench, monkeypatch):
    monkeypatch.setattr(craft, "room_for_tiles", lambda total: 48**2 * 768)
    parent = add(bench)
    bench.stop_at = 3
    with pytest.raises(TaskCancelled):
        craft.run({"picture": parent.id, "scale": 4}, bench)
    assert len(bench.told) == 3 and bench.gallery.count() == 1


def test_an_upscaled_picture_is_made_again_from_its_original(bench):
    parent = add(bench, size=(64, 64))
    once = craft.run({"picture": parent.id, "scale": 2}, bench)["picture"]
    twice = bench.gallery.get(craft.run({"picture": once, "scale": 2}, bench)["picture"])
    assert (twice.width, twice.height, twice.parent_id) == (256, 256, parent.id)
    assert twice.request.upscale == UpscalePass(upscaler="srvgg", width=256, height=256)


def test_without_its_original_an_upscaled_picture_is_taken_as_it_is_and_no_recipe_is_claimed(bench):
    drawn = add(bench, size=(128, 128), upscale={"scale": 2})
    child = bench.gallery.get(craft.run({"picture": drawn.id, "scale": 2}, bench)["picture"])
    assert (child.width, child.parent_id, child.has_recipe, child.digest) == (256, drawn.id, False, "")
    assert child.parameters == drawn.parameters
    found = read_metadata(bench.gallery.file_of(child.sha256))
    assert found.request != drawn.request and "1girl" in str(found.parameters)


def test_transparency_stays(bench):
    request = GenerationRequest.build(checkpoint="any", seed=5, width=64, height=64)
    image = upscalers.noise(64, 64).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((64, 64)))
    parent = bench.gallery.add(image, request, Provenance())
    child = bench.gallery.get(craft.run({"picture": parent.id, "scale": 2}, bench)["picture"])
    assert bench.gallery.open_picture(child.sha256).mode == "RGBA"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"scale": 2}, InvalidRequest),
        ({"picture": "1", "scale": 2}, InvalidRequest),
        ({"picture": 77, "scale": 2}, UnknownName),
        ({"picture": 1}, InvalidRequest),
        ({"picture": 1, "scale": 2, "side": 90}, InvalidRequest),
        ({"picture": 1, "width": 9000, "height": 9000}, InvalidRequest),
        ({"picture": 1, "scale": 2, "upscaler": "nothing"}, UnknownName),
        ({"picture": 1, "scale": 2, "upscaler": "RealESRGAN_x4plus_anime_6B"}, Offline),
        ({"picture": 1, "scale": 2, "upscaler": "broken"}, UnusableWeights),
    ],
)
def test_bad_orders_are_refused_with_a_remedy(bench, payload, kind):
    (bench.settings.models / "upscalers" / "broken.pth").write_bytes(b"PK not really")
    add(bench)
    with pytest.raises(kind) as refused:
        craft.run(payload, bench)
    assert refused.value.hint


def test_a_target_beyond_what_is_kept_names_its_memory(bench):
    parent = add(bench, size=(640, 640))
    with pytest.raises(InvalidRequest, match=r"10240 × 10240 pixels, 0.3 GB in memory"):
        craft.run({"picture": parent.id, "scale": 16}, bench)
