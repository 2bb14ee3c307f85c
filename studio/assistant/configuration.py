"""Which server the assistant uses: from the environment, from what a person saved, or from the page's secrets.

The first of these that names an address gives all of it. Address and key are never mixed from two places: a key must
not reach a server it was not meant for.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.assistant.endpoint import Endpoint, endpoint
from studio.errors import Offline, StudioError
from studio.settings import Settings

FILE = "assistant.json"
ENVIRONMENT = {"base_url": "STUDIO_ASSISTANT_URL", "model": "STUDIO_ASSISTANT_MODEL", "key": "STUDIO_ASSISTANT_KEY"}


@dataclass(frozen=True, slots=True)
class Configured:
    """An endpoint, and where it was found: ``environment``, ``saved`` or ``secrets``."""

    endpoint: Endpoint
    source: str


def configured(
    settings: Settings, env: Mapping[str, str] = os.environ, secrets: Mapping[str, Any] | None = None
) -> Configured | None:
    """The endpoint in use; None if nobody set one.

    Args:
        secrets: ``url``, ``model`` and ``key`` from the page's secrets, if it has any.

    Raises:
        StudioError: one was set, but it cannot be used.
    """
    found = (
        ("environment", from_environment(env)),
        ("saved", saved(settings)),
        ("secrets", from_secrets(secrets or {})),
    )
    return next((Configured(endpoint, source) for source, endpoint in found if endpoint), None)


def from_environment(env: Mapping[str, str] = os.environ) -> Endpoint | None:
    values = {field: env.get(name, "") for field, name in ENVIRONMENT.items()}
    if not values["base_url"]:
        if values["key"]:
            raise StudioError(
                "STUDIO_ASSISTANT_KEY is set, but not STUDIO_ASSISTANT_URL.",
                "Say which server the key is for, for example https://api.openai.com/v1.",
            )
        return None
    return endpoint(**values)


def from_secrets(secrets: Mapping[str, Any]) -> Endpoint | None:
    if not secrets.get("url"):
        return None
    return endpoint(*(str(secrets.get(name, "")) for name in ("url", "model", "key")))


def saved(settings: Settings) -> Endpoint | None:
    """What a person saved.

    Raises:
        StudioError: the file is damaged.
    """
    file = path(settings)
    try:
        fields = json.loads(file.read_bytes())
        return endpoint(str(fields["base_url"]), str(fields.get("model", "")), str(fields.get("key", "")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise StudioError(f"The assistant's settings in {file} cannot be read.", "Enter them again.") from None


def save(settings: Settings, endpoint: Endpoint) -> None:
    """Keep ``endpoint`` in a file that only this user can read, written whole or not at all.

    Raises:
        StudioError: the data folder cannot be written.
    """
    key = endpoint.api_key.get_secret_value() if endpoint.api_key else ""
    text = json.dumps({"base_url": endpoint.base_url, "model": endpoint.model, "key": key}, indent=2)
    target = path(settings)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes files that nobody else can read.
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{FILE}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError:
        raise StudioError(
            f"The data folder {target.parent} cannot be written.", "Check its permissions and its free space."
        ) from None


def forget(settings: Settings) -> None:
    """Remove what was saved, key included."""
    path(settings).unlink(missing_ok=True)


def check_network(settings: Settings, endpoint: Endpoint) -> None:
    """
    Raises:
        Offline: the studio is told never to use the network, and the server is on another machine.
    """
    if settings.offline and not endpoint.is_local:
        raise Offline(
            "The studio is offline, and the language model's server is on another machine.",
            "Unset STUDIO_OFFLINE, use a server on this machine, or compose from the library without any.",
        )


def path(settings: Settings) -> Path:
    return settings.home / FILE


def chosen(
    settings: Settings, base_url: str | None, model: str | None, env: Mapping[str, str] = os.environ
) -> Endpoint | None:
    """The endpoint for a command line: what it names, else what is configured.

    A configured key goes along only if the address leads to the server that it was configured for.
    """
    found = configured(settings, env)
    if base_url is None:
        return endpoint_with_model(found.endpoint, model) if found else None
    named = endpoint(base_url, model or "")
    if found and found.endpoint.origin == named.origin:
        return Endpoint(named.base_url, named.model or found.endpoint.model, found.endpoint.api_key)
    return named


def endpoint_with_model(endpoint: Endpoint, model: str | None) -> Endpoint:
    return Endpoint(endpoint.base_url, model, endpoint.api_key) if model else endpoint
