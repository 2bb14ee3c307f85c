"""From the form to a question for the model, and on to its thread."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from studio.assistant import configuration, triggers
from studio.assistant.asking import Ask
from studio.assistant.configuration import Configured
from studio.assistant.conversations import history
from studio.assistant.proposing import Outcome, propose
from studio.assistant.ranges import RANGES
from studio.catalog.checkpoints import Checkpoint
from studio.errors import StudioError
from studio.prompts.syntax import phrases, tokens
from studio.ui import desk
from studio.ui.assistant import desks
from studio.ui.assistant.sittings import Propose, Question, Sitting, conversations, sitting
from studio.ui.models import shelves, token_counter
from studio.ui.services import services

NOT_CONNECTED = StudioError(
    "No language model is connected.", "Connect one on the Assistant page under Connection, or compose offline."
)
SECRETS = "assistant"
"""The section of Streamlit's secrets that may hold ``url``, ``model`` and ``key``."""


def here() -> Sitting:
    """This browser's sitting."""
    return sitting(services().database, desk.desk_id())


def configured() -> Configured | None:
    """The endpoint in use. Raises StudioError: one was set, but it cannot be used."""
    return configuration.configured(services().settings, secrets=secrets())


def secrets() -> Mapping[str, Any]:
    """The page's secrets for the assistant; none where there is no such file or section."""
    try:
        found = st.secrets.get(SECRETS, {})
    except StreamlitSecretNotFoundError:
        return {}
    return found if isinstance(found, Mapping) else {}


def checkpoint() -> Checkpoint | None:
    """The one the form draws with: proposals are written for it."""
    return shelves(services().settings).checkpoint(desk.value("checkpoint"))


def family_of(checkpoint: Checkpoint | None) -> str:
    return (checkpoint and checkpoint.family) or "sd15"


def locked() -> tuple[str, ...]:
    """Words that must stay."""
    return tuple(desk.value(desks.LOCKED))


def lockable(prompt: str) -> list[str]:
    """The phrases of ``prompt``, each once: what one may want to lock."""
    return list(dict.fromkeys(phrase.text for phrase in phrases.split(prompt)))


def ask(mode: str, idea: str = "") -> None:
    """Send the form's prompt with ``idea`` to the model. A callback; what is wrong is noted in the sitting."""
    desk.sync()
    now = here()
    now.stop()
    now.failure, now.failed = None, (mode, idea)
    try:
        question, found = _question(mode, idea, now), configured()
        if found is None:
            raise NOT_CONNECTED
        work = _work(found, question)
    except StudioError as error:
        now.failure = error
        return
    now.failed = None
    now.question = Question(question, found.endpoint.model, work, _kept(), now.conversation)


def _question(mode: str, idea: str, now: Sitting) -> Ask:
    found = checkpoint()
    said = history(_kept().turns(now.conversation)) if mode == "chat" and now.conversation is not None else ()
    return Ask(
        mode,
        idea=idea.strip(),
        prompt=desk.value("prompt"),
        negative_prompt=desk.value("negative_prompt"),
        family=family_of(found),
        checkpoint=found.name if found else "",
        locked=locked(),
        triggers=triggers.of_prompt(services().settings, desk.value("prompt"), desk.value(desk.PICKED)),
        count=desk.value(desks.COUNT),
        settings={name: desk.value(name) for name in (*RANGES, "sampler")},
        history=said,
    )


def _work(found: Configured, question: Ask) -> Propose:
    library, model = services().prompt_shelf.library(), checkpoint()
    counter = token_counter(str(model.path)) if model and model.path else None

    def count(prompt: str) -> int:
        return sum(counter.chunk_sizes(prompt)) if counter else tokens.estimate(prompt)

    def work(on_text, cancel) -> Outcome:
        from studio.assistant.client import Client  # slow to import, so in the thread that calls

        return propose(Client(found.endpoint), question, library, count, on_text, cancel)

    return work


def _kept():
    return conversations(services().database)
