"""What can go wrong between the assistant and its server, in words for people. A key never gets into them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from studio.errors import StudioError

if TYPE_CHECKING:
    import openai  # slow to import, and not needed to show a message

    from studio.assistant.endpoint import Endpoint

SAID = "It said:"
"""In a hint: what follows are the server's own words."""
NOT_USABLE = "The model's answer was not usable."
_QUOTED = 200
_SPACES = re.compile(r"\s+")


class AnswerUnusable(StudioError):
    """The model answered, but not with a proposal. ``raw`` is what it said, as far as it came."""

    def __init__(self, message: str = NOT_USABLE, hint: str = "", raw: str = "") -> None:
        super().__init__(message, hint or "Try again, or choose a larger model. What it said is kept beside this.")
        self.raw = raw

    def __reduce__(self):
        return type(self), (self.message, self.hint, self.raw)


class Stopped(StudioError):
    """The person stopped the answer. ``raw`` is what had come by then."""

    def __init__(self, raw: str = "") -> None:
        super().__init__("The answer was stopped.", "Nothing was changed.")
        self.raw = raw

    def __reduce__(self):
        return type(self), (self.raw,)


class EndpointFailed(StudioError):
    """The server refused, failed or did not answer. ``status`` is its HTTP status, 0 without one."""

    def __init__(self, message: str, hint: str = "", status: int = 0) -> None:
        super().__init__(message, hint)
        self.status = status

    def __reduce__(self):
        return type(self), (self.message, self.hint, self.status)


def unreachable(endpoint: Endpoint) -> EndpointFailed:
    return EndpointFailed(
        f"Nothing answers at {endpoint.base_url}.", "Is the server started, and is its address right, port included?"
    )


def silent(endpoint: Endpoint) -> EndpointFailed:
    return EndpointFailed(
        f"The server at {endpoint.base_url} has been silent for {endpoint.silence_seconds:g} seconds.",
        "A large model may still be loading: try again in a moment, or choose a smaller one.",
    )


def too_slow(endpoint: Endpoint, raw: str) -> AnswerUnusable:
    return AnswerUnusable(
        f"The answer was not complete after {endpoint.answer_seconds:g} seconds.",
        "Choose a smaller model, or ask for less, for example fewer variations.",
        raw,
    )


def cut_off(raw: str) -> AnswerUnusable:
    return AnswerUnusable("The connection broke in the middle of the answer.", "Try again.", raw)


def foreign(endpoint: Endpoint) -> EndpointFailed:
    return EndpointFailed(
        f"What answers at {endpoint.base_url} is no OpenAI-compatible server.", "The address usually ends in /v1."
    )


def of_call(error: openai.APIError, endpoint: Endpoint, model: str) -> EndpointFailed:
    """The failure behind what the openai package raised."""
    if hasattr(error, "status_code"):
        return _of_status(cast("openai.APIStatusError", error), endpoint, model)
    cause = type(error.__cause__).__name__
    return silent(endpoint) if "Timeout" in cause and cause != "ConnectTimeout" else unreachable(endpoint)


def _of_status(error: openai.APIStatusError, endpoint: Endpoint, model: str) -> EndpointFailed:
    status, said = error.status_code, said_by(error, endpoint)
    if 300 <= status < 400:
        message, hint = _redirected(error.response.headers.get("location", ""))
    elif status in (401, 403):
        message = "The server wants a key." if endpoint.api_key is None else "The server did not accept the key."
        hint = "Enter the key again on the assistant's settings; it is sent to this server only."
    elif status == 404 and "model" in said.lower():
        message = f"The server has no model called {model!r}."
        hint = "Choose one of those it lists."
    elif status == 404:
        message = f"There is no OpenAI-compatible interface at {endpoint.base_url}."
        hint = "The address usually ends in /v1."
    elif status == 429:
        message, hint = "The server takes no more requests at the moment.", "Wait a little, or look at your quota."
    elif status >= 500:
        message, hint = f"The server failed (status {status}).", "Look at the server's own log, or try again later."
    else:
        message, hint = f"The server did not accept the request (status {status}).", "Try another model."
    return EndpointFailed(message, f"{hint} {SAID} {said}" if said and status >= 400 else hint, status)


def said_by(error: openai.APIError, endpoint: Endpoint) -> str:
    """What the server itself said about its failure: one short line without the key."""
    body = error.body
    for key in ("error", "message", "detail"):
        if isinstance(body, dict) and body.get(key):
            body = body[key]
    text = body if isinstance(body, str) else error.message
    return short(without_key(text, endpoint))


def without_key(text: str, endpoint: Endpoint) -> str:
    """``text`` with the key blotted out, should a server repeat it."""
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else ""
    return text.replace(key, "•••") if key else text


def short(text: str) -> str:
    line = _SPACES.sub(" ", text).strip()
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"


def _redirected(location: str) -> tuple[str, str]:
    try:
        parts = urlsplit(location)
        target = f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""
    except ValueError:
        target = ""
    return (
        f"The server sends requests on to {short(target)}." if target else "The server sends requests on elsewhere.",
        "The studio does not follow, so that a key goes where you sent it. Enter the final address if you trust it.",
    )
