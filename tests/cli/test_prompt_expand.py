from __future__ import annotations

import pytest

from studio.prompts.library import wildcards
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.expansion import draws

TEXT = "{red|blue|green} hair, {2$$hat|scarf|bag}"


def test_drawings_follow_the_wildcard_seed(run):
    outcome = run("prompt", "expand", TEXT, "--count", "4", "--wildcard-seed", "7", "--json")
    prompts = draws(TEXT, 7, 4, Wildcards([]))
    assert outcome.document == {"template": TEXT, "wildcard_seed": 7, "prompts": prompts}
    assert run("prompt", "expand", TEXT, "--wildcard-seed", "8").out == f"{prompts[1]}\n"


def test_all_combinations_up_to_a_limit(run):
    whole = run("prompt", "expand", TEXT, "--all", "--json").document
    assert len(set(whole["prompts"])) == 18 and whole["complete"]
    some = run("prompt", "expand", TEXT, "--all", "--limit", "5", "--json").document
    assert some["prompts"] == whole["prompts"][:5] and not some["complete"]
    assert "and more" in run("prompt", "expand", TEXT, "--all", "--limit", "5").out


def test_a_persons_own_wildcards_are_known(run, settings, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    folder = wildcards.own_folder(settings)
    folder.mkdir(parents=True)
    (folder / "my-hair.txt").write_text("teal hair")
    assert run("prompt", "expand", "1girl, __my-hair__").out == "1girl, teal hair\n"


@pytest.mark.parametrize("text", ["{a|b", "__nope__", "{" * 1000, "${x}"])
def test_what_is_wrong_is_said(run, text):
    outcome = run("prompt", "expand", text, "--json")
    assert outcome.status == 1 and outcome.out == "" and outcome.err


@pytest.mark.parametrize("flags", [("--count", "0"), ("--wildcard-seed", "-1"), ("--all", "--count", "2")])
def test_wrong_numbers_are_usage_errors(run, flags):
    assert run("prompt", "expand", "a", *flags).status == 2
