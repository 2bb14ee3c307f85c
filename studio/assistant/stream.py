"""A model's answer as it comes: piece by piece, until it is whole, too long, cut or refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import openai

from studio.assistant import failures
from studio.assistant.endpoint import Endpoint
from studio.assistant.failures import AnswerUnusable, EndpointFailed, Stopped
from studio.assistant.wire import Wire

MAX_ANSWER = 200_000
"""Characters of an answer; a proposal takes two thousand, long thoughts before it fifty thousand."""


def read(
    stream: openai.Stream[Any], wire: Wire, endpoint: Endpoint, on_text: Callable[[str], None] | None = None
) -> str:
    """The whole text of ``stream``; ``on_text`` is given all of it so far whenever something came.

    Raises:
        AnswerUnusable: it is cut off, too long, too slow, empty or a refusal; ``raw`` holds what came.
        EndpointFailed: the server failed before anything came.
        Stopped: the wire was cut by the person.
    """
    text, ended = "", ""
    try:
        for piece, reason in _pieces(stream, endpoint):
            ended = ended if ended == "refusal" else reason or ended
            text += piece
            if len(text) > MAX_ANSWER:
                raise AnswerUnusable("The model's answer was far too long.", raw=text[:MAX_ANSWER])
            if wire.reason:
                break
            if piece and on_text is not None:
                on_text(text)
    except (openai.APIConnectionError, httpx2.TransportError, ValueError):
        if not text and not wire.reason:
            raise
    except EndpointFailed as failure:
        if text:
            raise AnswerUnusable(failure.message, failure.hint, text) from None
        raise
    finally:
        stream.close()
    return _whole(text, ended, wire, endpoint)


def _whole(text: str, ended: str, wire: Wire, endpoint: Endpoint) -> str:
    if wire.reason == "cancelled":
        raise Stopped(text)
    if wire.reason == "slow":
        raise failures.too_slow(endpoint, text)
    if ended in ("content_filter", "refusal"):
        raise AnswerUnusable("The model declined to answer.", "Put the idea into other words.", text)
    if not text.strip():
        raise AnswerUnusable("The model answered with nothing.", "Try again, or choose another model.", text)
    if ended == "length" and not _holds_whole_json(text):
        raise AnswerUnusable("The model's answer was cut off: it had no room for more.", raw=text)
    # Some servers never say why they end; then only the text tells whether all of it came.
    if not ended and not _holds_whole_json(text):
        raise failures.cut_off(text)
    return text


def _pieces(stream: openai.Stream[Any], endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """Pieces of text, each with the reason why the answer ends there, or an empty one."""
    if "event-stream" not in stream.response.headers.get("content-type", ""):  # a server that cannot stream
        yield _unstreamed(stream.response)
        return
    try:
        for event in stream:
            for choice in (getattr(event, "choices", None) or ())[:1]:
                delta = getattr(choice, "delta", None)
                content, refusal = getattr(delta, "content", None), getattr(delta, "refusal", None)
                reason = "refusal" if refusal else getattr(choice, "finish_reason", None)
                yield _text(content or refusal), _text(reason)
    except openai.APIConnectionError:
        raise
    except openai.APIError as error:  # the server reports an error in the middle of its stream
        raise EndpointFailed("The server failed while it answered.", failures.said_by(error, endpoint)) from None


def _unstreamed(response: httpx2.Response) -> tuple[str, str]:
    try:
        choice = json.loads(response.read())["choices"][0]
        message = choice["message"]
        refusal = message.get("refusal")
        return _text(refusal or message.get("content")), "refusal" if refusal else _text(choice.get("finish_reason"))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError("no chat completion") from None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _holds_whole_json(text: str) -> bool:
    start = text.find("{")
    try:
        json.JSONDecoder().raw_decode(text, max(start, 0))
    except ValueError:
        return False
    return start >= 0
