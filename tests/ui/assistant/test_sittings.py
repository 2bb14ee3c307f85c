"""Sittings: an answer is kept whoever looks, cancelling is at once, and reviews never lose a person's own words."""

from __future__ import annotations

import threading

import pytest

from studio.assistant.asking import Ask
from studio.assistant.conversations import Conversations
from studio.assistant.failures import AnswerUnusable, Stopped
from studio.assistant.proposal import Proposal
from studio.assistant.proposing import Outcome
from studio.database import Database
from studio.ui.assistant.sittings import KEPT, Question, Sitting, sitting

ASK = Ask("write", "a girl", "1girl")
OUTCOME = Outcome(Proposal(prompt="1girl, park"), (), "{}", False, 0.1)


@pytest.fixture
def kept(settings) -> Conversations:
    return Conversations(Database(settings.database))


def test_an_answer_is_kept_and_taken_over_once(kept):
    now = Sitting()
    now.question = question = Question(ASK, "m", lambda on_text, cancel: OUTCOME, kept, None)
    assert question.running.wait(10)
    (turn,) = kept.turns(kept.recent()[0].id)
    assert (turn.asked, turn.proposal, turn.model) == ("a girl", OUTCOME.proposal, "m")
    assert now.settle() and not now.settle()
    assert now.conversation == kept.recent()[0].id and now.failure is None


def test_an_unusable_answer_is_kept_with_its_words(kept):
    def fail(on_text, cancel):
        raise AnswerUnusable(raw="I cannot")

    now = Sitting()
    now.question = Question(ASK, "m", fail, kept, None)
    assert now.question.running.wait(10) and now.settle()
    assert isinstance(now.failure, AnswerUnusable) and now.failed == ("write", "a girl")
    assert [(turn.raw, turn.proposal) for turn in kept.turns(now.conversation or 0)] == [("I cannot", None)]


def test_stopping_does_not_wait_and_what_comes_later_is_dropped(kept):
    go = threading.Event()

    def slow(on_text, cancel):
        on_text('{"note": "so')
        go.wait(10)
        return OUTCOME

    now = Sitting()
    now.question = question = Question(ASK, "m", slow, kept, None)
    now.stop()
    assert now.question is None and isinstance(now.failure, Stopped)
    go.set()
    assert question.running.wait(10)
    assert not kept.recent() and not now.settle()


def test_a_review_on_the_page_begins_anew_with_another_prompt():
    now = Sitting()
    first = now.review("prompt", "1girl", "1girl, park", (), in_place=False)
    now.reviews["prompt"] = first.accept_all()
    assert now.review("prompt", "1girl", "1girl, park", (), in_place=False).text == "1girl, park"
    assert now.review("prompt", "1girl, snow", "1girl, park", (), in_place=False).text == "1girl, snow"
    assert now.review("prompt", "1girl, snow", "1girl, park", ("snow",), in_place=False).accept_all().text != (
        "1girl, park"
    )


def test_a_review_in_place_goes_on_from_what_it_wrote_itself():
    now = Sitting()
    now.reviews["prompt"] = now.review("prompt", "1girl", "1girl, park", (), in_place=True).accept_all()
    assert now.review("prompt", "1girl, park", "1girl, park", (), in_place=True).can_undo
    typed = now.review("prompt", "1girl, park, mine", "1girl, park", (), in_place=True)
    assert (typed.text, typed.can_undo) == ("1girl, park, mine", False)


def test_each_browser_has_its_own_and_the_longest_unused_go(settings):
    database = Database(settings.database)
    mine = sitting(database, "a")
    assert sitting(database, "a") is mine and sitting(database, "b") is not mine
    for number in range(KEPT):
        sitting(database, f"other{number}")
    assert sitting(database, "a") is not mine
