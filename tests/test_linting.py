from dataclasses import replace

from studio import linting
from studio.poses.library import library_pose
from studio.prompts.lint.rules import lint
from tests.lint_library import LIBRARY


def test_equal_questions_have_equal_answers(settings):
    first, second = (linting.surroundings(settings, LIBRARY, "sd15", loras=["a"]) for _ in range(2))
    assert first == second and hash(first) == hash(second)


def test_pose_guidance_and_wildcards_are_known(settings):
    own = settings.home / "wildcards"
    own.mkdir(parents=True)
    (own / "mine.txt").write_text("red\nblue\n", "utf-8")
    around = linting.surroundings(settings, LIBRARY, None, pose=library_pose("jogging"), guidance_scale=1.0)
    assert around.people_in_pose == 1
    assert not around.negative_counts and around.family == "" and around.vocabulary is None
    assert "mine" in (around.wildcards or ())
    assert linting.surroundings(settings, LIBRARY, None).people_in_pose is None


def test_only_the_starter_has_a_closed_vocabulary(settings):
    around = linting.surroundings(settings, LIBRARY, "starter")
    (found,) = [one for one in lint("1girl, pomytail", "", around) if one.kind == "unknown-word"]
    assert found.fixes[0].prompt == "1girl, ponytail"
    assert linting.surroundings(settings, LIBRARY, "sd15").vocabulary is None


def test_loras_are_found_as_generate_finds_them(zoo_settings):
    around = linting.surroundings(zoo_settings, LIBRARY, "sd15")
    assert around.loras
    name = next(iter(around.loras))
    prompt = f"<lora:{name.rpartition('/')[2].upper()}:1> <lora:zebra-of-none:1>"
    missed = [finding.message for finding in lint(prompt, "", replace(around, negative_counts=False))]
    assert missed == ["There is no LoRA called “zebra-of-none”."]
