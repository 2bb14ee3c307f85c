"""A browser's conversation with the assistant: the question on its way, and what is accepted of the answer.

Held by the process, not by the session: a reload or a change of page finds everything as it was, and the answer to a
question is kept in the history even if nobody looks any more.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from studio.assistant.asking import Ask
from studio.assistant.checking import Flag
from studio.assistant.conversations import Conversations, Turn
from studio.assistant.differences import Review, difference
from studio.assistant.failures import AnswerUnusable, Stopped
from studio.assistant.proposing import Outcome
from studio.assistant.running import Running
from studio.assistant.wire import Cancel
from studio.database import Database
from studio.errors import StudioError

KEPT = 200
"""Browsers that are remembered; the longest unused go first."""

Propose = Callable[[Callable[[str], None], Cancel], Outcome]


class Question:
    """One question on its way, and the conversation it belongs to."""

    def __init__(self, ask: Ask, model: str, propose: Propose, kept: Conversations, conversation: int | None) -> None:
        self.ask = ask
        self.conversation = conversation
        self._model, self._propose, self._kept = model, propose, kept
        self.running = Running(self._work)

    def _work(self, on_text: Callable[[str], None], cancel: Cancel) -> Outcome:
        try:
            outcome = self._propose(on_text, cancel)
        except AnswerUnusable as failure:
            self._note(Turn(self.ask.mode, self.ask.idea, self.ask.prompt, failure.raw, None, self._model))
            raise
        if cancel.cancelled:
            raise Stopped(outcome.raw)
        self._note(Turn(self.ask.mode, self.ask.idea, self.ask.prompt, outcome.raw, outcome.proposal, self._model))
        return outcome

    def _note(self, turn: Turn) -> None:
        self.conversation = self._kept.add(turn, self.conversation)


@dataclass
class Sitting:
    """What one browser sees of its conversation."""

    conversation: int | None = None
    question: Question | None = None
    """The question that is on its way."""
    failure: StudioError | None = None
    """Why the last question has no usable answer."""
    failed: tuple[str, str] | None = None
    """Mode and words of that question, to be asked again."""
    flags: tuple[Flag, ...] = ()
    """What is still wrong with the last answer."""
    shown: tuple[int, int] | None = None
    """Turn and prompt of its proposal that are compared; None: the prompt of the last one."""
    reviews: dict[str, Review] = field(default_factory=dict)
    _locked: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def settle(self) -> bool:
        """Take over the answer if there is one by now; whether there is."""
        question = self.question
        if question is None or not question.running.done:
            return False
        running = question.running
        self.question, self.failure, self.shown = None, running.failure, None
        self.failed = (question.ask.mode, question.ask.idea) if running.failure else None
        self.flags = running.outcome.flags if running.outcome else ()
        self.conversation = question.conversation
        return True

    def stop(self) -> None:
        """Cancel the question at once; its end is not waited for."""
        if self.question is not None:
            question, self.question = self.question, None
            question.running.cancel()
            self.failure, self.failed = Stopped(question.running.text), (question.ask.mode, question.ask.idea)

    def open(self, conversation: int | None) -> None:
        """Another conversation; None: a new one."""
        self.stop()
        self.conversation, self.shown, self.failure, self.failed, self.flags = conversation, None, None, None, ()
        self.reviews.clear()

    def review(self, name: str, original: str, proposal: str, locked: tuple[str, ...], in_place: bool) -> Review:
        """The review of a proposal for ``original``, as far as it has come.

        Args:
            in_place: ``original`` is where accepted parts go at once, so it is the review's text. Otherwise it stays.
        """
        known = self.reviews.get(name)
        if known:
            start = known.text if in_place else known.difference.original
            if (known.difference.proposal, self._locked[name], start) == (proposal, locked, original):
                return known
        self._locked[name] = locked
        self.reviews[name] = Review(difference(original, proposal, locked))
        return self.reviews[name]


_sittings: OrderedDict[tuple[str, str], Sitting] = OrderedDict()
_lock = threading.Lock()


def sitting(database: Database, desk_id: str) -> Sitting:
    """That of this browser."""
    key = (str(database.path), desk_id)
    with _lock:
        found = _sittings.setdefault(key, Sitting())
        _sittings.move_to_end(key)
        while len(_sittings) > KEPT:
            _sittings.popitem(last=False)
    return found


@lru_cache(maxsize=8)
def conversations(database: Database) -> Conversations:
    return Conversations(database)
