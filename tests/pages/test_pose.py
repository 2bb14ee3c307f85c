from __future__ import annotations

import pytest

from studio.database import Database
from studio.errors import UnusableImage
from studio.jobs.bench import TaskSeat
from studio.jobs.claims import Seat
from studio.poses.library import library_pose
from studio.request import MAX_SIDE
from studio.ui import desk
from studio.ui.pose import desk as pose_desk
from studio.ui.pose import page as pose_page

WAVING = library_pose("waving")


@pytest.fixture
def session(monkeypatch):
    """The page's functions outside a page, on one desk."""
    monkeypatch.setattr(desk, "desk_id", lambda: "me")
    monkeypatch.setattr(pose_page.st, "session_state", {})
    return pose_page.st.session_state


def on_desk(page) -> object:
    return pose_desk.current(page.session_state["desk.id"])


def test_an_empty_desk_gets_a_standing_figure_on_the_pictures_canvas(open_page):
    page = open_page("pose.py")
    pose = on_desk(page)
    assert len(pose.people) == 1 and all(pose.people[0].body)
    assert (pose.width, pose.height) == (page.session_state["form.width"], page.session_state["form.height"])
    assert [tab.label.split(": ")[1] for tab in page.tabs] == [
        "Library", "From an image", "Import and export", "Photo", "Score",
    ]  # fmt: skip


def test_what_another_page_put_on_the_desk_is_what_the_page_shows(open_page):
    page = open_page("pose.py")
    pose_desk.keep(page.session_state["desk.id"], WAVING)
    page.run()
    assert not page.exception and on_desk(page) == WAVING
    assert page.session_state["pose_editor.exchange"].pose == WAVING


def test_use_in_generate_lets_the_form_follow_the_editor(open_page, parts):
    page = open_page("pose.py")
    page.button(key="use_in_generate").click().run()
    assert not page.exception
    assert parts.drafts.load(page.session_state["desk.id"]).control == "editor"
    assert page.button(key="generate")


def test_an_edit_that_crosses_a_put_pose_gives_way(studio_settings, session):
    former = library_pose("standing")
    pose_desk.keep("me", former)
    pose_page._edited(WAVING, former)
    assert pose_page.current() == WAVING
    pose_page.put(former)
    pose_page._edited(library_pose("jumping"), WAVING)
    assert pose_page.current() == former


def test_a_found_pose_brings_its_picture_and_a_huge_canvas_is_fitted(studio_settings, session):
    pose_page.found(WAVING.scaled_to(9000, 6000), "ab" * 32)
    pose = pose_page.current()
    assert (pose.width, pose.height) == (MAX_SIDE, round(MAX_SIDE * 2 / 3))
    assert pose_desk.background("me") == "ab" * 32


def test_a_picture_is_measured_by_a_task_and_scored_or_its_failure_shown(open_page, parts, add_picture):
    picture = add_picture()
    page = open_page("pose.py")
    page.session_state["pose_regions"] = page.tabs[-1].label
    page.run()
    page.button(key=f"measure_{picture.id}").click().run()
    (task,) = parts.tasks.recent("pose")
    assert not page.exception and task.payload == {"image": picture.sha256}

    database = Database(parts.settings.database)
    Seat(database, "worker", "cpu").take()
    seat = TaskSeat(database, "worker")
    assert seat.claim().id == task.id
    seat.fail(task.id, UnusableImage("This picture is damaged.", "Choose another."))
    page.run()
    assert [error.value for error in page.error] == ["Choose another."]
    page.button(key="measure_again").click().run()

    found = on_desk(page).model_dump(mode="json")
    assert seat.claim().id == task.id
    seat.finish(task.id, {"pose": found, "note": "One person was found.", "source": "detected"})
    page.run()
    assert not page.exception and not page.error
    assert {metric.label: metric.value for metric in page.metric}["Likeness (OKS)"] == "100%"
