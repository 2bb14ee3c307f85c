"""Where the endpoint comes from, the file that keeps it, and that keys stay with their address."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

import pytest

from studio.assistant import configuration
from studio.assistant.configuration import check_network, chosen, configured, forget, path, save, saved
from studio.assistant.endpoint import Endpoint, endpoint
from studio.errors import Offline, StudioError
from studio.settings import Settings

HERE, THERE = "http://here:1/v1", "http://there:1/v1"
ENV = {"STUDIO_ASSISTANT_URL": THERE, "STUDIO_ASSISTANT_MODEL": "m", "STUDIO_ASSISTANT_KEY": "k-env"}


def key(found: Endpoint | None) -> str | None:
    return found.api_key.get_secret_value() if found and found.api_key else None


def test_nothing_is_set(settings: Settings):
    assert configured(settings, {}) is None and saved(settings) is None
    forget(settings)


def test_what_is_saved_comes_back_readable_by_its_owner_only(settings: Settings):
    old = os.umask(0)
    try:
        save(settings, endpoint(HERE, "m", "k"))
        save(settings, endpoint(HERE, "m2", "k2"))
    finally:
        os.umask(old)
    found = configured(settings, {})
    assert found and found.source == "saved" and found.endpoint.model == "m2" and key(found.endpoint) == "k2"
    assert stat.S_IMODE(path(settings).stat().st_mode) == 0o600
    assert [file.name for file in settings.home.iterdir()] == [configuration.FILE]
    forget(settings)
    assert configured(settings, {}) is None


def test_a_failed_write_keeps_what_was_there(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    save(settings, endpoint(HERE, "m", "k"))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StudioError, match="cannot be written"):
        save(settings, endpoint(THERE, "n", "l"))
    assert saved(settings) == endpoint(HERE, "m", "k")
    assert [file.name for file in settings.home.iterdir()] == [configuration.FILE]


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"base_url": 5}', '{"base_url": "file:///x"}', "\xff"])
def test_a_damaged_file_is_told(settings: Settings, text: str):
    settings.home.mkdir()
    path(settings).write_text(text, encoding="latin-1")
    with pytest.raises(StudioError) as failure:
        configured(settings, {})
    assert failure.value.hint


def test_the_environment_comes_first_then_what_was_saved_then_secrets(settings: Settings):
    secrets = {"url": "http://secret:1/v1", "model": "s", "key": "k-secret"}
    found = configured(settings, {}, secrets)
    assert found and (found.source, key(found.endpoint)) == ("secrets", "k-secret")
    save(settings, endpoint(HERE))
    found = configured(settings, {}, secrets)
    assert found and found.source == "saved" and key(found.endpoint) is None  # not the key of another place
    found = configured(settings, ENV, secrets)
    assert found and (found.source, found.endpoint.base_url, key(found.endpoint)) == ("environment", THERE, "k-env")


def test_a_key_without_its_address_is_told(settings: Settings):
    with pytest.raises(StudioError, match="STUDIO_ASSISTANT_URL"):
        configured(settings, {"STUDIO_ASSISTANT_KEY": "k"})


def test_a_configured_key_goes_to_its_own_server_only(settings: Settings):
    assert key(chosen(settings, "http://there:1/other/v1", "x", ENV)) == "k-env"
    for url in ("http://there:2/v1", "https://there:1/v1", "http://elsewhere/v1", "http://there.evil:1/v1"):
        assert key(chosen(settings, url, "x", ENV)) is None
    found = chosen(settings, None, "other", ENV)
    assert found and found.model == "other" and key(found) == "k-env"
    assert chosen(settings, None, None, {}) is None


def test_offline_reaches_this_machine_only(settings: Settings):
    check_network(settings, endpoint("http://localhost:1/v1"))
    with pytest.raises(Offline):
        check_network(settings, endpoint("https://there/v1"))
    check_network(replace(settings, offline=False), endpoint("https://there/v1"))
