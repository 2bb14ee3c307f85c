from __future__ import annotations

from studio.database import Database
from studio.ui.generate.sketches import Sketches


def test_a_drawing_is_found_by_the_map_made_from_it(settings):
    sketches = Sketches(Database(settings.database))
    assert sketches.find("a" * 64) is None
    sketches.remember("a" * 64, "first")
    sketches.remember("a" * 64, "second")
    assert sketches.find("a" * 64) == "second" and sketches.find("b" * 64) is None
    assert Sketches(Database(settings.database)).find("a" * 64) == "second"
