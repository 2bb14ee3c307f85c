"""``assist``: with a scripted server, without one, and offline."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.assistant import scripted
from tests.assistant.scripted import PROPOSAL, Servers, answering, failing, listing
from tests.cli.conftest import Run

KEY = "sk-secret-of-the-shell"


@pytest.fixture
def serve() -> Iterator[Servers]:
    with scripted.servers() as started:
        yield started


def test_without_a_server_it_says_how_to_set_one(run: Run):
    outcome = run("assist", "a girl")
    assert outcome.status == 1 and outcome.out == ""
    for words in ("--endpoint", "STUDIO_ASSISTANT_URL", "--offline"):
        assert words in outcome.err


def test_a_proposal_as_text_and_as_one_document(run: Run, serve: Servers):
    server = serve(answering(PROPOSAL))
    text = run("assist", "a girl jogging", "--endpoint", server.url, "--model", "tiny")
    assert text.status == 0
    assert text.out.splitlines()[:2] == [PROPOSAL["prompt"], "Negative prompt: lowres"]
    assert "steps: 32" in text.out and "pose: jogging" in text.out and "warm light" in text.err
    document = run("assist", "a girl jogging", "--endpoint", server.url, "--model", "tiny", "--json").document
    assert document["source"] == "model" and document["proposal"]["prompt"] == PROPOSAL["prompt"]
    assert document["flags"] == [] and document["repaired"] is False and document["raw"]


def test_the_environment_names_the_server_and_its_key(run: Run, serve: Servers, monkeypatch: pytest.MonkeyPatch):
    server = serve(listing("only"), answering(PROPOSAL))
    monkeypatch.setenv("STUDIO_ASSISTANT_URL", server.url)
    monkeypatch.setenv("STUDIO_ASSISTANT_KEY", KEY)
    outcome = run("assist", "a girl", "--json")
    assert outcome.status == 0 and server.seen[1].body["model"] == "only"
    assert server.seen[0].headers["authorization"] == f"Bearer {KEY}"
    other = serve(failing(401, "who are you"))
    refused = run("assist", "a girl", "--endpoint", other.url, "--model", "m")
    assert refused.status == 1 and "wants a key" in refused.err
    assert "authorization" not in other.seen[0].headers
    assert KEY not in outcome.out + outcome.err + refused.out + refused.err


@pytest.mark.parametrize(
    ("arguments", "task"),
    [
        (("a girl",), "Write a prompt for the idea"),
        (("warmer", "--prompt", "girl, park"), "Improve the current prompt"),
        (("a girl", "--variations", "3"), "exactly 3 clearly different"),
        (("公園の女の子", "--language"), "in any language"),
        (("the hands", "--prompt", "girl", "--mode", "fix"), 'goes wrong: "the hands"'),
    ],
)
def test_what_is_said_decides_the_mode(run: Run, serve: Servers, arguments: tuple[str, ...], task: str):
    server = serve(answering(PROPOSAL))
    assert run("assist", *arguments, "--endpoint", server.url, "--model", "m").status == 0
    assert task in server.seen[0].body["messages"][-1]["content"]


def test_an_answer_that_is_none_is_shown(run: Run, serve: Servers):
    outcome = run("assist", "a girl", "--endpoint", serve(answering("I am a teapot.")).url, "--model", "m", "--json")
    assert outcome.status == 1 and outcome.out == ""
    assert "I am a teapot." in outcome.err and "not usable" in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("a girl", "--endpoint", "file:///etc/passwd"),
        ("--prompt", "x", "--variations", "1", "--endpoint", "http://127.0.0.1:9/v1"),
        ("x", "--offline", "--seed", "-1"),
    ],
)  # fmt: skip
def test_bad_input_is_told(run: Run, arguments: tuple[str, ...]):
    outcome = run("assist", *arguments)
    assert outcome.status == 1 and len(outcome.err.splitlines()) == 2


def test_offline_composes_the_same_for_the_same_seed(run: Run):
    first = run("assist", "--offline", "--seed", "5", "--json").document
    assert first == run("assist", "--offline", "--seed", "5", "--json").document
    assert first["source"] == "composer" and first["flags"] == [] and first["proposal"]["prompt"]
    told = run("assist", "2girls", "--offline", "--seed", "6")
    assert "2girls" in told.out and "without a language model" in told.err
