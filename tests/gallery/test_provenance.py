from __future__ import annotations

from studio.gallery import Provenance


def test_facts_fill_their_fields_and_unknown_ones_are_kept():
    known = Provenance.from_facts(
        {"device": "cuda:0", "slots": 8, "seconds": 2, "notes": ["tiled"], "odd": {1}}, worker="w"
    )
    assert (known.device, known.slots, known.seconds, known.worker) == ("cuda:0", 8, 2.0, "w")
    assert known.model_dump()["notes"] == ["tiled"]
    assert known.model_dump()["odd"] == "{1}"


def test_a_fact_of_the_wrong_type_is_dropped_not_fatal():
    known = Provenance.from_facts({"slots": "many", "versions": None, "device": "cpu"})
    assert (known.slots, known.versions, known.device) == (0, {}, "cpu")


def test_it_survives_json():
    known = Provenance.from_facts({"device": "cpu", "notes": ["é\n"], "versions": {"torch": "2"}})
    assert Provenance.model_validate_json(known.model_dump_json()) == known
