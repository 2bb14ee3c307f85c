"""A question in a thread of its own: watched, stopped, failed."""

from __future__ import annotations

from studio.assistant.asking import Ask
from studio.assistant.client import Client
from studio.assistant.endpoint import Endpoint
from studio.assistant.failures import EndpointFailed, Stopped
from studio.assistant.proposing import propose
from studio.assistant.running import Running
from studio.prompts.library.library import Library
from tests.assistant.scripted import PROPOSAL, Handler, Scripted, Servers, answering, event, failing


def start(server: Scripted) -> Running:
    client, ask = Client(Endpoint(server.url, "tiny")), Ask("write", idea="a girl")
    return Running(lambda on_text, cancel: propose(client, ask, Library([]), on_text=on_text, cancel=cancel))


def test_the_outcome_is_there_when_it_is_done(serve: Servers):
    running = start(serve(answering(PROPOSAL)))
    assert running.wait(30) and running.done and running.failure is None
    assert running.outcome and running.outcome.proposal.prompt == PROPOSAL["prompt"]
    assert running.so_far == (PROPOSAL["note"], PROPOSAL["prompt"])


def test_what_has_come_shows_and_stopping_ends_it(serve: Servers):
    def step(handler: Handler) -> None:
        handler.start_stream()
        handler.write(event('{"note": "Well, ", "prompt": "1girl, jog'))
        handler.server.over.wait(30)

    running = start(serve(step))
    while running.so_far[1] != "1girl, jog":
        assert not running.wait(0.02)
    running.cancel()
    assert running.wait(10) and running.outcome is None and isinstance(running.failure, Stopped)
    assert "1girl" in running.failure.raw


def test_failures_are_kept(serve: Servers):
    running = start(serve(failing(401)))
    assert running.wait(30) and isinstance(running.failure, EndpointFailed)


def test_a_mistake_of_ours_leaves_nobody_waiting():
    def broken(on_text, cancel):
        raise ZeroDivisionError

    running = Running(broken)
    assert running.wait(10) and running.failure is not None and running.failure.hint
