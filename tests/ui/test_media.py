from __future__ import annotations

import asyncio
import io
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware

from studio.gallery import Provenance
from studio.poses import drawing
from studio.poses.library import library_pose
from studio.request import GenerationRequest
from studio.ui import media
from studio.ui.cookie import DeskCookie
from studio.ui.desk import COOKIE
from studio.ui.media import KnownPoses
from studio.ui.services import services


def run(coroutine: Coroutine) -> None:
    """Run it in a thread of its own: the browser tests leave a running event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, coroutine).result()


def get(path: str, headers: tuple = ()) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one GET, through the real routes and middleware."""
    app = Starlette(routes=media.ROUTES, middleware=[Middleware(DeskCookie)])
    sent: list[dict] = []
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "headers": list(headers), "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80),
    }  # fmt: skip

    asked = 0

    async def receive() -> dict:
        nonlocal asked
        asked += 1
        if asked > 1:
            await asyncio.Event().wait()  # This browser stays until it has everything.
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    run(app(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture
def parts(settings, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    monkeypatch.setenv("STUDIO_MODELS", str(settings.models))
    return services()


def test_pictures_and_thumbnails_come_by_hash_and_stay_in_the_browser(parts):
    request = GenerationRequest.build(prompt="1girl", checkpoint="demo", seed=1)
    picture = parts.gallery.add(Image.new("RGB", (400, 300), "teal"), request, Provenance())
    status, headers, body = get(media.picture_url(picture.sha256))
    assert status == 200 and body == parts.gallery.file_of(picture.sha256).read_bytes()
    assert "immutable" in headers["cache-control"] and headers["content-type"] == "image/png"
    status, headers, body = get(media.thumbnail_url(picture.sha256))
    assert status == 200 and max(Image.open(io.BytesIO(body)).size) == 256


@pytest.mark.parametrize("name", ["0" * 64, "0" * 63, "..%2f..%2fstudio", "%2e%2e", "A" * 64, "a" * 64 + "%00"])
@pytest.mark.parametrize("kind", ["picture/{}.png", "thumbnail/{}.webp", "map/{}/64x64.png", "preview/{}/1.webp"])
def test_no_name_leads_anywhere_else(parts, kind, name):
    (parts.settings.home / "secret.png").write_bytes(b"secret")
    status, _, body = get(f"{media.PREFIX}/{kind.format(name)}")
    assert status == 404 and b"secret" not in body


def test_a_map_is_what_the_control_net_sees(parts):
    pose = library_pose("jogging")
    status, headers, body = get(media.map_url(pose, 256, 384))
    assert status == 200 and "immutable" in headers["cache-control"]
    assert (np.asarray(Image.open(io.BytesIO(body))) == drawing.draw(pose, 256, 384)).all()


@pytest.mark.parametrize("size", ["0x64", "64x-1", "99999x99999", "64", "64x64x64", "１x１"])
def test_a_map_of_no_sensible_size_is_not_drawn(parts, size):
    digest = media.map_url(library_pose("jogging"), 64, 64).split("/")[-2]
    assert get(f"{media.PREFIX}/map/{digest}/{size}.png")[0] == 404


def test_there_is_no_preview_of_a_job_that_does_not_run(parts):
    (job,) = parts.queue.submit([GenerationRequest.build(prompt="1girl", checkpoint="demo", seed=1)])
    assert get(media.preview_url(job, 3))[0] == 404


def test_known_poses_are_bounded():
    known, pose = KnownPoses(limit=2), library_pose("jogging")
    digests = [known.add(pose.scaled_to(64 * n, 64 * n)) for n in (1, 2, 3)]
    assert [known.get(digest) is not None for digest in digests] == [False, True, True]


def test_pictures_set_no_cookie(parts):
    _, headers, _ = get(f"{media.PREFIX}/picture/{'0' * 64}.png")
    assert "set-cookie" not in headers


def test_a_page_gets_the_cookie_once():
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b""})

    def headers_for(*sent_by_browser):
        messages = []

        async def send(message):
            messages.append(message)

        run(DeskCookie(page)({"type": "http", "headers": list(sent_by_browser)}, None, send))
        return dict(messages[0]["headers"])

    first = headers_for()[b"set-cookie"]
    assert first.startswith(COOKIE.encode()) and b"HttpOnly" in first and b"SameSite=Lax" in first
    assert first != headers_for()[b"set-cookie"]
    assert b"set-cookie" not in headers_for((b"cookie", first.split(b";")[0]))
