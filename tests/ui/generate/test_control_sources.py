from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.poses.library import library_pose, pose_names
from studio.poses.values import Joint, Person, Pose
from studio.request import ImageRef
from studio.ui import desk
from studio.ui.generate import control_sources, sketch
from studio.ui.generate.control_sources import FIRST, SECOND, pose_of, recognised, sights, type_of
from studio.ui.generate.draft import Draft
from studio.ui.generate.forms import draft_from, requests_from
from studio.ui.generate.sketch import Sketch, Stroke
from studio.ui.pose import desk as pose_desk
from studio.ui.services import services

POSE = Pose(width=64, height=64, people=(Person(body=(Joint(10, 12),) * 18),))
JSON = POSE.model_dump_json()
DRAWN = Sketch(width=128, height=128, strokes=(Stroke(width=6, points=((10, 64), (118, 64))),))
DRAFT = Draft(prompt="1girl", checkpoint="demo", width=128, height=64)


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STUDIO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(desk, "desk_id", lambda: "e" * 32)


@pytest.mark.parametrize(
    "changes",
    [
        {"control": "pose", "pose_name": "", "pose_json": JSON},
        {"control": "photo", "photo": "a" * 64, "photo_pose": JSON},
        {"control": "json", "pasted_pose": JSON},
    ],
)
def test_every_source_gives_its_pose(changes):
    draft = DRAFT.with_(**changes)
    assert pose_of(draft) == POSE and sights(draft) == (POSE, None) and type_of(draft) == "openpose"
    assert pose_of(draft.with_(control="none")) is None and type_of(draft.with_(control="none")) is None


def test_the_editor_is_asked_each_time():
    draft = DRAFT.with_(control="editor")
    assert pose_of(draft) is None
    pose_desk.keep("e" * 32, POSE)
    assert pose_of(draft) == POSE


def test_a_photo_that_was_removed_takes_its_pose_along():
    assert pose_of(DRAFT.with_(control="photo", photo=None, photo_pose=JSON)) is None


def test_the_second_control_has_a_pose_of_its_own():
    draft = DRAFT.with_(control="json", pasted_pose=JSON, second="pose", second_pose_name=pose_names()[0])
    assert sights(draft) == (POSE, library_pose(pose_names()[0]))
    assert pose_of(draft, SECOND) != pose_of(draft, FIRST)
    assert type_of(draft.with_(second="image", second_type="depth"), SECOND) == "depth"


def test_a_drawing_is_stored_at_the_size_of_the_picture():
    draft = DRAFT.with_(control="sketch", sketch=DRAWN.model_dump_json())
    ref, _ = sights(draft)
    assert isinstance(ref, ImageRef) and sights(draft) == (ref, None)
    pixels = np.asarray(services().gallery.open_image(ref))
    assert pixels.shape == (64, 128, 3)
    assert np.array_equal(pixels, sketch.draw(DRAWN.scaled_to(128, 64)))


@pytest.mark.parametrize("size", [(128, 64), (0, 64), (99_999, 64)])
def test_a_remark_or_a_wrong_size_stores_nothing(size):
    draft = DRAFT.with_(control="sketch", sketch=DRAWN.model_dump_json(), width=size[0], height=size[1])
    assert sights(draft, store=size[0] != 128) == (control_sources.UNSTORED, None)
    assert not list(services().settings.home.rglob("*.png"))


@pytest.mark.parametrize("strokes", [None, "no json", Sketch(width=9, height=9).model_dump_json()])
def test_an_empty_canvas_is_no_control(strokes):
    assert sights(DRAFT.with_(control="sketch", sketch=strokes)) == (None, None)


def test_the_settings_of_a_drawn_picture_bring_the_strokes_back():
    draft = DRAFT.with_(control="sketch", sketch=DRAWN.model_dump_json(), sketch_type="lineart")
    (request,) = requests_from(draft, 1, *sights(draft))
    again = recognised(draft_from(request, Draft()))
    assert (again.control, again.sketch_type, sketch.read(again.sketch)) == ("sketch", "lineart", DRAWN)
    assert requests_from(again, 1, *sights(again)) == [request]


def test_the_settings_of_a_posed_picture_name_the_librarys_pose():
    name = pose_names()[0]
    draft = DRAFT.with_(control="pose", pose_name=name)
    (request,) = requests_from(draft, 1, *sights(draft))
    again = recognised(draft_from(request, Draft()))
    assert (again.control, again.pose_name) == ("pose", name)
    both = requests_from(draft.with_(second="pose", second_pose_name=name), 1, POSE, library_pose(name))[0]
    assert recognised(draft_from(both, Draft())).second_pose_name == name
    other = requests_from(DRAFT.with_(control="json", pasted_pose=JSON), 1, POSE)[0]
    kept = recognised(draft_from(other, Draft()))
    assert (kept.control, kept.pose_name, pose_of(kept)) == ("pose", "", POSE)
