"""Whether and when a failed call is worth another try."""

from __future__ import annotations

import math
import random
import time
from email.utils import parsedate_to_datetime

import httpx2
import openai

BACK_OFF = 1.0
"""Seconds before the second try, doubled for the third."""
LONGEST_WAIT = 30.0
"""A server that asks for more patience is reported instead."""
_TRANSIENT = frozenset({408, 409, 425, 429})


def wait_after(error: openai.APIError, number: int) -> float | None:
    """Seconds to wait after the try ``number`` (from 0); None: another try would fail alike, or it takes too long."""
    if isinstance(error, openai.APIStatusError):
        if error.status_code not in _TRANSIENT and error.status_code < 500:
            return None
        if error.code == "insufficient_quota":
            return None
        wait = _asked_for(error.response.headers.get("retry-after", "")) or _pause(number)
        return wait if wait <= LONGEST_WAIT else None
    # Where nothing listens, or a whole time-out has passed in silence, waiting longer helps nobody.
    hopeless = isinstance(error, openai.APITimeoutError) or isinstance(error.__cause__, httpx2.ConnectError)
    return None if hopeless else _pause(number)


def _asked_for(header: str) -> float:
    """Seconds of a Retry-After header, which is a number or a date; 0 for none."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return 0.0
    return 0.0 if math.isnan(seconds) else max(0.0, seconds)


def _pause(number: int) -> float:
    return BACK_OFF * 2**number * random.uniform(0.75, 1.0)
