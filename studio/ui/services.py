"""The parts a page works with, opened once per data folder and shared by all sessions and routes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from studio.database import Database
from studio.gallery import Gallery
from studio.jobs import Queue, Tasks
from studio.settings import Settings
from studio.ui.drafts import Drafts


@dataclass(frozen=True)
class Services:
    """Everything behind a page. Safe to share between threads: the database keeps one connection per thread."""

    settings: Settings
    gallery: Gallery
    queue: Queue
    tasks: Tasks
    drafts: Drafts


def services() -> Services:
    """The services of the studio the environment names.

    Raises:
        StudioError: a setting is wrong, or the data folder cannot be used.
    """
    return _open(Settings.from_env())


@lru_cache(maxsize=8)
def _open(settings: Settings) -> Services:
    database = Database(settings.database)
    return Services(settings, Gallery(settings, database), Queue(database), Tasks(database), Drafts(database))
