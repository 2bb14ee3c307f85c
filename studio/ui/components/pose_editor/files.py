"""The editor's JavaScript modules and skeleton data, served under an address that changes with their content."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio.poses.editing import editor_data

FOLDER = Path(__file__).parent
PREFIX = "/app/static/studio/pose_editor"
_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_LOADER = """\
const editor = import(new URL("{address}", window.location.origin).href);
export default async (component) => (await editor).mount(component);
"""


def styles() -> str:
    return (FOLDER / "editor.css").read_text(encoding="utf-8")


def loader() -> str:
    """The few lines that go with the page: they import the editor by its address."""
    return _LOADER.format(address=f"{PREFIX}/{version()}/editor.js")


@cache
def _modules() -> dict[str, tuple[bytes, str]]:
    """Name → content and media type."""
    scripts = {path.name: (path.read_bytes(), "text/javascript") for path in FOLDER.glob("*.js")}
    skeleton = json.dumps(editor_data(), separators=(",", ":")).encode()
    return {**scripts, "skeleton.json": (skeleton, "application/json")}


@cache
def version() -> str:
    content = b"".join(name.encode() + data for name, (data, _) in sorted(_modules().items()))
    return hashlib.sha256(content).hexdigest()[:16]


def _module(request: Request) -> Response:
    # Any version gets the content of now: a page that was open during an update still finds its modules.
    found = _modules().get(request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    return Response(found[0], media_type=found[1], headers=_FOREVER)


ROUTES = [Route(f"{PREFIX}/{{version}}/{{name}}", _module)]
