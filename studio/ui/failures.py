"""How a failure is shown: a sentence and a remedy, never a traceback."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import streamlit as st

from studio.errors import StudioError
from studio.settings import Settings

_log = logging.getLogger("studio")


def log_file(settings: Settings) -> Path:
    return settings.home / "logs" / "studio.log"


def start_log(settings: Settings) -> None:
    """Send what the page process has to say to the log file. Calling it again changes nothing."""
    path = log_file(settings)
    if any(isinstance(h, logging.FileHandler) and h.baseFilename == str(path) for h in _log.handlers):
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(path, maxBytes=2_000_000, backupCount=2, encoding="utf-8")
    except OSError:
        return  # A data folder that cannot be written is reported by the first page that needs it.
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    _log.addHandler(handler)
    _log.setLevel(logging.INFO)


def show(message: str, hint: str = "") -> None:
    """A failure as the person reads it: the message as title, the hint as body."""
    st.error(plain(hint) or "Try again.", title=plain(message), icon=":material/error:")


def show_script_error(error: Exception) -> bool:
    """The app's one error boundary. Returns True: the failure has been shown."""
    if isinstance(error, StudioError):
        show(error.message, error.hint)
        return True
    try:
        settings = Settings.from_env()
    except StudioError as wrong:
        show(wrong.message, wrong.hint)
        return True
    start_log(settings)
    _log.error("A page failed.", exc_info=error)
    show(
        "Something went wrong on this page.", f"Nothing is lost. Reload the page; details are in {log_file(settings)}."
    )
    return True


def plain(text: str) -> str:
    """``text`` without a meaning as Markdown, for the places where Streamlit would read it as such."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-!|<>~:$&^" else sign for sign in text)
