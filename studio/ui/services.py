"""The parts a page works with, opened once per data folder and shared by all sessions and routes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from studio.database import Database
from studio.gallery import Gallery
from studio.gallery.poses import PoseShelf
from studio.gallery.prompt_history import PromptHistory
from studio.gallery.prompt_pictures import PromptPictures
from studio.gallery.prompt_shelf import PromptShelf
from studio.gallery.scores import PictureScores
from studio.jobs import Queue, Tasks
from studio.jobs.sweeps import Sweeps
from studio.settings import Settings
from studio.ui.generate.drafts import Drafts
from studio.ui.generate.sketches import Sketches
from studio.ui.pose.desks import PoseDesks


@dataclass(frozen=True)
class Services:
    """Everything behind a page. Safe to share between threads: the database keeps one connection per thread."""

    settings: Settings
    database: Database
    gallery: Gallery
    queue: Queue
    tasks: Tasks
    sweeps: Sweeps
    scores: PictureScores
    drafts: Drafts
    sketches: Sketches
    pose_desks: PoseDesks
    pose_shelf: PoseShelf
    prompt_history: PromptHistory
    prompt_shelf: PromptShelf
    prompt_pictures: PromptPictures


def services() -> Services:
    """The services of the studio the environment names.

    Raises:
        StudioError: a setting is wrong, or the data folder cannot be used.
    """
    return _open(Settings.from_env())


@lru_cache(maxsize=8)
def _open(settings: Settings) -> Services:
    database = Database(settings.database)
    queue = Queue(database)
    return Services(
        settings=settings,
        database=database,
        gallery=Gallery(settings, database),
        queue=queue,
        tasks=Tasks(database),
        sweeps=Sweeps(database, queue),
        scores=PictureScores(database),
        drafts=Drafts(database),
        sketches=Sketches(database),
        pose_desks=PoseDesks(database),
        pose_shelf=PoseShelf(database),
        prompt_history=PromptHistory(database),
        prompt_shelf=PromptShelf(database),
        prompt_pictures=PromptPictures(database),
    )
