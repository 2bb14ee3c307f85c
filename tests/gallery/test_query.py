from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.database import Database
from studio.gallery import Gallery, Query
from studio.gallery.query import ORDERS, conditions, search_words
from studio.poses.values import Pose
from studio.request import ControlUnit
from tests.gallery.pictures import put

POSED = (ControlUnit(pose=Pose(width=64, height=64)),)


@pytest.fixture
def filled(gallery: Gallery, database: Database) -> Gallery:
    """Five pictures, made at 100, 200 … 500."""
    put(gallery, 1, prompt="blue hair, smile", checkpoint="a", sampler="Euler a", seconds=5.0)
    put(gallery, 2, prompt="blue sky", checkpoint="b", controls=POSED, seconds=3.0)
    put(gallery, 3, prompt="red hair <lora:ink:1>", checkpoint="a", width=768, seconds=4.0)
    put(gallery, 4, prompt="moon", negative_prompt="blue", checkpoint="a", loras=({"name": "ink"},), seconds=1.0)
    put(gallery, 5, prompt="", checkpoint="c", width=256, height=256, seconds=2.0)
    database.connection().execute(
        "UPDATE images SET created = id * 100, sweep = CASE id WHEN 5 THEN 'steps' ELSE '' END"
    )
    gallery.rate([1, 3], 5)
    gallery.rate([2], 3)
    gallery.favour([3, 4])
    gallery.tag([1, 2, 4], add=["keep", "to print"])
    gallery.collect([4, 5], "best of")
    gallery.trash([5])
    return gallery


CASES = {
    "all": (Query(), [4, 3, 2, 1]),
    "text": (Query("blue"), [4, 2, 1]),
    "two words": (Query("blue hair"), [1]),
    "words of a tag": (Query("print moon"), [4]),
    "without a word": (Query("blue -sky"), [4, 1]),
    "a word, and a word not in it": (Query("hair -red -moon"), [1]),
    "a word and a filter": (Query("blue", rating_at_least=3), [2, 1]),
    "a word, by rating": (Query("hair", sort="rating"), [3, 1]),
    "only without": (Query("-blue"), [3]),
    "checkpoint": (Query(checkpoint="a"), [4, 3, 1]),
    "sampler": (Query(sampler="Euler a"), [1]),
    "lora, from list or prompt": (Query(lora="ink"), [4, 3]),
    "size": (Query(size=(96, 64)), [3]),
    "rating": (Query(rating_at_least=3), [3, 2, 1]),
    "favourites": (Query(favourite=True), [4, 3]),
    "no favourites": (Query(favourite=False), [2, 1]),
    "tag": (Query(tag="keep"), [4, 2, 1]),
    "collection": (Query(collection="best of"), [4]),
    "pose": (Query(has_pose=True), [2]),
    "no pose": (Query(has_pose=False), [4, 3, 1]),
    "since": (Query(since=300.0), [4, 3]),
    "until": (Query(until=300.0), [2, 1]),
    "between": (Query(since=200.0, until=400.0), [3, 2]),
    "trash": (Query(trashed=True), [5]),
    "trash, filtered": (Query(trashed=True, sweep="steps", collection="best of"), [5]),
    "everything at once": (Query("blue", checkpoint="a", tag="keep", rating_at_least=5, sort="rating"), [1]),
    "nothing": (Query(checkpoint="z"), []),
    "oldest": (Query(sort="oldest"), [1, 2, 3, 4]),
    "by rating": (Query(sort="rating"), [3, 1, 2, 4]),
    "by size": (Query(sort="size"), [3, 4, 2, 1]),
    "by seconds": (Query(sort="seconds"), [1, 3, 2, 4]),
}


@pytest.mark.parametrize("case", CASES)
def test_pictures_are_found(filled: Gallery, case: str):
    query, wanted = CASES[case]
    assert [picture.id for picture in filled.page(query)] == filled.ids(query) == wanted
    assert filled.total(query) == len(wanted)


@pytest.mark.parametrize("sort", ORDERS)
def test_pages_by_number_and_by_last_picture_are_the_same(filled: Gallery, sort):
    query = Query(sort=sort)
    everything = filled.ids(query)
    by_number = [filled.page(query, limit=1, offset=place)[0].id for place in range(4)]
    by_last, last = [], None
    while page := filled.page(query, limit=2, after=last):
        by_last += [picture.id for picture in page]
        last = page[-1].id
    assert everything == by_number == by_last


def test_facets_count_what_is_shown(filled: Gallery):
    facets = filled.facets()
    assert facets.checkpoints == [("a", 3), ("b", 1)]
    assert facets.samplers == [("DPM++ 2M", 3), ("Euler a", 1)]
    assert facets.loras == [("ink", 2)]
    assert facets.sizes == [((64, 64), 3), ((96, 64), 1)]
    assert facets.tags == [("keep", 3), ("to print", 3)]
    assert facets.collections == [("best of", 1)]
    assert facets.sweeps == []


def test_counts_follow_every_change(filled: Gallery, settings):
    before = filled.total(), filled.facets()
    other = Gallery(settings, Database(settings.database))  # As from another process.
    other.restore([5])
    assert (filled.total(), filled.facets().sweeps) == (5, [("steps", 1)])
    other.trash([5])
    assert (filled.total(), filled.facets()) == before
    other.rate([4], 4)
    assert filled.total(Query(rating_at_least=4)) == 3
    put(other, 6, checkpoint="a")
    assert filled.facets().checkpoints[0] == ("a", 4)


@pytest.mark.parametrize("query", [query for query, _ in CASES.values()], ids=CASES)
def test_no_query_walks_through_whole_rows(filled: Gallery, database: Database, query: Query):
    asked = conditions(query)
    statement = f"EXPLAIN QUERY PLAN SELECT id FROM {asked.table} WHERE {asked.where} ORDER BY {asked.order} LIMIT 60"
    plan = [row["detail"] for row in database.connection().execute(statement, asked.values)]
    assert any("INDEX images_" in step for step in plan), plan
    assert query.trashed or not any("TEMP B-TREE" in step for step in plan), plan


@given(st.text(max_size=40))
def test_no_text_is_taken_for_a_search_expression(text: str):
    wanted, unwanted = search_words(text)
    assert all(word.count('"') == 2 and word.startswith('"') and word.endswith('"*') for word in wanted + unwanted)


@pytest.mark.parametrize("text", ['"', "*", "a OR b", "prompt:x", "NEAR(a b)", "-", "--", "a-b", "🌸", "\x00", "^a"])
def test_odd_searches_are_answered(filled: Gallery, text: str):
    assert filled.total(Query(text)) == len(filled.page(Query(text)))
