"""The prompt library at 100,000 entries: search and completion; and what the shipped library costs a page.

The entries are generated: half of common words in all combinations, half made-up names, with aliases, some in Japanese.
"""

from __future__ import annotations

import itertools
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from studio.cli.console import table
from studio.prompts.library.entries import Category, Entry
from studio.prompts.library.library import Library, shipped

ENTRIES = 100_000
SHOWN = 60
_COLOURS = "red blue green black white pink purple silver golden brown grey orange aqua lavender crimson teal".split()
_SIZES = (
    "long short tiny huge wide narrow flowing messy neat curly straight layered frilled striped plaid dotted".split()
)
_THINGS = (
    "hair ponytail twintails braid bangs skirt dress jacket uniform kimono scarf ribbon hat boots gloves stockings eyes"
    " smile umbrella sword lantern window street forest river mountain sunset moonlight shadow rain snow petals feather"
).split()
_SYLLABLES = (
    "ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ma mi mu me mo ra ri ru re ro ya yu yo".split()
)
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワンー"
QUERIES = {
    "one letter": "s",
    "two letters": "sh",
    "a word many have": "hair",
    "a whole text": "long red ponytail",
    "three beginnings": "cu sil twi",
    "one typing error": "ponytial",
    "two words, both mistyped": "crimsn umbrela",
    "five words, one mistyped": "flowing long lavendar dress skirt",
    "a made-up name, mistyped": "",  # filled in from the entries
    "Japanese": "",
    "Japanese, mistyped": "",
    "nothing like it": "xqzvwjk",
}


def measure(repeats: int, entries: int = ENTRIES) -> dict[str, object]:
    """Milliseconds of each question on one core, of building the index, and of the shipped library on every rerun."""
    library, queries = _generated(entries)
    began = time.perf_counter()
    library.search("warm")
    built = time.perf_counter() - began
    questions: dict[str, dict[str, float]] = {}
    for name, query in queries.items():
        questions[name] = _timed(lambda query=query: len(library.search(query, limit=SHOWN)), repeats)
    queried = queries["one typing error"]
    questions["one typing error, in a category and a family"] = _timed(
        lambda: len(library.search(queried, categories=["pack-3"], families=["sdxl"], limit=SHOWN)), repeats
    )
    questions["completing two letters"] = _timed(lambda: len(library.complete("po")), repeats)
    questions["completing a mistyped word"] = _timed(lambda: len(library.complete("ponytial")), repeats)
    return {
        "entries": entries,
        "index_built_in_seconds": round(built, 2),
        "questions": questions,
        "slowest": {
            kind: max(asked[kind] for asked in questions.values()) for kind in ("cpu_ms", "median_ms", "first_cpu_ms")
        },
        "shipped": _shipped(repeats),
    }


def lines(figures: dict) -> list[tuple[str, ...]]:
    """Rows of a printed table."""
    rows = [
        (
            f"library of {figures['entries']:,}: {name} ({asked['found']} shown)",
            f"{asked['median_ms']:.1f} ms",
            f"{asked['cpu_ms']:.1f} ms of processor time, {asked['first_cpu_ms']:.1f} ms the first time",
        )
        for name, asked in figures["questions"].items()
    ]
    ours = figures["shipped"]
    rows.append(("building the index", f"{1000 * figures['index_built_in_seconds']:.0f} ms", "once"))
    rows.append((f"shipped library ({ours['items']}), read and indexed", f"{ours['read_ms']:.0f} ms", "once"))
    rows.append(("shipped library, asked for again on a rerun", f"{ours['again_ms']:.2f} ms", ""))
    rows.append(("shipped library, a mistyped search", f"{ours['search_ms']:.2f} ms", ""))
    return rows


def _timed(ask: Callable[[], int], repeats: int) -> dict[str, float]:
    began = time.process_time()
    found = ask()
    first = 1000 * (time.process_time() - began)
    walls, works = [], []
    for _ in range(max(repeats, 5)):
        start, work = time.perf_counter(), time.process_time()
        ask()
        walls.append(1000 * (time.perf_counter() - start))
        works.append(1000 * (time.process_time() - work))
    # The processor's time is what it takes on a machine that does nothing else.
    figures = {"cpu_ms": statistics.median(works), "median_ms": statistics.median(walls), "first_cpu_ms": first}
    return {"found": found, **{name: round(value, 2) for name, value in figures.items()}}


def _generated(count: int) -> tuple[Library, dict[str, str]]:
    dice = random.Random(5)
    common = [" ".join(parts) for parts in itertools.product(_SIZES, _COLOURS, _THINGS)]
    common += [" ".join(parts) for parts in itertools.product(_SIZES, common[: 16 * len(_THINGS)])]
    dice.shuffle(common)
    texts = ["long red ponytail", *common[: count // 2]]
    while len(texts) < count:
        given, family = ("".join(dice.choices(_SYLLABLES, k=dice.randint(2, 4))) for _ in range(2))
        texts.append(f"{given} {family}")
    entries = []
    for number, text in enumerate(texts[:count]):
        aliases = [text.replace(" ", "_")] if number % 3 == 0 else []
        if number % 4 == 0:
            aliases.append("".join(dice.choices(_KANA, k=dice.randint(3, 8))))
        families = ("sd15", "sdxl") if number % 2 else ()
        entries.append(
            Entry(
                f"entry-{number}", text, text, f"pack-{number % 40}", tuple(aliases), families=families, note="A tag."
            )
        )
    name = texts[-1]
    japanese = next(entry.aliases[-1] for entry in entries[1000:] if entry.aliases and len(entry.aliases[-1]) == 7)
    queries = {
        **QUERIES,
        "a made-up name, mistyped": f"{name[:2]}{name[3:]}",
        "Japanese": japanese,
        "Japanese, mistyped": f"{japanese[:3]}{japanese[4:]}",
    }
    categories = [Category(f"pack-{number}", f"Pack {number}", "", "entries") for number in range(40)]
    return Library(entries, (), categories), queries


def _shipped(repeats: int) -> dict[str, float]:
    began = time.perf_counter()
    library = shipped()
    library.search("warm")
    read = 1000 * (time.perf_counter() - began)
    return {
        "items": len(library.entries) + len(library.templates),
        "read_ms": round(read, 1),
        "again_ms": _timed(lambda: len(shipped().entries), repeats)["median_ms"],
        "search_ms": _timed(lambda: len(shipped().search("ponytial")), repeats)["median_ms"],
    }


if __name__ == "__main__":
    # On its own it needs no torch: python -m benchmarks.library
    measured = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
    print("\n".join(table(lines(measured))))
    kept = Path(__file__).parent / "results" / f"{time.strftime('%Y%m%d-%H%M%S')}-library.json"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(measured, indent=2))
