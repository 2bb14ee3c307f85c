"""Conversations in the studio's database."""

from __future__ import annotations

import pytest

from studio.assistant import conversations
from studio.assistant.conversations import Conversations, Turn, history
from studio.assistant.proposal import Proposal
from studio.database import Database
from studio.settings import Settings


@pytest.fixture
def kept(settings: Settings) -> Conversations:
    return Conversations(Database(settings.database))


FIRST = Turn(
    "write", "a girl\njogging", "", "raw {", Proposal(prompt="1girl, jogging", settings={"steps": 30}), "m", 5.0
)
SECOND = Turn("chat", "rainy", "1girl, jogging", "I cannot", None, "m", 6.0)


def test_turns_come_back_as_they_were(kept: Conversations, settings: Settings):
    id = kept.add(FIRST)
    assert kept.add(SECOND, id) == id
    again = Conversations(Database(settings.database))
    assert again.turns(id) == [FIRST, SECOND]
    assert [(one.id, one.title, one.changed) for one in again.recent()] == [(id, "a girl jogging", 6.0)]


def test_history_is_what_a_question_takes():
    said = history([FIRST, SECOND])
    assert [role for role, _ in said] == ["user", "assistant"] * 2
    assert "1girl, jogging" in said[1][1] and said[3] == ("assistant", "I cannot")


def test_the_newest_come_first_and_deleted_ones_go_with_their_turns(kept: Conversations):
    first, second = kept.add(FIRST), kept.add(SECOND)
    assert [one.id for one in kept.recent()] == [second, first]
    kept.delete([second])
    assert [one.id for one in kept.recent()] == [first] and kept.turns(second) == []
    assert kept.add(SECOND, second) != second  # deleted in another window: goes on as a new one


def test_only_so_many_are_kept(kept: Conversations, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(conversations, "KEPT", 2)
    ids = [kept.add(Turn("write", str(number), at=float(number + 1))) for number in range(4)]
    assert [one.id for one in kept.recent()] == ids[:1:-1]


def test_a_search_looks_for_all_words_in_titles_questions_and_answers(kept: Conversations):
    first = kept.add(FIRST)
    kept.add(SECOND, first)
    other = kept.add(Turn("write", "100% wool, a_b", raw="{}", at=9.0))

    def found(text: str) -> list[int]:
        return [one.id for one in kept.find(text)]

    assert found("") == [other, first]
    assert found("jogging RAINY") == found("cannot") == [first]
    assert found("jogging wool") == found("1000") == found("a.b") == []
    assert found("0%") == found("a_b") == [other]
    assert [one.id for one in kept.find("", limit=1)] == [other]
