"""What the prompt editor completes: the library's words, LoRAs and wildcards, as one JSON document by address.

The address bears the content's hash, so a browser fetches it once and a rerun sends only the address.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from studio.catalog import vocabulary
from studio.catalog.families import FAMILIES
from studio.errors import StudioError
from studio.prompts.library.entries import Entry
from studio.prompts.library.library import Library
from studio.prompts.library.wildcards import of_studio
from studio.settings import Settings
from studio.ui import media
from studio.ui.models import FRESH_SECONDS

PREFIX = f"{media.PREFIX}/completions"
ALL = (1 << len(FAMILIES)) - 1
Named = tuple[str, str | None]
"""A LoRA and the family it is for, where that is known."""
Counted = tuple[str, int]
"""A wildcard and how many options it has."""


class Documents:
    """The documents that pages have named of late, by digest."""

    def __init__(self, limit: int = 16) -> None:
        self._contents: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._limit = limit

    def add(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()[:32]
        with self._lock:
            self._contents[digest] = content
            self._contents.move_to_end(digest)
            if len(self._contents) > self._limit:
                self._contents.popitem(last=False)
        return digest

    def get(self, digest: str) -> bytes | None:
        with self._lock:
            return self._contents.get(digest)


_documents = Documents()


def url(library: Library, loras: tuple[Named, ...] = (), wildcards: tuple[Counted, ...] = ()) -> str:
    """The address of these words. Cheap for what has not changed."""
    return f"{PREFIX}/{_documents.add(_content(library, loras, wildcards))}.json"


def wildcards_of(settings: Settings) -> tuple[Counted, ...]:
    """The wildcards at hand, looked for at most every few seconds; those that cannot be read are left out."""
    return _wildcards(settings, int(time.monotonic() / FRESH_SECONDS))


@lru_cache(maxsize=4)
def _wildcards(settings: Settings, _turn: int) -> tuple[Counted, ...]:
    found, counted = of_studio(settings), []
    for name in found.names():
        try:
            counted.append((name, len(found.values(name))))
        except StudioError:
            continue
    return tuple(counted)


@lru_cache(maxsize=8)
def _content(library: Library, loras: tuple[Named, ...], wildcards: tuple[Counted, ...]) -> bytes:
    return json.dumps(document(library, loras, wildcards), ensure_ascii=False, separators=(",", ":")).encode()


def document(library: Library, loras: Iterable[Named], wildcards: Iterable[Counted]) -> dict[str, Any]:
    """What ``completing.js`` reads. Families are bits, the lowest for the first of ``families``."""
    places = {category.id: place for place, category in enumerate(library.categories)}
    return {
        "families": list(FAMILIES),
        "categories": [category.title for category in library.categories],
        "entries": [
            [entry.text, places[entry.category], _families_of(entry), list(entry.aliases)]
            for entry in library.entries
            if entry.category in places
        ],
        "loras": [[name, ALL if family is None else _bits([family])] for name, family in loras],
        "wildcards": [list(wildcard) for wildcard in wildcards],
    }


def _families_of(entry: Entry) -> int:
    return _bits(family for family in FAMILIES if _known(entry, family))


def _known(entry: Entry, family: str) -> bool:
    """A family with a vocabulary of its own knows its words; of the others the entry says which ones it is for."""
    known = vocabulary.knows(family, entry.text)
    return entry.works_for(family) if known is None else known


def _bits(families: Iterable[str]) -> int:
    named = set(families)
    return sum(1 << place for place, name in enumerate(FAMILIES) if name in named)


def _answer(request: Request) -> Response:
    content = _documents.get(request.path_params["digest"])
    if content is None:
        return Response(status_code=404, headers=media.NEVER)
    return Response(content, media_type="application/json", headers=media.FOREVER)


ROUTES = [Route(f"{PREFIX}/{{digest}}.json", _answer)]
