"""Calls to one OpenAI-compatible server: its models, and answers as they come.

The openai package takes half a second to import: import this module when it is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import httpx2
import openai

from studio.assistant import failures, stream
from studio.assistant.concessions import Concessions
from studio.assistant.endpoint import Endpoint
from studio.assistant.failures import AnswerUnusable, EndpointFailed, Stopped
from studio.assistant.patience import wait_after
from studio.assistant.wire import Cancel, TooLarge, Wire, opened
from studio.errors import StudioError

Message = dict[str, str]
"""``{"role": "system" | "user" | "assistant", "content": text}``."""
Result = TypeVar("Result")

TRIES = 3
_SHOWN = 12


class Client:
    """Calls to ``endpoint``. It may be kept and shared: it remembers what the server does not understand."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._concessions = Concessions()

    def models(self, cancel: Cancel | None = None) -> tuple[str, ...]:
        """Names of the server's models, sorted. Also the test whether there is a server at all.

        Raises:
            EndpointFailed: it refused, failed, or does not answer.
        """
        return self._persistently(
            lambda sdk, _: _names(sdk.get("/models", cast_to=httpx2.Response).text), cancel or Cancel()
        )

    def model(self, cancel: Cancel | None = None) -> str:
        """The endpoint's model, or the server's only one.

        Raises:
            StudioError: none is chosen, and the server has several or none.
        """
        if self.endpoint.model:
            return self.endpoint.model
        names = self.models(cancel)
        if len(names) == 1:
            return names[0]
        if not names:
            raise StudioError("The server has no model.", "Load one there, then try again.")
        more = " …" if len(names) > _SHOWN else ""
        raise StudioError("No model is chosen.", f"The server has: {', '.join(names[:_SHOWN])}{more}")

    def answer(
        self,
        messages: Sequence[Message],
        schema: dict[str, Any] | None = None,
        on_text: Callable[[str], None] | None = None,
        cancel: Cancel | None = None,
        seed: int | None = None,
    ) -> str:
        """The model's whole answer to ``messages``.

        Args:
            schema: JSON schema of the answer, for servers that keep to one.
            on_text: is given all of the answer so far whenever something came.
            seed: for servers that can repeat an answer.

        Raises:
            EndpointFailed: the server refused, failed, or did not answer; nothing came.
            AnswerUnusable: what came is cut off, too long, too slow or a refusal; it is in ``raw``.
            Stopped: ``cancel`` was cancelled.
        """
        cancel = cancel or Cancel()
        model = self.model(cancel)
        while True:
            extras = self._concessions.fields(schema, seed)

            def call(sdk: openai.OpenAI, wire: Wire, extras: dict[str, Any] = extras) -> str:
                request: dict[str, Any] = {"model": model, "messages": list(messages), "stream": True, **extras}
                return stream.read(sdk.chat.completions.create(**request), wire, self.endpoint, on_text)

            try:
                return self._persistently(call, cancel, model)
            except EndpointFailed as failure:
                if not self._concessions.concede(failure.status, failure.hint, extras):
                    raise

    def _persistently(self, call: Callable[[openai.OpenAI, Wire], Result], cancel: Cancel, model: str = "") -> Result:
        """``call``, tried again after what may pass. What came in part is never thrown away for another try."""
        number = 0
        while True:
            try:
                with opened(self.endpoint, cancel) as (http, wire):
                    return _translated(call, _sdk(self.endpoint, http), wire, self.endpoint)
            except openai.APIError as error:
                number += 1
                wait = wait_after(error, number - 1)
                if wait is None or number == TRIES:
                    raise failures.of_call(error, self.endpoint, model) from None
            cancel.sleep(wait)


def _sdk(endpoint: Endpoint, http: httpx2.Client) -> openai.OpenAI:
    # The wire puts in the key, for the endpoint's own host only; the package would not start without any.
    return openai.OpenAI(
        base_url=endpoint.base_url,
        api_key="set-by-the-wire",
        max_retries=0,
        timeout=http.timeout,
        http_client=http,
    )


def _translated(
    call: Callable[[openai.OpenAI, Wire], Result], sdk: openai.OpenAI, wire: Wire, endpoint: Endpoint
) -> Result:
    """``call``, with failures that say why the wire was cut, and what is no answer at all told apart from silence."""
    try:
        return call(sdk, wire)
    except (openai.APIConnectionError, httpx2.TransportError, ValueError) as error:
        if wire.reason == "cancelled":
            raise Stopped from None
        if wire.reason == "slow":
            raise failures.too_slow(endpoint, "") from None
        if isinstance(error, TooLarge) or isinstance(error.__cause__, TooLarge):
            raise AnswerUnusable("The server's answer was far too large.", "Is it a language model's server?") from None
        if isinstance(error, openai.APIConnectionError):
            raise
        raise failures.foreign(endpoint) from None


def _names(text: str) -> tuple[str, ...]:
    listed = json.loads(text)
    models = listed.get("data") if isinstance(listed, dict) else listed
    if not isinstance(models, list):
        raise ValueError("no list of models")
    return tuple(sorted({str(model["id"])[:500] for model in models if isinstance(model, dict) and model.get("id")}))
