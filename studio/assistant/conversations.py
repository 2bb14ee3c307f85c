"""What was asked and answered, kept in the studio's database. Keys and addresses never get in."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from studio.assistant.proposal import Proposal
from studio.database import Database

KEPT = 500
"""Conversations that are kept; the oldest ones go."""
_TITLE, _WORDS = 80, 8
_HOLDS = """(title LIKE ? ESCAPE '!' OR EXISTS (SELECT 1 FROM conversation_turns WHERE conversation = conversations.id
    AND (asked LIKE ? ESCAPE '!' OR prompt LIKE ? ESCAPE '!' OR raw LIKE ? ESCAPE '!')))"""


def _m001_conversations(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TABLE conversations (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, changed REAL NOT NULL)"
    )
    connection.execute(
        """
        CREATE TABLE conversation_turns (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            at REAL NOT NULL,            -- Unix time
            mode TEXT NOT NULL,
            asked TEXT NOT NULL,
            prompt TEXT NOT NULL,        -- as it stood on the form
            raw TEXT NOT NULL,           -- what the model said
            proposal TEXT,               -- JSON; NULL: the answer was not usable
            model TEXT NOT NULL
        )
        """
    )
    connection.execute("CREATE INDEX conversation_turns_of ON conversation_turns (conversation, id)")


MIGRATIONS = (_m001_conversations,)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer."""

    mode: str
    asked: str
    prompt: str = ""
    raw: str = ""
    proposal: Proposal | None = None
    """None: the answer was not usable; it is in ``raw``."""
    model: str = ""
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the list of conversations."""

    id: int
    title: str
    changed: float


class Conversations:
    """A data folder's conversations. Shared by threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("assistant", MIGRATIONS)

    def recent(self, limit: int = 50) -> list[Conversation]:
        """The newest first."""
        rows = self._database.connection().execute(
            "SELECT id, title, changed FROM conversations ORDER BY changed DESC, id DESC LIMIT ?", (limit,)
        )
        return [Conversation(*row) for row in rows]

    def find(self, text: str, limit: int = 50) -> list[Conversation]:
        """Those in which all words of ``text`` occur, the newest first; all of them for an empty text."""
        words = text.split()[:_WORDS]
        likes = ["%" + re.sub(r"([%_!])", r"!\1", word) + "%" for word in words]
        rows = self._database.connection().execute(
            f"SELECT id, title, changed FROM conversations WHERE {' AND '.join([_HOLDS] * len(words)) or '1'}"
            " ORDER BY changed DESC, id DESC LIMIT ?",
            (*(like for like in likes for _ in range(_HOLDS.count("?"))), limit),
        )
        return [Conversation(*row) for row in rows]

    def turns(self, conversation: int) -> list[Turn]:
        """The oldest first; none if the conversation does not exist."""
        rows = self._database.connection().execute(
            "SELECT * FROM conversation_turns WHERE conversation = ? ORDER BY id", (conversation,)
        )
        return [_turn(row) for row in rows]

    def add(self, turn: Turn, conversation: int | None = None) -> int:
        """Keep ``turn``, in a new conversation if none is named or it was deleted meanwhile; the conversation's id."""
        now = turn.at or time.time()
        with self._database.transaction() as connection:
            if not connection.execute(
                "UPDATE conversations SET changed = ? WHERE id = ?", (now, conversation)
            ).rowcount:
                title = " ".join((turn.asked or turn.prompt).split())[:_TITLE] or "…"
                conversation = connection.execute(
                    "INSERT INTO conversations (title, changed) VALUES (?, ?)", (title, now)
                ).lastrowid
            proposal = turn.proposal.model_dump_json() if turn.proposal else None
            connection.execute(
                "INSERT INTO conversation_turns (conversation, at, mode, asked, prompt, raw, proposal, model)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (conversation, now, turn.mode, turn.asked, turn.prompt, turn.raw, proposal, turn.model),
            )
            connection.execute(
                "DELETE FROM conversations WHERE id NOT IN"
                " (SELECT id FROM conversations ORDER BY changed DESC, id DESC LIMIT ?)",
                (KEPT,),
            )
        assert conversation is not None
        return conversation

    def delete(self, ids: Iterable[int]) -> None:
        """Remove conversations for good."""
        with self._database.transaction() as connection:
            connection.executemany("DELETE FROM conversations WHERE id = ?", ((id,) for id in ids))


def history(turns: Iterable[Turn]) -> tuple[tuple[str, str], ...]:
    """``turns`` as an :class:`Ask` takes them."""
    said: list[tuple[str, str]] = []
    for turn in turns:
        answer = turn.proposal.model_dump_json() if turn.proposal else turn.raw
        said += [("user", turn.asked or turn.prompt), ("assistant", answer)]
    return tuple(said)


def _turn(row: sqlite3.Row) -> Turn:
    try:
        proposal = Proposal.model_validate(json.loads(row["proposal"])) if row["proposal"] else None
    except (ValueError, ValidationError):
        proposal = None
    return Turn(row["mode"], row["asked"], row["prompt"], row["raw"], proposal, row["model"], row["at"])
