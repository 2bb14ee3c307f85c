"""From which random prompt a request was drawn: noted when it is queued, told in the provenance of its picture."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable

from studio.database import Database
from studio.gallery.provenance import Provenance
from studio.request import GenerationRequest


def _templates(connection: sqlite3.Connection) -> None:
    connection.execute(
        """
        CREATE TABLE prompt_templates (
            digest TEXT PRIMARY KEY,          -- of the request
            prompt TEXT NOT NULL,             -- empty: it was no random prompt; likewise below
            negative_prompt TEXT NOT NULL,
            wildcard_seed INTEGER NOT NULL,   -- -1: one of all combinations
            noted REAL NOT NULL
        ) WITHOUT ROWID
        """
    )


class PromptTemplates:
    """The templates of requests. A request that is drawn from several keeps the latest."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("prompt_templates", [_templates])

    def note(
        self, requests: Iterable[tuple[GenerationRequest, int]], prompt: str = "", negative_prompt: str = ""
    ) -> None:
        """``requests``, each with its wildcard seed, were drawn from these templates (empty: from none)."""
        if not prompt and not negative_prompt:
            return
        rows = [(request.digest, prompt, negative_prompt, seed, time.time()) for request, seed in requests]
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR REPLACE INTO prompt_templates VALUES (?, ?, ?, ?, ?)", rows)

    def complete(self, request: GenerationRequest, provenance: Provenance) -> Provenance:
        """``provenance`` with the template of ``request``, where there is one and none is told yet."""
        if provenance.template_prompt or provenance.template_negative_prompt:
            return provenance
        query = "SELECT prompt, negative_prompt, wildcard_seed FROM prompt_templates WHERE digest = ?"
        row = self._database.connection().execute(query, (request.digest,)).fetchone()
        if row is None:
            return provenance
        return provenance.model_copy(
            update={
                "template_prompt": row["prompt"],
                "template_negative_prompt": row["negative_prompt"],
                "wildcard_seed": row["wildcard_seed"],
            }
        )
