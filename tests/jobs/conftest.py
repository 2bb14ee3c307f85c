from __future__ import annotations

import pytest

from studio.database import Database
from studio.gallery import Gallery
from studio.jobs import Queue
from studio.settings import Settings


@pytest.fixture
def database(settings: Settings) -> Database:
    return Database(settings.database)


@pytest.fixture
def queue(database: Database) -> Queue:
    return Queue(database)


@pytest.fixture
def gallery(settings: Settings, database: Database) -> Gallery:
    return Gallery(settings, database)
