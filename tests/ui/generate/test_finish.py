"""The Finish part of the form: to a request and back, and in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InvalidRequest
from studio.request import MAX_SEED, HiresPass, UpscalePass
from studio.ui.generate.draft import Draft
from studio.ui.generate.finish import words
from studio.ui.generate.forms import draft_from, requests_from
from studio.ui.generate.upscaler_choice import default, label, names, remark

DRAFT = Draft(prompt="1girl", checkpoint="demo")


def request_of(**changes):
    return requests_from(DRAFT.with_(**changes), 1, None)[0]


def test_switched_off_the_passes_are_not_in_the_request():
    request = request_of(hires_scale=3.0, upscale_side=2048)
    assert request.hires is None and request.upscale is None
    assert request.digest == request_of().digest


def test_the_fields_become_passes():
    request = request_of(hires=True, hires_scale=1.5, hires_upscaler="anime", hires_steps=12, hires_strength=0.35)
    assert request.hires == HiresPass(scale=1.5, upscaler="anime", steps=12, strength=0.35)
    assert request_of(hires=True, hires_by="size", hires_width=768, hires_height=640).hires == HiresPass(
        width=768, height=640
    )
    assert request_of(upscale=True).upscale == UpscalePass(side=1024)
    assert request_of(upscale=True, upscale_by="scale", upscale_scale=3.0, upscale_fast=True).upscale == UpscalePass(
        scale=3, fast=True
    )
    assert request_of(upscale=True, upscale_by="size", upscale_width=800, upscale_height=600).upscale == UpscalePass(
        width=800, height=600
    )


@given(
    st.builds(
        Draft,
        prompt=st.just("1girl"),
        checkpoint=st.just("demo"),
        hires=st.booleans(),
        hires_by=st.sampled_from(["scale", "size"]),
        hires_scale=st.floats(1, 4),
        hires_width=st.integers(8, 200).map(lambda n: n * 8),
        hires_upscaler=st.none() | st.just("anime"),
        hires_strength=st.floats(0, 1),
        hires_steps=st.integers(0, 150),
        upscale=st.booleans(),
        upscale_by=st.sampled_from(["side", "scale", "size"]),
        upscale_scale=st.floats(1, 3),
        upscale_side=st.integers(64, 4000),
        upscale_edge=st.sampled_from(["longest", "shortest"]),
        upscale_width=st.integers(64, 4000),
        upscale_fast=st.booleans(),
    ),
    st.integers(0, MAX_SEED),
)
def test_settings_taken_from_a_picture_finish_it_the_same_way(draft, seed):
    (request,) = requests_from(draft, seed, None)
    again = draft_from(request, Draft())
    assert requests_from(again, again.seed, None) == [request]


def test_a_wrong_size_is_named_where_it_stands():
    with pytest.raises(InvalidRequest) as refused:
        request_of(hires=True, hires_by="size", hires_width=515)
    assert refused.value.field == "hires.width" and "hires pass" in refused.value.message


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "as drawn"),
        ({"hires": True}, "hires ×2 at 0.4"),
        ({"upscale": True}, "upscale to 1024 px"),
        ({"hires": True, "hires_by": "size", "upscale": True, "upscale_by": "scale"}, "hires 1024 × 1024 at 0.4 · "),
    ],
)
def test_the_folds_label_says_what_happens(changes, said):
    assert words(DRAFT.with_(**changes)).startswith(said)


def test_upscalers_are_offered_with_what_is_to_be_known(settings, monkeypatch, tmp_path):
    from studio.catalog.upscalers import list_upscalers

    monkeypatch.setattr("studio.settings.PROJECT_ROOT", tmp_path / "no-starter")
    (settings.models / "upscalers").mkdir(parents=True)
    (settings.models / "upscalers" / "mine.pth").write_bytes(b"PK")
    (settings.models / "upscalers" / "empty.pth").touch()
    found = list_upscalers(settings)
    offered = names(found)
    assert offered[0] == "mine" and offered[-1] == "Lanczos" and "empty" not in offered
    assert default(found) == "mine"
    assert "MB to download" in label("realesr-animevideov3", found)
    assert "downloaded once (2.5 MB)" in remark("realesr-animevideov3", found)
    assert "not on this machine" in remark("gone", found) and label("gone", found) == "gone"
