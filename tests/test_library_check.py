"""The check of a library: what its loader cannot know; and the shipped library, which has to pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studio.errors import StudioError
from studio.library_check import check_folder
from studio.prompts.library.entries import SLOT
from studio.prompts.library.library import FOLDER, shipped
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random import expansion


def write(folder: Path, name: str, text: str | bytes) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)


def told(folder: Path) -> list[tuple[str, int, str]]:
    problems = check_folder(folder).problems
    assert all(problem.hint for problem in problems)
    return [(problem.file, problem.line, problem.message) for problem in problems]


def entries(folder: Path, *lines: str) -> list[tuple[int, str]]:
    write(folder, "packs/p.yaml", "category: p\ntitle: P\nentries:\n" + "".join(f"  - {{{line}}}\n" for line in lines))
    return [(line, message) for _, line, message in told(folder)]


def test_a_sound_library_has_no_problems_and_is_counted(tmp_path: Path):
    assert entries(tmp_path, "id: a, text: a, implies: [b], conflicts: [c]", "id: b, text: b", "id: c, text: c") == []
    write(tmp_path, "wildcards/b.txt", "# colours\nred\n2::__c__ blue\n")
    write(tmp_path, "wildcards/c.txt", "light\n{dark|deep}\n")
    checked = check_folder(tmp_path)
    assert checked.problems == () and checked.wildcards == ("b", "c") and len(checked.shelf.entries) == 3


@pytest.mark.parametrize(
    ("lines", "line", "says"),
    [
        (["id: a, text: Red Hair", "id: b, text: red_hair"], 5, "text is also that of a (packs/p.yaml, line 4)"),
        (["id: a, text: a, implies: [A]"], 4, "implies or contradicts itself"),
        (["id: a, text: a, implies: [b], conflicts: [B]"], 4, "implies and contradicts “b”"),
        (["id: a, text: a, implies: [b]", "id: b, text: b, conflicts: [a]"], 4, "implies b, which contradicts it"),
        (["id: a, text: a, families: [sd15, sd99]"], 4, "no model family 'sd99'"),
    ],
)
def test_what_entries_say_of_each_other_has_to_fit(tmp_path: Path, lines: list[str], line: int, says: str):
    ((found, message),) = entries(tmp_path, *lines)
    assert found == line and says in message


def test_implying_each_other_is_told_on_both_sides(tmp_path: Path):
    found = entries(tmp_path, "id: a, text: a, implies: [b]", "id: b, text: b, implies: [a]")
    assert [line for line, _ in found] == [4, 5] and "imply each other" in found[0][1]


def test_a_word_for_negative_prompts_may_share_its_text(tmp_path: Path):
    assert entries(tmp_path, "id: a, text: blurry", "id: no-a, text: blurry, problem: blur") == []
    found = entries(tmp_path, "id: a, text: x, problem: blur", "id: b, text: x, problem: blur")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ("pose: no-such-pose", "no pose 'no-such-pose'"),
        ("settings: {sampler: Magic}", "no sampler 'Magic'"),
        ("settings: {steps: 151}", "Steps is 151"),
        ("settings: {width: 500}", "Width"),
        ("settings: {control_weight: 2.5}", "2.5"),
        ("families: [flux]", "no model family"),
        ("prompt: '{prompt}, __no-such__', subject: s", "no-such"),
        ("prompt: '{prompt}, {a|b', subject: s", "{"),
    ],
)
def test_templates_that_cannot_be_drawn_are_told(tmp_path: Path, fields: str, says: str):
    fields = fields if "prompt:" in fields else f"prompt: x, {fields}"
    text = f"category: t\ntitle: T\ntemplates:\n  - {{id: a, title: A, description: d, {fields}}}\n"
    write(tmp_path, "templates/t.yaml", text)
    found = told(tmp_path)
    assert [place[:2] for place in found] == [("templates/t.yaml", 4)] and says in found[0][2]


def test_wildcards_that_lead_round_or_nowhere_are_told_with_their_line(tmp_path: Path):
    write(tmp_path, "wildcards/a.txt", "# round\nred\n__b__\n")
    write(tmp_path, "wildcards/b.txt", "__a__\n")
    write(tmp_path, "wildcards/c.txt", "one\n__nowhere__ two\n")
    write(tmp_path, "wildcards/Big One.txt", "x\n")
    write(tmp_path, "wildcards/latin.txt", "Käse\n".encode("latin-1"))
    write(tmp_path, "wildcards/empty.txt", "# nothing\n")
    write(tmp_path, "wildcards/twice.txt", "x\ny\nx\n")
    found = {file: (line, message) for file, line, message in told(tmp_path)}
    assert {file: line for file, (line, _) in found.items()} == {
        "wildcards/a.txt": 3, "wildcards/b.txt": 1, "wildcards/c.txt": 2, "wildcards/Big One.txt": 0,
        "wildcards/latin.txt": 0, "wildcards/empty.txt": 0, "wildcards/twice.txt": 3,
    }  # fmt: skip
    assert "a → b → a" in found["wildcards/a.txt"][1] and "nowhere" in found["wildcards/c.txt"][1]
    assert "line 1" in found["wildcards/latin.txt"][1] and "kebab" in found["wildcards/Big One.txt"][1]


def test_a_pose_file_without_a_pose_is_told_and_own_poses_count(tmp_path: Path):
    write(tmp_path, "poses/standing.json", (FOLDER / "poses" / "standing.json").read_bytes())
    write(tmp_path, "poses/broken.json", "{")
    assert [(file, line) for file, line, _ in told(tmp_path)] == [("poses/broken.json", 0)]
    assert check_folder(tmp_path).poses == 2


def test_a_folder_that_is_no_library_is_refused(tmp_path: Path):
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(StudioError, match="no prompt library"):
            check_folder(folder)


class TestShipped:
    """The library that comes with the studio."""

    def test_it_has_no_problems(self):
        assert [str(problem) for problem in check_folder(FOLDER).problems] == []

    def test_it_is_as_large_as_promised(self):
        checked = check_folder(FOLDER)
        packs = {entry.category for entry in checked.shelf.entries}
        assert len(checked.shelf.entries) >= 500 and len(packs) >= 20
        assert len(checked.shelf.templates) >= 40 and len(checked.wildcards) >= 30

    def test_most_entries_can_be_found_by_other_names_and_lint_has_something_to_go_by(self):
        every = shipped().entries
        assert sum(bool(entry.aliases) for entry in every) > len(every) / 2
        assert sum(bool(entry.implies) for entry in every) >= 100
        assert sum(bool(entry.conflicts or entry.group) for entry in every) >= 100
        problems = {entry.problem for entry in every}
        assert problems >= {"hands", "anatomy", "text", "blur", "artefacts"}

    def test_templates_are_complete(self):
        for template in shipped().templates:
            assert SLOT in template.prompt and template.subject and template.description, template.id
            assert template.pose and {"steps", "guidance_scale", "sampler"} <= set(template.settings), template.id
            assert SLOT not in template.fill("") + template.fill_negative("")

    def test_the_three_of_the_first_project_are_among_them(self):
        texts = [f"{template.title} {template.fill('')}".lower() for template in shipped().templates]
        for words in (("jogging", "park"), ("ninja", "energy sphere"), ("sorcerer", "curse")):
            assert any(all(word in text for word in words) for text in texts), words

    def test_every_wildcard_can_be_drawn_from(self):
        wildcards = Wildcards([FOLDER / "wildcards"])
        for name in wildcards.names():
            drawn = expansion.draw(f"__{name}__", 1, wildcards)
            assert drawn and "__" not in drawn and not re.search(r"[{}|]", drawn), name

    @pytest.mark.parametrize(
        "typed", ["ponytial", "school unifrom", "energy shpere", "kyoto animtion", "cherry blosoms", "制服", "ghibli"]
    )
    def test_what_people_type_finds_something(self, typed: str):
        assert shipped().search(typed, limit=5)
