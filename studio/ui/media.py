"""Pictures, thumbnails, previews and control maps by URL, so that no page encodes or sends pixels itself.

The routes live under the prefix that Streamlit's image element takes as an address. Everything is named by content hash
or job id; no path from outside reaches the disk.
"""

from __future__ import annotations

import hashlib
import io
import re
import threading
from collections import OrderedDict

from PIL import Image
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from studio.errors import StudioError
from studio.poses import drawing
from studio.poses.values import Pose
from studio.request import MAX_SIDE
from studio.ui.services import services

PREFIX = "/app/static/studio"
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "no-store"}
_HASH = re.compile(r"[0-9a-f]{64}")
_SIZE = re.compile(r"([1-9]\d{0,4})x([1-9]\d{0,4})(-thick)?")


class KnownPoses:
    """The poses that pages have shown of late, by digest: what a map's address stands for."""

    def __init__(self, limit: int = 1000) -> None:
        self._poses: OrderedDict[str, Pose] = OrderedDict()
        self._lock = threading.Lock()
        self._limit = limit

    def add(self, pose: Pose) -> str:
        digest = hashlib.sha256(pose.model_dump_json().encode()).hexdigest()
        with self._lock:
            self._poses[digest] = pose
            self._poses.move_to_end(digest)
            if len(self._poses) > self._limit:
                self._poses.popitem(last=False)
        return digest

    def get(self, digest: str) -> Pose | None:
        with self._lock:
            return self._poses.get(digest)


_poses = KnownPoses()


def picture_url(sha256: str) -> str:
    """The full PNG of a picture or upload."""
    return f"{PREFIX}/picture/{sha256}.png"


def thumbnail_url(sha256: str) -> str:
    return f"{PREFIX}/thumbnail/{sha256}.webp"


def preview_url(job: int, step: int) -> str:
    """The latest preview of a running job; ``step`` only makes the browser ask again."""
    return f"{PREFIX}/preview/{job}/{step}.webp"


def map_url(pose: Pose, width: int, height: int, thick: bool = False) -> str:
    """The control map of ``pose`` for a picture of this size, exactly as the ControlNet sees it.

    ``thick``: as ControlNets with sticks that grow with the picture want it (see ``drawing.draw``).
    """
    return f"{PREFIX}/map/{_poses.add(pose)}/{int(width)}x{int(height)}{'-thick' if thick else ''}.png"


def _picture(request: Request) -> Response:
    return _stored(request, lambda sha256: services().gallery.file_of(sha256), "image/png")


def _thumbnail(request: Request) -> Response:
    return _stored(request, lambda sha256: services().gallery.thumbnail_of(sha256), "image/webp")


def _stored(request: Request, find, media_type: str) -> Response:
    sha256 = request.path_params["sha256"]
    if not _HASH.fullmatch(sha256):
        return _missing()
    try:
        path = find(sha256)
    except StudioError:
        return _missing()
    return FileResponse(path, media_type=media_type, headers=FOREVER) if path.is_file() else _missing()


def _preview(request: Request) -> Response:
    data = services().queue.preview(request.path_params["job"])
    return Response(data, media_type="image/webp", headers=NEVER) if data else _missing()


def _map(request: Request) -> Response:
    pose = _poses.get(request.path_params["digest"])
    size = _SIZE.fullmatch(request.path_params["size"])
    if pose is None or size is None or max(int(size[1]), int(size[2])) > MAX_SIDE:
        return _missing()
    return Response(map_png(pose, int(size[1]), int(size[2]), bool(size[3])), media_type="image/png", headers=FOREVER)


def map_png(pose: Pose, width: int, height: int, thick: bool = False) -> bytes:
    """The control map of ``pose`` as a PNG file."""
    file = io.BytesIO()
    Image.fromarray(drawing.draw(pose, width, height, thick)).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _missing() -> Response:
    return Response(status_code=404, headers=NEVER)


ROUTES = [
    Route(f"{PREFIX}/picture/{{sha256}}.png", _picture),
    Route(f"{PREFIX}/thumbnail/{{sha256}}.webp", _thumbnail),
    Route(f"{PREFIX}/preview/{{job:int}}/{{step:int}}.webp", _preview),
    Route(f"{PREFIX}/map/{{digest}}/{{size}}.png", _map),
]
