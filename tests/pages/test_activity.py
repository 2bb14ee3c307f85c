from __future__ import annotations

from studio.database import Database
from studio.errors import UnusableImage
from studio.jobs import State
from studio.jobs.bench import TaskSeat
from studio.jobs.claims import Seat
from studio.request import GenerationRequest


def requests(count: int) -> list[GenerationRequest]:
    return [GenerationRequest.build(prompt="1girl", checkpoint="tiny-sd15", seed=seed) for seed in range(count)]


def test_an_empty_studio_says_what_will_be_here(open_page):
    page = open_page("activity.py")
    assert any("Nothing runs" in caption.value for caption in page.caption)
    assert not page.error


def test_waiting_jobs_are_listed_in_order_and_can_be_cancelled(open_page, parts):
    first, second = parts.queue.submit(requests(2))
    page = open_page("activity.py")
    page.button(key=f"activity_cancel_{second}").click().run()
    assert [job.id for job in parts.queue.active()] == [first]
    page.button(key=f"retry_{second}").click().run()
    assert [job.id for job in parts.queue.active()] == [first, second]
    page.button(key="cancel_everything").click().run()
    assert not parts.queue.active() and parts.queue.get([first])[0].state is State.CANCELLED


def test_the_queue_can_be_paused_and_resumed(open_page, parts):
    page = open_page("activity.py")
    page.button(key="pause").click().run()
    assert parts.queue.paused()
    assert page.button(key="pause").label == "Resume the queue"
    page.button(key="pause").click().run()
    assert not parts.queue.paused()


def test_a_finished_job_shows_its_picture(open_page, parts, add_picture):
    picture = add_picture()
    parts.queue.submit([picture.request])
    page = open_page("activity.py")
    assert any("Done" in caption.value for caption in page.caption)
    assert any(picture.sha256 in url for image in page.image for url in image.value)


def test_tasks_are_listed_and_can_be_cancelled_and_tried_again(open_page, parts):
    database = Database(parts.settings.database)
    id = parts.tasks.submit("pose", {"image": "0" * 64})
    page = open_page("activity.py")
    page.button(key=f"cancel_task_{id}").click().run()
    assert parts.tasks.get(id).state is State.CANCELLED
    parts.tasks.retry([id])
    Seat(database, "me", "cpu").take()
    TaskSeat(database, "me").claim()
    TaskSeat(database, "me").fail(id, UnusableImage("Nobody was found <b>.", "Choose a clearer picture."))
    page = open_page("activity.py")
    assert [error.value for error in page.error] == ["Choose a clearer picture."]
    page.button(key=f"retry_task_{id}").click().run()
    assert parts.tasks.get(id).state is State.QUEUED
