"""Against a scripted server: everything a real one may do, in the words a person gets to read."""

from __future__ import annotations

import itertools
import json
import logging
import socket
import threading
import traceback
from email.utils import formatdate
from time import time

import pytest
from pydantic import SecretStr

from studio.assistant import wire
from studio.assistant.client import TRIES, Client
from studio.assistant.endpoint import Endpoint
from studio.assistant.failures import AnswerUnusable, EndpointFailed, Stopped
from studio.assistant.proposal import SCHEMA
from studio.assistant.stream import MAX_ANSWER
from studio.assistant.wire import Cancel
from studio.errors import StudioError
from tests.assistant.scripted import PROPOSAL, Handler, Scripted, Servers, answering, event, failing, listing

KEY = "sk-very-secret-0123456789"
ASKED = [{"role": "user", "content": "hello"}]


def client(server: Scripted, key: str | None = None, model: str = "tiny", **seconds: float) -> Client:
    return Client(Endpoint(server.url, model, SecretStr(key) if key else None, **seconds))


def test_an_answer_streams_piece_by_piece(serve: Servers):
    server = serve(answering("one two three four five", pieces=5))
    came: list[str] = []
    assert client(server).answer(ASKED, on_text=came.append) == "one two three four five"
    assert len(came) >= 5 and all(later.startswith(earlier) for earlier, later in itertools.pairwise(came))
    assert server.seen[0].path == "/v1/chat/completions" and server.seen[0].body["stream"] is True


def test_a_server_that_cannot_stream_is_read_whole(serve: Servers):
    body = json.dumps({"choices": [{"message": {"content": "whole"}, "finish_reason": "stop"}]}).encode()
    assert client(serve(lambda handler: handler.reply(200, body))).answer(ASKED) == "whole"


def test_models_are_listed(serve: Servers):
    assert client(serve(listing("b", "a"))).models() == ("a", "b")


def test_the_only_model_is_taken_when_none_is_chosen(serve: Servers):
    server = serve(listing("only"), answering("yes"))
    assert client(server, model="").answer(ASKED) == "yes"
    assert server.seen[1].body["model"] == "only"


def test_several_models_ask_for_a_choice(serve: Servers):
    with pytest.raises(StudioError) as failure:
        client(serve(listing("a", "b")), model="").answer(ASKED)
    assert "a, b" in failure.value.hint


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (failing(401, "bad key"), "did not accept the key"),
        (failing(403, "no"), "did not accept the key"),
        (failing(404, "The model `tiny` does not exist"), "no model called 'tiny'"),
        (failing(404, "Not Found"), "no OpenAI-compatible interface"),
        (failing(418, "teapot"), "did not accept the request"),
        (lambda handler: handler.reply(200, b"<html>hello</html>", "text/html"), "no OpenAI-compatible server"),
        (lambda handler: handler.reply(200, b"[]"), "no OpenAI-compatible server"),
    ],
)
def test_refusals_of_the_server_are_told_at_once(serve: Servers, waits: list[float], step, words: str):
    server = serve(step)
    with pytest.raises(EndpointFailed) as failure:
        client(server, KEY).answer(ASKED)
    assert words in failure.value.message and failure.value.hint
    assert len(server.seen) == 1 and not waits


def test_without_a_key_the_server_wants_one(serve: Servers):
    server = serve(failing(401))
    with pytest.raises(EndpointFailed, match="wants a key"):
        client(server).models()
    assert "authorization" not in server.seen[0].headers


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_may_pass_is_tried_again(serve: Servers, waits: list[float], status: int):
    server = serve(failing(status), failing(status), answering("at last"))
    assert client(server).answer(ASKED) == "at last"
    assert len(server.seen) == 3
    assert 0.5 < waits[0] < waits[1] < 2.1  # backing off


@pytest.mark.parametrize(("status", "words"), [(429, "no more requests"), (500, "failed (status 500)")])
def test_what_does_not_pass_is_told(serve: Servers, waits: list[float], status: int, words: str):
    server = serve(failing(status, "overloaded, sorry"))
    with pytest.raises(EndpointFailed) as failure:
        client(server).answer(ASKED)
    assert words in failure.value.message and "overloaded" in failure.value.hint
    assert len(server.seen) == TRIES


@pytest.mark.parametrize("as_date", [False, True])
def test_retry_after_is_honoured(serve: Servers, waits: list[float], as_date: bool):
    header = formatdate(time() + 25, usegmt=True) if as_date else "25"
    server = serve(failing(429, retry_after=header), answering("yes"))
    assert client(server).answer(ASKED) == "yes"
    assert len(waits) == 1 and 10 < waits[0] <= 25


@pytest.mark.parametrize("step", [failing(429, retry_after="3600"), failing(429, code="insufficient_quota")])
def test_a_server_that_wants_too_much_patience_is_reported(serve: Servers, waits: list[float], step):
    server = serve(step)
    with pytest.raises(EndpointFailed, match="no more requests"):
        client(server).answer(ASKED)
    assert len(server.seen) == 1 and not waits


def test_nothing_listens(waits: list[float]):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    with pytest.raises(EndpointFailed, match="Nothing answers"):
        Client(Endpoint(url)).models()
    assert not waits


def test_a_silent_server_is_given_up(serve: Servers):
    server = serve(lambda handler: handler.server.over.wait(20))
    with pytest.raises(EndpointFailed, match="silent"):
        client(server, silence_seconds=0.2).answer(ASKED)


def _cut(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    part = event('{"prompt": "1girl, ')
    handler.write(f"{len(part):x}\r\n{part}\r\n")
    handler.close_connection = True


@pytest.mark.parametrize("step", [_cut, answering('{"prompt": "1girl, ', reason=None, end=False, pieces=1)])
def test_a_cut_stream_keeps_what_came(serve: Servers, step):
    server = serve(step)
    with pytest.raises(AnswerUnusable, match="broke in the middle") as failure:
        client(server).answer(ASKED)
    assert failure.value.raw == '{"prompt": "1girl, ' and len(server.seen) == 1


def test_whole_json_counts_even_if_the_server_forgets_to_say_that_it_ends(serve: Servers):
    assert client(serve(answering(PROPOSAL, reason=None, end=False))).answer(ASKED) == json.dumps(PROPOSAL)


def test_an_answer_without_room_is_cut_off(serve: Servers):
    with pytest.raises(AnswerUnusable, match="no room") as failure:
        client(serve(answering('{"prompt": "1gi', reason="length"))).answer(ASKED)
    assert failure.value.raw == '{"prompt": "1gi'


def _refusing(handler: Handler) -> None:
    handler.start_stream()
    handler.write(event(None, refusal="I cannot help with that."))
    handler.write(event(None, "stop"))
    handler.write("data: [DONE]\n\n")
    handler.close_connection = True


@pytest.mark.parametrize("step", [_refusing, answering("I cannot help with that.", reason="content_filter")])
def test_a_refusal_is_told_with_its_words(serve: Servers, step):
    with pytest.raises(AnswerUnusable, match="declined") as failure:
        client(serve(step)).answer(ASKED)
    assert failure.value.raw == "I cannot help with that."


def test_nothing_is_no_answer(serve: Servers):
    with pytest.raises(AnswerUnusable, match="nothing"):
        client(serve(answering(""))).answer(ASKED)


def test_an_error_in_the_middle_keeps_what_came(serve: Servers):
    def step(handler: Handler) -> None:
        handler.start_stream()
        handler.write(event("half"))
        handler.write('data: {"error": {"message": "out of memory"}}\n\n')
        handler.close_connection = True

    with pytest.raises(AnswerUnusable, match="while it answered") as failure:
        client(serve(step)).answer(ASKED)
    assert failure.value.raw == "half" and "out of memory" in failure.value.hint


def test_an_answer_of_a_megabyte_is_stopped(serve: Servers):
    with pytest.raises(AnswerUnusable, match="too long") as failure:
        client(serve(answering("x" * 2**20, pieces=64))).answer(ASKED)
    assert failure.value.raw == "x" * MAX_ANSWER


def test_a_line_that_never_ends_is_stopped(serve: Servers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wire, "MAX_BYTES", 300_000)

    def step(handler: Handler) -> None:
        handler.start_stream()
        handler.write("data: " + "x" * 400_000)
        handler.close_connection = True

    with pytest.raises(AnswerUnusable, match="too large"):
        client(serve(step)).answer(ASKED)


def test_a_packed_answer_is_refused(serve: Servers):
    server = serve(lambda handler: handler.reply(200, b"\x1f\x8b", content_encoding="gzip"))
    with pytest.raises(AnswerUnusable, match="too large"):
        client(server).models()
    assert server.seen[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("text", [event("a"), ": still here\n", "x"], ids=["events", "comments", "one long line"])
def test_a_slow_trickle_ends(serve: Servers, text: str):
    def step(handler: Handler) -> None:
        handler.start_stream()
        while not handler.server.over.wait(0.05):
            handler.write(text)

    with pytest.raises(AnswerUnusable, match="not complete after") as failure:
        client(serve(step), answer_seconds=0.6).answer(ASKED)
    assert set(failure.value.raw) <= {"a"} and bool(failure.value.raw) == text.startswith("data")


@pytest.mark.parametrize("started", [True, False], ids=["between pieces", "before the first"])
def test_cancel_ends_the_call_at_once_and_hangs_up(serve: Servers, started: bool):
    hung_up, waiting = threading.Event(), threading.Event()

    def step(handler: Handler) -> None:
        if started:
            handler.start_stream()
            handler.write(event("half"))
        waiting.set()
        handler.connection.settimeout(20)
        if handler.connection.recv(1) == b"":
            hung_up.set()

    cancel = Cancel()
    server = serve(step)

    def press() -> None:
        waiting.wait(20)
        cancel.cancel()

    threading.Thread(target=press, daemon=True).start()
    came: list[str] = []
    with pytest.raises(Stopped):
        client(server, silence_seconds=60).answer(ASKED, on_text=came.append, cancel=cancel)
    assert hung_up.wait(20)
    with pytest.raises(Stopped):
        client(server).answer(ASKED, cancel=cancel)
    assert len(server.seen) == 1


def test_cancel_does_not_wait_for_the_next_try(serve: Servers):
    cancel = Cancel()

    def step(handler: Handler) -> None:
        handler.reply(429, b"{}", retry_after="29")
        cancel.cancel()

    with pytest.raises(Stopped):
        client(serve(step)).answer(ASKED, cancel=cancel)


def test_what_a_server_does_not_know_is_left_out_and_remembered(serve: Servers, waits: list[float]):
    server = serve(
        failing(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens'."),
        failing(422, "unknown field seed"),
        failing(400, "response_format json_schema is not supported"),
        failing(400, "no"),
        answering("yes"),
    )
    kept = client(server)
    assert kept.answer(ASKED, schema=SCHEMA, seed=5) == "yes"
    sent = [set(seen.body) - {"model", "messages", "stream"} for seen in server.seen]
    assert sent[0] == {"max_tokens", "response_format", "seed"}
    assert sent[1] == {"max_completion_tokens", "response_format", "seed"}
    assert [seen.body.get("response_format", {}).get("type") for seen in server.seen[2:]] == [
        "json_schema", "json_object", None,
    ]  # fmt: skip
    assert kept.answer(ASKED, schema=SCHEMA, seed=6) == "yes"
    assert set(server.seen[-1].body) == {"model", "messages", "stream", "max_completion_tokens"}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_takes_the_key_nowhere(serve: Servers, waits: list[float], status: int):
    other = serve(listing("stolen"))
    server = serve(lambda handler: handler.reply(status, b"", location=f"{other.url}/models?token={KEY}"))
    for call in (client(server, KEY).models, lambda: client(server, KEY).answer(ASKED)):
        with pytest.raises(EndpointFailed) as failure:
            call()
        assert "sends requests on to http://127.0.0.1" in failure.value.message
        assert KEY not in failure.value.message + failure.value.hint
    assert other.seen == [] and [seen.headers["authorization"] for seen in server.seen] == [f"Bearer {KEY}"] * 2


def test_nothing_of_the_environment_goes_to_the_server(serve: Servers, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-private")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-private")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Private: yes\nAuthorization: Bearer sk-custom")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = serve(listing("a"))
    assert client(server).models() == ("a",)
    assert set(server.seen[0].headers) == {"host", "accept", "accept-encoding", "user-agent", "connection"}


def test_the_key_shows_nowhere(serve: Servers, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    called = client(serve(failing(401, f"Incorrect API key provided: {KEY}")), KEY)
    with pytest.raises(EndpointFailed) as failure:
        called.answer(ASKED)
    shown = "".join(traceback.format_exception(failure.value))
    told = (failure.value.message, failure.value.hint, shown, caplog.text, repr(called.endpoint), str(called.endpoint))
    assert "Incorrect API key provided: •••" in failure.value.hint
    assert not any(KEY in text for text in told)
