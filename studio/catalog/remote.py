"""Files on the network that the studio knows by heart: where they are, how long they are, and what they hash to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One published file. Size and hash are part of the programme, so nothing else can be slipped in."""

    url: str
    """``https://…`` (plain http for this machine itself only)."""
    name: str
    """What it is called on disk."""
    size: int
    """In bytes."""
    sha256: str
    """64 hex digits."""
