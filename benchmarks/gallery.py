"""The gallery at 100,000 pictures: search, filters and pages; and a page of 100 thumbnails against ``st.image``.

The database is generated: real rows by the gallery's own code, image files only for the pictures that a page shows.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from studio.cli.console import table
from studio.database import Database
from studio.gallery import Gallery, Provenance, Query
from studio.gallery.rows import StoredImage, insert_picture
from studio.request import GenerationRequest
from studio.settings import PROJECT_ROOT, Settings

PICTURES = 100_000
PER_PAGE = 60
THUMBNAILS = 100
_CHECKPOINTS = [f"model{number}" for number in range(12)]
_SAMPLERS = ["DPM++ 2M", "Euler a", "DDIM", "UniPC"]
_COMMON = ["1girl", "masterpiece", "smile", "long hair", "blue_eyes", "standing", "outdoors", "night", "school uniform"]


def measure(repeats: int, pictures: int = PICTURES) -> dict[str, object]:
    """Milliseconds of each question (with nothing counted before), and of a page of thumbnails both ways."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder), Path(folder) / "models", device="cpu", offline=True)
        database = Database(settings.database)
        gallery = Gallery(settings, database)
        began = time.perf_counter()
        _generate(database, pictures)
        built = time.perf_counter() - began
        questions = {
            name: _timed(ask, gallery.forget_counts, repeats) for name, ask in _questions(gallery, pictures).items()
        }
        slowest = {kind: max(asked[kind] for asked in questions.values()) for kind in ("cpu_ms", "median_ms")}
        megabytes = settings.database.stat().st_size / 1e6
        database.close()
    return {
        "pictures": pictures,
        "database_megabytes": round(megabytes, 1),
        "generated_in_seconds": round(built, 1),
        "questions": questions,
        "slowest": slowest,
        "thumbnails": _thumbnails(repeats),
    }


def lines(figures: dict) -> list[tuple[str, ...]]:
    """Rows of a printed table."""
    rows = [
        (
            f"{name} ({asked['found']:,} found)",
            f"{asked['median_ms']:.1f} ms",
            f"{asked['cpu_ms']:.1f} ms of processor time",
        )
        for name, asked in figures["questions"].items()
    ]
    shown = figures["thumbnails"]
    rows.append((f"page of {shown['count']} thumbnails, PIL images to st.image", f"{shown['pil_ms']:.1f} ms", ""))
    rows.append((f"page of {shown['count']} thumbnails, ours", f"{shown['ours_ms']:.1f} ms", f"{shown['ratio']:.0f}×"))
    return rows


def _questions(gallery: Gallery, pictures: int) -> dict[str, Callable[[], int]]:
    """Each gives the number of pictures it is about; a page and its total together, as the gallery page asks."""

    def paged(query: Query, offset: int = 0) -> Callable[[], int]:
        def ask() -> int:
            total = gallery.total(query)  # Counted anew each time: see _timed.
            page = gallery.page(query, PER_PAGE, offset)
            assert len(page) == min(PER_PAGE, max(total - offset, 0))
            return total

        return ask

    middle = gallery.page(limit=1, offset=pictures // 2)[0].id
    return {
        "newest, first page": paged(Query()),
        "newest, last page by number": paged(Query(), pictures - PER_PAGE),
        "newest, after a picture in the middle": lambda: len(gallery.page(limit=PER_PAGE, after=middle)),
        "a word that all have": paged(Query("masterpiece")),
        "a word that all have, middle page": paged(Query("masterpiece"), pictures // 2),
        "two words": paged(Query("blue smile")),
        "two letters": paged(Query("sm")),
        "one letter": paged(Query("s")),
        "a rare word": paged(Query("uniqueword77")),
        "a word, none of another": paged(Query("smile -night")),
        "checkpoint and rating": paged(Query(checkpoint="model3", rating_at_least=4)),
        "a tag, by rating": paged(Query(tag="keep", sort="rating")),
        "a word, a tag, a checkpoint": paged(Query("smile", tag="keep", checkpoint="model3")),
        "a LoRA": paged(Query(lora="ink")),
        "a collection, oldest first": paged(Query(collection="best", sort="oldest")),
        "a size, by seconds": paged(Query(size=(512, 768), sort="seconds")),
        "by size, last page": paged(Query(sort="size"), pictures - PER_PAGE),
        "with a pose, favourites": paged(Query(has_pose=True, favourite=True)),
        "all facets": lambda: len(gallery.facets().checkpoints),
        "nothing found": paged(Query(checkpoint="no such")),
    }


def _timed(ask: Callable[[], int], forget: Callable[[], None], repeats: int) -> dict[str, float]:
    found = ask()
    walls, works = [], []
    for _ in range(max(repeats, 3)):
        forget()
        start, work = time.perf_counter(), time.process_time()
        ask()
        walls.append(1000 * (time.perf_counter() - start))
        works.append(1000 * (time.process_time() - work))
    # The processor's time is what it takes on a machine that does nothing else.
    figures = {"cpu_ms": statistics.median(works), "median_ms": statistics.median(walls), "worst_ms": max(walls)}
    return {"found": found, **{name: round(value, 2) for name, value in figures.items()}}


def _generate(database: Database, pictures: int) -> None:
    dice = random.Random(7)
    rare = [f"word{dice.randrange(10**6)}" for _ in range(4000)]
    with database.transaction() as connection:
        for number in range(pictures):
            insert_picture(connection, _stored(number, dice, rare))
        connection.executemany(
            "UPDATE images SET rating = ?, favourite = ? WHERE id = ?",
            [(dice.choice([0, 0, 0, 1, 2, 3, 4, 5]), dice.random() < 0.05, id + 1) for id in range(pictures)],
        )
        for kind, value, share in (("tag", "keep", 0.5), ("tag", "redo", 0.02), ("collection", "best", 0.1)):
            ids = [(kind, value, id + 1) for id in range(pictures) if dice.random() < share]
            connection.executemany("INSERT INTO labels VALUES (?, ?, ?)", ids)
        # Some trash besides, which no question may find.
        for number in range(pictures, pictures + pictures // 200):
            insert_picture(connection, _stored(number, dice, rare))
        connection.execute("UPDATE images SET deleted = 1 WHERE id > ?", (pictures,))
    database.connection().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _stored(number: int, dice: random.Random, rare: list[str]) -> StoredImage:
    phrases = ["masterpiece", *dice.sample(_COMMON, 4), *dice.sample(rare, 8)]
    if number == 77:
        phrases.append("uniqueword77")
    width, height = dice.choice([(512, 512), (512, 768), (768, 512), (1024, 1024)])
    fields: dict = {
        "prompt": ", ".join(phrases),
        "negative_prompt": f"lowres, bad hands, {dice.choice(rare)}",
        "checkpoint": dice.choice(_CHECKPOINTS),
        "sampler": dice.choice(_SAMPLERS),
        "seed": number,
        "width": width,
        "height": height,
    }
    if dice.random() < 0.3:
        fields["loras"] = ({"name": dice.choice(["ink", "flat", "retro"]), "weight": 0.8},)
    if dice.random() < 0.2:
        fields["controls"] = ({"pose": {"width": width, "height": height}},)
    request = GenerationRequest.build(**fields)
    provenance = Provenance(seconds=round(dice.uniform(1, 60), 2))
    return StoredImage(f"{number:064x}", request, provenance, width, height, 1.7e9 + number * 30)


# Both ways in Streamlit's own test driver, in one process, by turns.
RERUN = """
import json, statistics, sys, time
from pathlib import Path
from PIL import Image
from streamlit.testing.v1 import AppTest

def by_pictures():
    import streamlit as st
    from PIL import Image
    from pathlib import Path
    for path in sorted(Path(FOLDER).glob("*.png")):
        st.image(Image.open(path), width=160)

def by_address():
    import streamlit as st
    from pathlib import Path
    from studio.ui.media import thumbnail_url
    for path in sorted(Path(FOLDER).glob("*.png")):
        st.image(thumbnail_url(path.stem), width=160)

def page(script):
    import inspect
    source = inspect.getsource(script)
    body = "\\n".join(line[4:] for line in source.splitlines()[1:])
    return AppTest.from_string(f"FOLDER = {sys.argv[1]!r}\\n{body}", default_timeout=120)

pages = {"pil_ms": page(by_pictures), "ours_ms": page(by_address)}
times = {name: [] for name in pages}
for turn in range(int(sys.argv[2]) + 1):
    for name, app in pages.items():
        start = time.perf_counter()
        app.run()
        assert not app.exception, app.exception
        times[name].append(1000 * (time.perf_counter() - start))
print(json.dumps({name: statistics.median(list[1:]) for name, list in times.items()}))
"""


def _thumbnails(repeats: int) -> dict[str, float]:
    """A rerun of a page of 512-pixel pictures: as PIL images, as other tools do it, and by address, as ours does."""
    with tempfile.TemporaryDirectory() as folder:
        dice = np.random.default_rng(1)
        for number in range(THUMBNAILS):
            low = Image.fromarray(dice.integers(0, 255, (16, 16, 3), dtype=np.uint8))
            low.resize((512, 512), Image.Resampling.BICUBIC).save(Path(folder) / f"{number:064x}.png")
        script = Path(folder) / "rerun.py"
        script.write_text(RERUN)
        command = [sys.executable, str(script), folder, str(max(repeats, 3))]
        done = subprocess.run(command, cwd=PROJECT_ROOT, env=_environment(), capture_output=True, text=True, check=True)
    times = json.loads(done.stdout.strip().splitlines()[-1])
    return {
        "count": THUMBNAILS,
        **{name: round(value, 2) for name, value in times.items()},
        "ratio": round(times["pil_ms"] / times["ours_ms"], 1),
    }


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT_ROOT)}


if __name__ == "__main__":
    # On its own it needs no torch: python -m benchmarks.gallery
    measured = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    print("\n".join(table(lines(measured))))
    kept = Path(__file__).parent / "results" / f"{time.strftime('%Y%m%d-%H%M%S')}-gallery.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(measured, indent=2))
