"""What a saved pose may be called: names and tags as people type them and as files bring them."""

from __future__ import annotations

from collections.abc import Iterable

from studio.errors import InvalidPose

MAX_NAME = 80
MAX_TAGS, MAX_TAG = 20, 40


def folded(name: str) -> str:
    """The name as it is compared: upper and lower case are the same."""
    return " ".join(name.split()).casefold()


def numbered(name: str, number: int) -> str:
    return f"{name[: MAX_NAME - 5].rstrip()} {number}"


def checked_name(name: str) -> str:
    """``name`` with single blanks.

    Raises:
        InvalidPose: it is empty, too long, or has signs that cannot be seen.
    """
    name = " ".join(name.split())
    if not name:
        raise InvalidPose("The pose needs a name.", "For example: Leaning on the counter.")
    if len(name) > MAX_NAME or not name.isprintable():
        raise InvalidPose("This name cannot be used for a pose.", f"Use up to {MAX_NAME} ordinary characters.")
    return name


def checked_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """``tags`` without blanks around them and without doubles.

    Raises:
        InvalidPose: too many, or one that is too long or has signs that cannot be seen.
    """
    kept = _tidy(tags)
    if len(kept) > MAX_TAGS:
        raise InvalidPose(f"These are {len(kept)} tags.", f"A pose has up to {MAX_TAGS}.")
    if any(len(tag) > MAX_TAG or not tag.isprintable() for tag in kept):
        raise InvalidPose("One of these tags cannot be used.", f"A tag has up to {MAX_TAG} ordinary characters.")
    return kept


def fitting_name(title: str) -> str:
    """A name made of whatever a file is called."""
    return _visible(title)[:MAX_NAME].strip() or "Pose"


def fitting_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """As many of a file's tags as a pose may have, cut to their greatest length."""
    return _tidy(_visible(tag)[:MAX_TAG] for tag in tags)[:MAX_TAGS]


def _tidy(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(tag.split()) for tag in tags if tag.strip()))


def _visible(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
