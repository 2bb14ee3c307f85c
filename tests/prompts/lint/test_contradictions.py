import pytest

from tests.lint_library import findings


@pytest.mark.parametrize(
    ("prompt", "pairs"),
    [
        ("day, night", [("day", "night")]),
        ("(day:1.2), park, ((night))", [("day", "night")]),
        ("1girl, 2girls", [("1girl", "2girls")]),
        ("blonde hair, blue hair", [("blonde hair", "blue hair")]),
        ("golden hair, blue_hair", [("golden hair", "blue_hair")]),
        ("2girls, solo", [("2girls", "solo")]),
        ("gentle smile, frown", [("gentle smile", "frown")]),  # it is a smile, and smiles and frowns conflict
        ("tatami, outdoors", [("tatami", "outdoors")]),
        ("indoors, garden", [("indoors", "garden")]),
        ("tatami, garden", []),  # a room with a view
        ("day AND night", []),
        ("[day:night:0.5]", []),
        ("[day|night]", []),
        ("[day:night:0.5], night", [("day", "night")]),
        ("day BREAK night", [("day", "night")]),
        ("blue hair, light blue hair", []),  # the one only says more
        ("multicolored hair, blonde hair, blue hair", []),
        ("{day|night}, day", []),
        ("1girl, 1boy", []),
        ("# day\nnight", []),
    ],
)
def test_pairs(prompt, pairs):
    found = findings("contradiction", prompt)
    assert [finding.message for finding in found] == [
        f"“{one}” and “{two}” contradict each other." for one, two in pairs
    ]
    assert all(finding.severity == "warning" for finding in found)


def test_either_side_can_be_kept():
    (found,) = findings("contradiction", "day, park, (night:1.2)")
    assert [fix.prompt for fix in found.fixes] == ["day, park", "park, (night:1.2)"]
    assert not found.safe_fix


def test_two_people_may_differ_but_there_is_one_time_of_day():
    found = findings("contradiction", "2girls, blonde hair, blue hair, day, night")
    assert {finding.message.split("”")[0][1:]: finding.severity for finding in found} == {
        "blonde hair": "remark",
        "day": "warning",
    }


def test_the_negative_prompt_may_list_opposites():
    assert not findings("contradiction", "", "day, night")
