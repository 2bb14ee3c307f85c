"""Addresses and keys: what is taken, what is refused, and that no message repeats a secret."""

from __future__ import annotations

import pytest

from studio.assistant.endpoint import PROVIDERS, checked_url, endpoint
from studio.errors import StudioError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (" http://127.0.0.1:11434/v1/ ", "http://127.0.0.1:11434/v1"),
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("HTTPS://Example.org", "https://Example.org"),
        ("http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)
def test_addresses(text: str, url: str):
    assert checked_url(text) == url


@pytest.mark.parametrize(
    "text",
    ["", "127.0.0.1:8000", "localhost/v1", "file:///etc/passwd", "ftp://h/v1", "javascript:alert(1)", "http://", "http:///v1",
     "http://h:99999/v1", "http://h:0", "http://h:x", "http://user:hunter2@h/v1", "http://hunter2@h", "http://h/v1?key=hunter2",
     "http://h/v1#hunter2", "http://h/v 1", "http://h/\nv1", "http://bücher.example/v1", "http://h/" + "x" * 600, "http://[::1"],
)  # fmt: skip
def test_refused_addresses(text: str):
    with pytest.raises(StudioError) as failure:
        checked_url(text)
    assert failure.value.hint and "hunter2" not in failure.value.message + failure.value.hint


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "schlüssel", "x" * 5000])
def test_refused_keys(key: str):
    with pytest.raises(StudioError) as failure:
        endpoint("http://h/v1", key=key)
    assert key not in failure.value.message + failure.value.hint


def test_a_key_is_never_shown():
    made = endpoint("http://h/v1", "m", " sk-secret ")
    assert made.api_key is not None and made.api_key.get_secret_value() == "sk-secret"
    assert "sk-secret" not in f"{made!r} {made} {made.api_key!r}"
    assert endpoint("http://h/v1", key="  ").api_key is None


def test_an_unencrypted_key_is_remarked_on_unless_it_stays_here():
    assert "unencrypted" in endpoint("http://192.168.1.4/v1", key="k").remark
    for url in ("https://h/v1", "http://localhost:1/v1", "http://127.0.0.9/v1", "http://[::1]/v1"):
        assert not endpoint(url, key="k").remark


@pytest.mark.parametrize("name", PROVIDERS)
def test_providers_are_usable(name: str):
    provider = PROVIDERS[name]
    assert endpoint(provider.base_url).is_local != provider.needs_key and provider.label and provider.help
