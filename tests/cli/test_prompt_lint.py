def test_findings_and_the_fixed_prompt_as_json(run):
    outcome = run("prompt", "lint", "day, night, ((park", "--negative", "lowres,, text", "--fix", "--json")
    assert outcome.status == 0
    kinds = {finding["kind"] for finding in outcome.document["findings"]}
    assert {"contradiction", "bracket", "tidy"} <= kinds
    contradiction = next(one for one in outcome.document["findings"] if one["kind"] == "contradiction")
    assert [fix["prompt"] for fix in contradiction["fixes"]] == ["day, ((park", "night, ((park"]
    assert outcome.document["fixed"] == {"prompt": "day, night, ((park))", "negative_prompt": "lowres, text"}


def test_findings_for_people(run):
    outcome = run("prompt", "lint", "day, night", "--negative", "bad hands")
    assert outcome.status == 0
    assert "warning: “day” and “night” contradict each other." in outcome.out
    assert "fixes: Keep “day”; Keep “night”" in outcome.out


def test_a_good_prompt(run):
    outcome = run("prompt", "lint", "1girl, smile, park", "--negative", "bad hands", "--json")
    assert outcome.document == {"findings": [], "fixed": None}
    assert run("prompt", "lint", "1girl, smile, park", "--negative", "bad hands").out == "Nothing is odd.\n"


def test_people_are_counted_against_the_pose(run):
    outcome = run("prompt", "lint", "2girls, park", "--negative", "bad hands", "--pose", "jogging", "--json")
    (found,) = [finding for finding in outcome.document["findings"] if finding["kind"] == "people"]
    assert found["message"] == "The prompt speaks of 2 people, the pose shows one person."


def test_names_that_lead_nowhere(run):
    outcome = run("prompt", "lint", "<lora:zebra:1> __zebra__", "--json")
    assert [finding["kind"] for finding in outcome.document["findings"]][:2] == ["lora", "wildcard"]
    assert run("prompt", "lint", "a", "--pose", "zebra-pose").status == 1
    assert run("prompt", "lint", "a", "--checkpoint", "zebra").status == 1
