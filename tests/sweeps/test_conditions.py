import pytest

from studio.errors import InvalidRequest
from studio.sweeps.conditions import Condition

VALUES = {"steps": 30, "sampler": "DDIM", "control_weight": 0.5, "vae": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("steps > 20", True),
        ("steps > 30 or sampler == 'DDIM'", True),
        ("steps >= 30 and not sampler == 'DDIM'", False),
        ("20 < steps <= 30", True),
        ("30 < steps < 40", False),
        ("sampler in ['DDIM', 'Euler a']", True),
        ("sampler not in ('DDIM',)", False),
        ("'DD' in sampler", True),
        ("steps * control_weight == 15", True),
        ("steps / 2 - 10 + 1 > -1", True),
        ("vae == None", True),
        ("True", True),
        ("steps != 30", False),
    ],
)
def test_conditions(text: str, expected: bool):
    assert Condition(text, set(VALUES)).holds(VALUES) is expected


@pytest.mark.parametrize(
    "text",
    [
        "", "steps >", "guidance > 3", "__import__('os').system('true')", "steps.real", "[x for x in steps]",
        "lambda: 1", "steps if steps else 1", "f'{steps}'", "steps ** 9", "{1: 2}", "steps := 3", "b'x' == sampler",
        "print",
        "steps[0]", "1 << 9", "(" * 400, "steps == 1" + " or steps == 1" * 60,
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_before_anything_runs(text: str):
    with pytest.raises(InvalidRequest):
        Condition(text, set(VALUES))


@pytest.mark.parametrize(
    "text", ["steps > sampler", "sampler * 3 == 'x'", "steps / 0 > 1", "-sampler == 1", "1 in steps"]
)
def test_what_does_not_go_together_is_said(text: str):
    with pytest.raises(InvalidRequest, match="go together"):
        Condition(text, set(VALUES)).holds(VALUES)
