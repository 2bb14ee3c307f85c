"""The connection to the server, bounded in every direction: hosts, headers, bytes, seconds; and it can be cut.

Headers are an allow-list, because the openai package adds what it finds in OPENAI_* variables (organisation, custom
headers, another key), and those are meant for OpenAI, not for the server at hand.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import httpx2

from studio.assistant.endpoint import Endpoint, origin
from studio.assistant.failures import Stopped

MAX_BYTES = 8 * 2**20
"""Of one response on the wire: many times what an answer needs, and nothing that fills the memory."""
_HEADERS = {"host", "accept", "connection", "content-type", "content-length", "transfer-encoding"}


class TooLarge(httpx2.TransportError):
    """The response is larger than anything we would read, or packed so that its size cannot be known."""


class Wire:
    """The sockets of one call. ``cut`` ends them at once, even while another thread waits for data."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.reason = ""
        """Why it was cut; empty: it was not."""

    def watch(self, name: str, info: dict[str, Any]) -> None:
        """httpcore's trace: every socket that is opened."""
        stream = info.get("return_value")
        if name.endswith(("connect_tcp.complete", "start_tls.complete")) and stream is not None:
            with self._lock:
                self._sockets.append(stream.get_extra_info("socket"))
            if self.reason:
                self.cut(self.reason)

    def cut(self, reason: str) -> None:
        with self._lock:
            self.reason = self.reason or reason
            for opened in self._sockets:
                # Closing would not wake a thread that waits in recv; this does.
                with contextlib.suppress(OSError):
                    opened.shutdown(socket.SHUT_RDWR)


class Cancel:
    """Stops answers from another thread. One may serve several calls in a row."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._wires: set[Wire] = set()

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        self._event.set()
        for wire in tuple(self._wires):
            wire.cut("cancelled")

    def sleep(self, seconds: float) -> None:
        """Wait, unless cancelled.

        Raises:
            Stopped: it was.
        """
        if self._event.wait(seconds):
            raise Stopped

    @contextlib.contextmanager
    def holding(self, wire: Wire) -> Iterator[None]:
        """Within, :meth:`cancel` cuts ``wire``."""
        self._wires.add(wire)
        try:
            if self.cancelled:
                raise Stopped
            yield
        finally:
            self._wires.discard(wire)


@contextlib.contextmanager
def opened(endpoint: Endpoint, cancel: Cancel) -> Iterator[tuple[httpx2.Client, Wire]]:
    """An HTTP client for one call, and the wire to cut it by. No redirects, and no proxy on the way to this machine."""
    wire = Wire()

    def prepare(request: httpx2.Request) -> None:
        request.extensions["trace"] = wire.watch
        _only_ours(request, endpoint)

    timer = threading.Timer(endpoint.answer_seconds, wire.cut, args=("slow",))
    timer.daemon = True
    client = httpx2.Client(
        timeout=httpx2.Timeout(endpoint.silence_seconds, connect=endpoint.connect_seconds),
        follow_redirects=False,
        trust_env=not endpoint.is_local,
        event_hooks={"request": [prepare], "response": [_bound]},
    )
    with cancel.holding(wire), client:
        timer.start()
        try:
            yield client, wire
        finally:
            timer.cancel()


def _only_ours(request: httpx2.Request, endpoint: Endpoint) -> None:
    for name in set(request.headers) - _HEADERS:
        del request.headers[name]
    request.headers["user-agent"] = "poseanimeflow-studio"
    request.headers["accept-encoding"] = "identity"
    if endpoint.api_key is not None and origin(str(request.url)) == endpoint.origin:
        request.headers["authorization"] = f"Bearer {endpoint.api_key.get_secret_value()}"


def _bound(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise TooLarge("the answer is packed", request=response.request)
    assert isinstance(response.stream, httpx2.SyncByteStream)
    response.stream = _Bounded(response.stream, response.request)


class _Bounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, request: httpx2.Request) -> None:
        self._stream, self._request = stream, request

    def __iter__(self) -> Iterator[bytes]:
        left = MAX_BYTES
        for data in self._stream:
            left -= len(data)
            if left < 0:
                raise TooLarge("the answer is too large", request=self._request)
            yield data

    def close(self) -> None:
        self._stream.close()
