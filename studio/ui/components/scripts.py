"""A component's JavaScript modules and data, served as they are under an address that changes with their content.

The page itself gets only a few lines that import them, so a rerun sends what is shown and not the component.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
_LOADER = """\
const module = import(new URL("{address}", window.location.origin).href);
export default async (component) => (await module).mount(component);
"""


class Scripts:
    """The ``*.js`` files of ``folder``; ``entry`` is the one that exports ``mount``.

    Args:
        data: names and contents of JSON files to serve beside them, asked for once.
    """

    def __init__(self, folder: Path, entry: str, data: Callable[[], Mapping[str, Any]] = dict) -> None:
        self.prefix = f"/app/static/studio/{folder.name}"
        self.route = Route(f"{self.prefix}/{{version}}/{{name}}", self._answer)
        self._folder, self._entry, self._data = folder, entry, data

    @property
    def loader(self) -> str:
        """The few lines that go with the page: they import the component by its address."""
        return _LOADER.format(address=f"{self.prefix}/{self.version}/{self._entry}")

    @cached_property
    def version(self) -> str:
        content = b"".join(name.encode() + data for name, (data, _) in sorted(self._files.items()))
        return hashlib.sha256(content).hexdigest()[:16]

    @cached_property
    def _files(self) -> dict[str, tuple[bytes, str]]:
        """Name → content and media type."""
        scripts = {path.name: (path.read_bytes(), "text/javascript") for path in self._folder.glob("*.js")}
        data = {
            name: (json.dumps(value, separators=(",", ":")).encode(), "application/json")
            for name, value in self._data().items()
        }
        return {**scripts, **data}

    def _answer(self, request: Request) -> Response:
        # Any version gets the content of now: a page that was open during an update still finds its modules.
        found = self._files.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        return Response(found[0], media_type=found[1], headers=_FOREVER)
