"""A language model's server on loopback that does, request by request, what a test tells it to."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PROPOSAL: dict[str, Any] = {
    "note": "A calm evening run.",
    "prompt": "1girl, jogging, park, sunset",
    "negative_prompt": "lowres",
    "settings": {"steps": 32, "guidance_scale": 6.5, "sampler": "euler a", "width": None},
    "pose": "jogging",
    "changes": [{"what": "sunset", "reason": "warm light"}],
    "alternatives": [{"prompt": "1girl, running, beach, morning", "reason": "another place"}],
}


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    server: Scripted
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._play()

    def do_POST(self) -> None:
        self._play()

    def _play(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append(Seen(self.path, headers, json.loads(body) if body else {}))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            steps = self.server.steps
            (steps.pop(0) if len(steps) > 1 else steps[0])(self)

    def log_message(self, format: str, *args: object) -> None:
        pass

    # What steps are made of.

    def reply(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def start_stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()

    def write(self, text: str) -> None:
        self.wfile.write(text.encode())
        self.wfile.flush()


Step = Callable[[Handler], None]


def event(content: str | None = None, reason: str | None = None, **delta: Any) -> str:
    chunk = {
        "id": "1", "object": "chat.completion.chunk", "created": 0, "model": "tiny",
        "choices": [{"index": 0, "delta": {"content": content, **delta}, "finish_reason": reason}],
    }  # fmt: skip
    return f"data: {json.dumps(chunk)}\n\n"


def answering(text: str | dict[str, Any], reason: str | None = "stop", pieces: int = 7, end: bool = True) -> Step:
    """Streams ``text``; a dict as JSON."""
    whole = text if isinstance(text, str) else json.dumps(text)

    def step(handler: Handler) -> None:
        handler.start_stream()
        handler.write(event("", role="assistant"))
        size = max(1, len(whole) // pieces)
        for start in range(0, len(whole), size):
            handler.write(event(whole[start : start + size]))
        if reason:
            handler.write(event(None, reason))
        if end:
            handler.write("data: [DONE]\n\n")
        handler.close_connection = True

    return step


def failing(status: int, message: str = "it failed", code: str | None = None, **headers: str) -> Step:
    body = json.dumps({"error": {"message": message, "type": "x", "code": code}}).encode()
    return lambda handler: handler.reply(status, body, **headers)


def listing(*models: str) -> Step:
    body = json.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in models]}).encode()
    return lambda handler: handler.reply(200, body)


class Scripted(ThreadingHTTPServer):
    """Plays ``steps`` in order, the last one again and again; ``seen`` are the requests so far."""

    daemon_threads = True

    def __init__(self, *steps: Step) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.steps = list(steps)
        self.seen: list[Seen] = []
        self.over = threading.Event()
        """Set when the test is over: a step that waits, waits for this."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@dataclass
class Servers:
    """Starts scripted servers, and stops them after the test."""

    running: list[Scripted] = field(default_factory=list)

    def __call__(self, *steps: Step) -> Scripted:
        server = Scripted(*steps)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        self.running.append(server)
        return server


@contextlib.contextmanager
def servers() -> Iterator[Servers]:
    started = Servers()
    try:
        yield started
    finally:
        for server in started.running:
            server.over.set()
            server.shutdown()
            server.server_close()
