"""A language model's server: its address, a model and perhaps a key."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

from pydantic import SecretStr

from studio.errors import StudioError

_EXAMPLE = "Write it like http://127.0.0.1:11434/v1 or https://api.openai.com/v1."
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a kind of server listens when nobody changed it."""

    label: str
    base_url: str
    needs_key: bool = False
    help: str = ""


PROVIDERS: dict[str, Provider] = {
    "ollama": Provider("Ollama", "http://127.0.0.1:11434/v1", help="Start it with: ollama serve"),
    "lm-studio": Provider("LM Studio", "http://127.0.0.1:1234/v1", help="Switch the server on under Developer."),
    "llama-cpp": Provider("llama.cpp server", "http://127.0.0.1:8080/v1", help="Start it with: llama-server -m FILE"),
    "vllm": Provider("vLLM", "http://127.0.0.1:8000/v1", help="Start it with: vllm serve MODEL"),
    "openai": Provider("OpenAI", "https://api.openai.com/v1", needs_key=True, help="Needs a key of your account."),
}
"""Starting points for the settings form. Any other OpenAI-compatible address works as well."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Checked when made.

    Raises:
        StudioError: the address is not plain http(s), holds a password, or the key cannot be one.
    """

    base_url: str
    model: str = ""
    """Empty: the server's only model."""
    api_key: SecretStr | None = None
    connect_seconds: float = 10.0
    silence_seconds: float = 120.0
    """How long the server may say nothing at all; a model may have to be loaded first."""
    answer_seconds: float = 300.0
    """How long one answer may take from the request to its last word."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", checked_url(self.base_url))
        object.__setattr__(self, "model", _checked_model(self.model))
        if self.api_key is not None:
            _check_key(self.api_key.get_secret_value())

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: where the key may go, and nowhere else."""
        return origin(self.base_url)

    @property
    def is_local(self) -> bool:
        """Whether the server runs on this machine."""
        return _is_loopback(self.origin[1])

    @property
    def remark(self) -> str:
        """What a person should know before using it; empty: nothing."""
        if self.api_key is not None and self.origin[0] == "http" and not self.is_local:
            return "The address begins with http, not https: the key travels unencrypted."
        return ""


def endpoint(base_url: str, model: str = "", key: str | None = None) -> Endpoint:
    """An endpoint from what was typed; an empty key is none. Raises as :class:`Endpoint`."""
    key = (key or "").strip()
    return Endpoint(base_url, model, SecretStr(key) if key else None)


def checked_url(text: str) -> str:
    """``text`` as a base URL without a slash at its end. The messages never repeat a password.

    Raises:
        StudioError: it is no http or https address, or it holds more than an address.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise StudioError("The server's address cannot be read.", _EXAMPLE) from None
    if parts.scheme not in ("http", "https"):
        raise StudioError("The server's address has to begin with http:// or https://.", _EXAMPLE)
    if not host or port == 0 or len(text) > _LONGEST or not all(" " < letter < "\x7f" for letter in text):
        raise StudioError("The server's address cannot be read.", _EXAMPLE)
    if "@" in parts.netloc:
        raise StudioError("The server's address holds a user name or password.", "Put the key into its own field.")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise StudioError("The server's address holds more than an address.", "Leave out everything from ? or # on.")
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _checked_model(name: str) -> str:
    name = name.strip()
    if len(name) > _LONGEST or not name.isprintable():
        raise StudioError("The model's name cannot be used.", "Choose one of those the server lists.")
    return name


def _check_key(key: str) -> None:
    if not key or len(key) > 4096 or not all("!" <= letter <= "~" for letter in key):
        raise StudioError("The key holds characters that no key has.", "Copy it again, without blanks around it.")
