import pytest

from studio.prompts.syntax import attention
from tests.lint_library import findings


@pytest.mark.parametrize(
    ("prompt", "fixes"),
    [
        ("(a", ["(a)"]),
        ("(red hat, park", ["(red hat), park", "(red hat, park)"]),
        ("((a), b", ["((a)), b", "((a), b)"]),
        ("[a, (b", ["[a, (b)]"]),
        ("(a # note", ["(a # note\n)"]),
        ("(a)", []),
        ("\\(a", []),
        ("a # (", []),
    ],
)
def test_unclosed(prompt, fixes):
    assert [fix.prompt for finding in findings("bracket", prompt) for fix in finding.fixes] == fixes


@pytest.mark.parametrize("prompt", ["(a", "((a, b), c", "[a, (b, c", "(a [b"])
def test_closing_at_the_end_changes_no_weight(prompt):
    (found,) = findings("bracket", prompt)
    assert found.safe_fix
    assert attention.parse(found.safe_fix.prompt) == attention.parse(prompt)


@pytest.mark.parametrize(
    ("prompt", "fixes"),
    [("a), b", ["a, b", "a\\), b"]), ("a]]", ["a", "a\\]\\]"]), (":), ;)", []), ("a:1.2)", ["a:1.2", "a:1.2\\)"])],
)
def test_stray(prompt, fixes):
    assert [fix.prompt for finding in findings("bracket", prompt) for fix in finding.fixes] == fixes


@pytest.mark.parametrize(
    ("prompt", "fixed"),
    [
        ("(((a)))", "(a:1.33)"),
        ("[[[a]]]", "(a:0.75)"),
        ("([a])", "a"),
        ("((a:1.2):1.1)", "(a:1.32)"),
        ("x, ((((red hat, b)))), y", "x, (red hat, b:1.46), y"),
    ],
)
def test_nesting(prompt, fixed):
    (found,) = findings("nesting", prompt)
    assert found.safe_fix and found.safe_fix.prompt == fixed


@pytest.mark.parametrize("prompt", ["((a))", "(a:1.2)", "((a), b)", "[[a:b:0.5]:c:0.5]", "([a:b:0.5])"])
def test_nesting_of_use(prompt):
    assert not findings("nesting", prompt)


def test_brackets_too_deep_to_run_are_an_error():
    (found,) = findings("nesting", "(" * 200 + "a" + ")" * 200)
    assert found.severity == "error"


@pytest.mark.parametrize(
    ("prompt", "fixed"),
    [
        ("(a:1.8)", "(a:1.5)"),
        ("(a, b:0.2), c", "(a, b:0.5), c"),
        ("(a:-1)", "(a:0.5)"),
        ("((a:1.4), b:1.4)", "((a:1.07), b:1.4)"),
    ],
)
def test_weights(prompt, fixed):
    (found,) = findings("weight", prompt)
    assert found.fixes[0].prompt == fixed and not found.safe_fix


@pytest.mark.parametrize("prompt", ["(a:1.5)", "(a:0.5)", "((a))", "[a:b:12]", "a AND b :2"])
def test_weights_within_bounds(prompt):
    assert not findings("weight", prompt)


def test_brackets_of_a_name():
    (remark,) = findings("escape", "miku (vocaloid), park")
    (sure,) = findings("escape", "miku_(vocaloid)")
    assert remark.fixes[0].prompt == "miku \\(vocaloid\\), park" and not remark.safe_fix
    assert sure.safe_fix and sure.safe_fix.prompt == "miku_\\(vocaloid\\)"
    assert not findings("escape", "miku \\(vocaloid\\), a (big) cat, hat (red:1.2)")
