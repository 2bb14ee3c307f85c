"""Gives every browser a random id, so that its draft is found again after a reload. It tells nothing else."""

from __future__ import annotations

import uuid

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from studio.ui.desk import COOKIE

YEAR_SECONDS = 365 * 24 * 3600


class DeskCookie:
    """Middleware that sets the cookie on the first page a browser asks for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or COOKIE in HTTPConnection(scope).cookies:
            await self._app(scope, receive, send)
            return
        value = f"{COOKIE}={uuid.uuid4().hex}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Lax"

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", value.encode())]}
            await send(message)

        await self._app(scope, receive, with_cookie)


def _is_page(message: Message) -> bool:
    # Only the page itself: scripts and styles are asked for at the same time, and each would get another id.
    kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
    return bool(kinds) and kinds[0].startswith(b"text/html")
