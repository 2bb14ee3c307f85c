"""The prompts that were used: each once, with when, on which checkpoint, how many pictures it gave, and one of them.

Pictures arrive by triggers on the gallery's table, in the transaction that stores them, whoever makes them: a worker,
the command line, an import. A request has no longer all that was typed (its LoRA tags have become fields, its choices
are drawn), so :meth:`PromptHistory.note` keeps the text for the pictures that will come of it.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass

from studio.database import Database
from studio.gallery import schema
from studio.gallery.pictures import SHOWN
from studio.gallery.query import search_words
from studio.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class UsedPrompt:
    """One prompt with its negative prompt."""

    id: int
    prompt: str
    negative_prompt: str
    checkpoint: str
    """The last it was used with."""
    used: float
    """When last, in Unix time."""
    pinned: bool
    pictures: int
    """How many the gallery shows."""
    thumbnail: str | None
    """sha256 of the newest of them."""


class PromptHistory:
    """The history of one data folder. Shared by threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        schema.prepare(database)
        database.migrate("prompt_history", MIGRATIONS)

    def note(
        self, prompt: str, negative_prompt: str, checkpoint: str, requests: Iterable[GenerationRequest] = ()
    ) -> None:
        """It is used now, as it was typed; the pictures of ``requests`` will be its own."""
        with self._database.transaction() as connection:
            id = connection.execute(_NOTE, (prompt, negative_prompt, checkpoint, time.time())).fetchone()[0]
            asked = [(request.digest, id) for request in requests]
            connection.executemany("INSERT OR REPLACE INTO prompt_requests VALUES (?, ?)", asked)

    def find(self, text: str = "", limit: int = 30, offset: int = 0) -> list[UsedPrompt]:
        """Pinned ones first, then the newest. Every word of ``text`` (or its beginning) has to occur; one with ``-``
        before it must not."""
        values: dict[str, object] = {"limit": limit, "offset": offset}
        rows = self._database.connection().execute(_FIND.format(where=_condition(text, values)), values)
        return [
            UsedPrompt(
                row["id"], row["prompt"], row["negative_prompt"], row["checkpoint"], row["used"], bool(row["pinned"]),
                row["pictures"], row["thumbnail"],
            )
            for row in rows
        ]  # fmt: skip

    def count(self, text: str = "") -> int:
        values: dict[str, object] = {}
        statement = f"SELECT count(*) FROM prompt_history WHERE {_condition(text, values)}"
        return self._database.connection().execute(statement, values).fetchone()[0]

    def pin(self, id: int, pinned: bool = True) -> None:
        """Keep this one at the top, or no longer."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE prompt_history SET pinned = ? WHERE id = ?", (pinned, id))


_NOTE = """
    INSERT INTO prompt_history (prompt, negative_prompt, checkpoint, used) VALUES (?, ?, ?, ?)
    ON CONFLICT (prompt, negative_prompt) DO UPDATE SET used = excluded.used, checkpoint = excluded.checkpoint
    RETURNING id
"""
_OF_PROMPT = f"FROM prompt_pictures JOIN images ON images.id = image_id WHERE prompt_id = found.id AND {SHOWN}"
# The page of rows is cut out first: only its pictures are counted.
_FIND = f"""
    SELECT found.*, (SELECT count(*) {_OF_PROMPT}) AS pictures,
        (SELECT sha256 {_OF_PROMPT} ORDER BY images.id DESC LIMIT 1) AS thumbnail
    FROM (
        SELECT * FROM prompt_history WHERE {{where}}
        ORDER BY pinned DESC, used DESC, id DESC LIMIT :limit OFFSET :offset
    ) AS found
    ORDER BY pinned DESC, used DESC, id DESC
"""


def _condition(text: str, values: dict[str, object]) -> str:
    clauses = ["1"]
    for name, words, joint in zip(("wanted", "unwanted"), search_words(text), (" ", " OR "), strict=True):
        if words:
            values[name] = joint.join(words)
            found = f"(SELECT rowid FROM prompt_history_text WHERE prompt_history_text MATCH :{name})"
            clauses.append(f"id {'NOT ' if name == 'unwanted' else ''}IN {found}")
    return " AND ".join(clauses)


def _m001_history(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE prompt_history (
            id INTEGER PRIMARY KEY,
            prompt TEXT NOT NULL,
            negative_prompt TEXT NOT NULL,
            checkpoint TEXT NOT NULL,
            used REAL NOT NULL,               -- Unix time
            pinned INTEGER NOT NULL DEFAULT 0,
            UNIQUE (prompt, negative_prompt)
        )
        """
    )
    connection.execute("CREATE INDEX prompt_history_newest ON prompt_history (pinned DESC, used DESC, id DESC)")
    connection.execute(
        """
        CREATE TABLE prompt_pictures (
            prompt_id INTEGER NOT NULL REFERENCES prompt_history (id),
            image_id INTEGER NOT NULL REFERENCES images (id) ON DELETE CASCADE,
            PRIMARY KEY (prompt_id, image_id)
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX prompt_pictures_image ON prompt_pictures (image_id)")
    connection.execute(
        """
        CREATE TABLE prompt_requests (
            digest TEXT PRIMARY KEY,          -- of a request that came of this prompt
            prompt_id INTEGER NOT NULL REFERENCES prompt_history (id)
        ) WITHOUT ROWID
        """
    )
    connection.execute(
        """
        CREATE VIRTUAL TABLE prompt_history_text USING fts5 (
            prompt, negative_prompt, content = 'prompt_history', content_rowid = 'id',
            tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
        )
        """
    )
    connection.execute(
        """
        CREATE TRIGGER prompt_history_added AFTER INSERT ON prompt_history BEGIN
            INSERT INTO prompt_history_text (rowid, prompt, negative_prompt)
            VALUES (NEW.id, NEW.prompt, NEW.negative_prompt);
        END
        """
    )
    for name, event in (("drawn", "INSERT"), ("learnt", "UPDATE OF request")):
        connection.execute(_NOTED_TRIGGER.format(name=name, event=event))
        connection.execute(_TEXT_TRIGGER.format(name=name, event=event))
    connection.execute(
        f"""
        INSERT INTO prompt_history (prompt, negative_prompt, checkpoint, used)
        SELECT {_PROMPT} AS prompt, {_NEGATIVE} AS negative, checkpoint, max(created)
        FROM images WHERE request IS NOT NULL GROUP BY prompt, negative
        """.replace("NEW.", "")
    )
    connection.execute(
        f"""
        INSERT INTO prompt_pictures
        SELECT prompt_history.id, images.id FROM images JOIN prompt_history
        ON prompt = {_PROMPT} AND negative_prompt = {_NEGATIVE} WHERE request IS NOT NULL
        """.replace("NEW.", "")
    )


# Where nobody has noted what was typed: of a prompt with choices its template, not what was drawn from it.
_PROMPT, _NEGATIVE = (
    f"coalesce(nullif(json_extract(NEW.provenance, '$.template_{name}'), ''),"
    f" json_extract(NEW.request, '$.{name}'), '')"
    for name in ("prompt", "negative_prompt")
)
_NOTED = "(SELECT digest FROM prompt_requests)"
_NOTED_TRIGGER = f"""
    CREATE TRIGGER noted_prompt_{{name}} AFTER {{event}} ON images WHEN NEW.digest IN {_NOTED} BEGIN
        DELETE FROM prompt_pictures WHERE image_id = NEW.id;
        INSERT INTO prompt_pictures SELECT prompt_id, NEW.id FROM prompt_requests WHERE digest = NEW.digest;
    END
"""
_TEXT_TRIGGER = f"""
    CREATE TRIGGER prompt_{{name}} AFTER {{event}} ON images
    WHEN NEW.request IS NOT NULL AND (NEW.digest IS NULL OR NEW.digest NOT IN {_NOTED}) BEGIN
        INSERT INTO prompt_history (prompt, negative_prompt, checkpoint, used)
        VALUES ({_PROMPT}, {_NEGATIVE}, NEW.checkpoint, NEW.created)
        ON CONFLICT (prompt, negative_prompt) DO UPDATE SET used = max(used, excluded.used),
            checkpoint = CASE WHEN excluded.used >= used THEN excluded.checkpoint ELSE checkpoint END;
        DELETE FROM prompt_pictures WHERE image_id = NEW.id;
        INSERT INTO prompt_pictures
        SELECT id, NEW.id FROM prompt_history WHERE prompt = {_PROMPT} AND negative_prompt = {_NEGATIVE};
    END
"""
MIGRATIONS = (_m001_history,)
