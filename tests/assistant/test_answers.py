"""What models make of "answer with one JSON object": read all the same, or refused with the text at hand."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.assistant.answers import MAX_PROMPT, proposal_of, so_far
from studio.assistant.failures import AnswerUnusable
from studio.assistant.proposal import Proposal
from tests.assistant.scripted import PROPOSAL

PLAIN = json.dumps(PROPOSAL)


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        json.dumps(PROPOSAL, indent=2),
        f"```json\n{PLAIN}\n```",
        f"Sure! Here it is:\n```\n{PLAIN}\n```\nHave fun {{smile}}.",
        f"Here you are: {PLAIN} I hope you like it.",
        f"<think>maybe {{\"prompt\": \"wrong\"}}?</think>\n{PLAIN}",
        f"<thinking>\n```json\n{{}}\n```\n</thinking>{PLAIN}",
        PLAIN.replace("}", ",}").replace("]", ",]"),
        str(PROPOSAL),
        PLAIN.replace('"note"', "note").replace('"prompt"', "prompt"),
        PLAIN.replace('"pose"', '// a comment\n"pose"'),
        f"[{PLAIN}]",
        json.dumps(PROPOSAL | {"unknown": {"steps": 1}}),
        json.dumps({("positive" if name == "prompt" else name): value for name, value in PROPOSAL.items()}),
    ],
    ids=["plain", "indented", "fenced", "talk and fence", "talk", "thoughts", "thoughts with a fence", "commas",
         "python", "bare keys", "comment", "list", "unknown keys", "other names"],
)  # fmt: skip
def test_readable_answers(text: str):
    found = proposal_of(text)
    assert found.prompt == PROPOSAL["prompt"] and found.note == PROPOSAL["note"]
    assert found.settings == {"steps": 32, "guidance_scale": 6.5, "sampler": "Euler a"}
    assert found.pose == "jogging" and found.changes[0].reason == "warm light"
    assert found.prompts == (PROPOSAL["prompt"], "1girl, running, beach, morning")


@pytest.mark.parametrize(
    "text",
    ["", "no", "{}", "[]", "null", '{"prompt": ""}', '{"prompt": 5}', '{"note": "hm"}', "{" * 5000, "[" * 100_000,
     '{"prompt": {"a": "b"}}', "<think>{\"prompt\": \"x\"}", "\x00", '{"alternatives": "x"}'],
)  # fmt: skip
def test_unreadable_answers_keep_their_text(text: str):
    with pytest.raises(AnswerUnusable) as failure:
        proposal_of(text)
    assert failure.value.raw == text


@given(st.text(max_size=300))
def test_no_answer_is_a_surprise(text: str):
    try:
        assert proposal_of(text).prompt
    except AnswerUnusable as failure:
        assert failure.raw == text


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*PROPOSAL, "steps", "what", "reason"]), inner, max_size=6)
    ),
)


@given(VALUES)
def test_no_fields_are_a_surprise(fields):
    text = json.dumps(
        {"prompt": "1girl", "alternatives": fields, "changes": fields, "settings": fields, "pose": fields}
    )
    found = proposal_of(text)
    assert found.prompt == "1girl" and found.pose is None


@given(st.integers(0, len(PLAIN)))
def test_an_unfinished_answer_shows_what_has_come(length: int):
    note, prompt = so_far(PLAIN[:length])
    assert PROPOSAL["note"].startswith(note) and PROPOSAL["prompt"].startswith(prompt)
    assert so_far(PLAIN) == (PROPOSAL["note"], PROPOSAL["prompt"])


def test_texts_are_cut_and_cleaned():
    found = proposal_of(json.dumps({"prompt": "a\x00b\x1b[31m " + "x" * 9000, "note": "one\ntwo"}))
    assert found.prompt.startswith("ab[31m x") and len(found.prompt) <= MAX_PROMPT and found.note == "one two"
    assert Proposal.model_validate_json(found.model_dump_json()) == found
