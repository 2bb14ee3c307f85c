import csv
import io
import json

from studio.request import GenerationRequest
from studio.sweeps.expansion import expand
from studio.sweeps.records import Outcome, to_csv, to_json
from studio.sweeps.spec import SweepSpec

REQUEST = GenerationRequest.build(checkpoint="a", seed=1, prompt="=1+1, red")
EXPANDED = expand(SweepSpec.build(request=REQUEST, axes=[{"axis": "replace", "values": "=1+1, ok"}]))
OUTCOMES = [Outcome("done", 3, 1.5, {"sharpness": 0.5, "pose": None}), Outcome()]


def test_csv_has_every_cell_and_no_formula():
    rows = list(csv.DictReader(io.StringIO(to_csv(EXPANDED, OUTCOMES))))
    assert [row["replace"] for row in rows] == ["'=1+1", "ok"]
    assert (rows[0]["sharpness"], rows[0]["pose"], rows[0]["seconds"], rows[1]["state"]) == ("0.5", "", "1.5", "new")


def test_json_has_the_whole_requests():
    document = json.loads(to_json("T", EXPANDED, OUTCOMES))
    assert document["title"] == "T" and document["lines"][0]["headers"] == ["=1+1", "ok"]
    restored = GenerationRequest.build(**document["cells"][1]["request"])
    assert restored == EXPANDED.cells[1].request and document["cells"][0]["sharpness"] == 0.5
