import pytest

from studio.prompts.lint.case import Side
from studio.prompts.lint.people import people_in
from tests.lint_library import LIBRARY, findings


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [
        ("", 0, None),
        ("park", 0, None),
        ("1girl", 1, 1),
        ("2girls, 1boy", 3, 3),
        ("6+girls", 6, None),
        ("6+boys", 6, None),
        ("multiple girls", 2, None),
        ("2girls, multiple girls", 2, None),
        ("1girl, crowd", 1, None),
        ("two girls", 2, 2),
        ("3boys", 3, 3),
        ("solo", 1, 1),
        ("no humans", 0, 0),
        ("a young anime girl with long hair, jogging", 1, 1),
        ("three men and a woman in the rain", 4, 4),
        ("1girl, a girl with a hat", 1, 1),
        ("girlish", 0, None),
    ],
)
def test_counting(prompt, least, most):
    counted = people_in(Side(prompt, False, LIBRARY))
    assert (counted.least, counted.most) == (least, most)


@pytest.mark.parametrize(
    ("prompt", "posed", "message"),
    [
        ("1girl", 2, "The prompt speaks of one person, the pose shows 2 people."),
        ("2girls, 1boy", 1, "The prompt speaks of 3 people, the pose shows one person."),
        ("multiple girls", 1, "The prompt speaks of 2 people or more, the pose shows one person."),
        ("no humans", 1, "The prompt speaks of nobody, the pose shows one person."),
        ("park", 2, "The pose shows 2 people, the prompt does not say how many there are."),
        ("1girl", 1, None),
        ("park", 1, None),
        ("1girl", 0, None),
        ("1girl", None, None),
        ("1girl, crowd", 3, None),
    ],
)
def test_against_the_pose(prompt, posed, message):
    assert [finding.message for finding in findings("people", prompt, people_in_pose=posed)] == [message] * bool(
        message
    )


@pytest.mark.parametrize(
    ("prompt", "posed", "fixed"),
    [
        ("(1girl:1.2), solo, park", 2, ["(2girls:1.2), park"]),
        ("two girls, park", 1, ["1girl, park"]),
        ("park", 2, ["2girls, park", "2boys, park"]),
        ("1girl, 1boy", 3, []),  # which of them is one too few is not for lint to say
        ("a tall girl in the rain", 2, []),
    ],
)
def test_fixes(prompt, posed, fixed):
    (found,) = findings("people", prompt, people_in_pose=posed)
    assert [fix.prompt for fix in found.fixes] == fixed
