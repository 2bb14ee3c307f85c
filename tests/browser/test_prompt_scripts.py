"""The prompt editor's own rules (weights, syntax, completions) in Chromium, beside the Python that reads the prompt."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from studio.prompts.syntax import attention
from studio.ui.components.prompt_editor import scripts

WORDS = ["1girl", "hair", "smile", "solo", "red", "park"]


@pytest.fixture(scope="module")
def page(studio, chromium) -> Iterator[Page]:
    """A page of the studio's address, for importing its scripts."""
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(f"{studio.address}/_stcore/health")
    yield opened
    context.close()


@pytest.fixture(scope="module")
def call(page) -> Callable[..., list[Any]]:
    """``call("weights.js", "nudged", [[text, start, end, up], …])``: what the function gives for each row."""

    def called(module: str, name: str, rows: list[list[Any]]) -> list[Any]:
        return page.evaluate(
            """async ([address, name, rows]) => {
              const found = (await import(new URL(address, window.location.origin).href))[name]
              return rows.map(row => found(...row) ?? null)
            }""",
            [f"{scripts.prefix}/{scripts.version}/{module}", name, rows],
        )

    return called


def marked(text: str) -> tuple[str, int, int]:
    """``a |b| c``: the text without its bars, and where they stood (one bar: a caret)."""
    parts = text.split("¦")
    start = len(parts[0])
    return "".join(parts), start, start + (len(parts[1]) if len(parts) == 3 else 0)


UP = [  # before Ctrl+Up, after; ¦ is the caret or both ends of the selection
    ("red ha¦ir", "red (¦hair¦:1.1)"),
    ("¦red hair¦, solo", "(¦red hair¦:1.1), solo"),
    ("¦red hair ¦, solo", "(¦red hair¦:1.1) , solo"),
    ("(red hair:1¦.1)", "(¦red hair¦:1.2)"),
    ("(red h¦air:1.15), solo", "(¦red hair¦:1.25), solo"),
    ("(red hair:0.9)¦", "(red hair:0.9)"),
    ("(red h¦air:0.9)", "¦red hair¦"),
    ("(r¦ed)", "(¦red¦:1.2)"),
    ("((r¦ed))", "(¦red¦:1.3)"),
    ("[r¦ed]", "¦red¦"),
    ("[[r¦ed]]", "(¦red¦:0.9)"),
    ("(a (b¦:1.2))", "(a (¦b¦:1.3))"),
    ("<lora:li¦ne:0.8>", "<lora:li¦ne:0.85>"),
    ("<lora:line:0.95¦>", "<lora:line:1.0¦>"),
    ("[day:ni¦ght:0.5]", "[day:(¦night¦:1.1):0.5]"),
    ("miku \\(voca¦loid\\)", "miku \\((¦vocaloid¦:1.1)\\)"),
    ("(cat:-0.1¦)", "(¦cat¦:0.0)"),
    ("(never closed, c¦at", "(never closed, (¦cat¦:1.1)"),
    ("猫¦耳, solo", "(¦猫耳¦:1.1), solo"),
    (" ¦ ", None),
    ("a, ¦, b", None),
    ("", None),
]


@pytest.mark.parametrize(("before", "after"), UP)
def test_ctrl_up_weighs_what_is_meant(call, before, after):
    text, start, end = marked(before)
    (found,) = call("weights.js", "nudged", [[text, start, end, True]])
    if after is None or "¦" not in after:
        assert found is None
    else:
        assert (found["text"], found["start"], found["end"]) == marked(after)


def test_a_nudge_changes_a_weight_by_a_tenth_and_nothing_else(call):
    chance = random.Random(5)
    for _ in range(25):
        words, at = [chance.choice(WORDS) for _ in range(6)], chance.randrange(6)
        steps = chance.choice([-12, -10, -5, -3, -1, 1, 2, 4, 10])
        text = ", ".join(words)
        start = end = len(text) - len(", ".join(words[at:])) + 1
        for _ in range(abs(steps)):
            (found,) = call("weights.js", "nudged", [[text, start, end, steps > 0]])
            text, start, end = found["text"], found["start"], found["end"]
        parsed = attention.parse(text)
        assert "".join(part for part, _ in parsed) == ", ".join(words)
        assert text[start:end] == words[at]
        assert [round(weight, 10) for part, weight in parsed if part == words[at]] == [round(1 + 0.1 * steps, 10)]


def test_up_and_down_again_is_the_way_it_was(call):
    chance = random.Random(6)
    pieces = ["(", ")", ":1.2)", "a", "bc", " ", ", ", "\\(", "<lora:x:1>", "|", ":"]
    rows = []
    for _ in range(400):
        text = "".join(chance.choice(pieces) for _ in range(12))
        place = chance.randrange(len(text) + 1)
        rows.append([text, place, place, chance.random() < 0.5])
    changed = [(row, found) for row, found in zip(rows, call("weights.js", "nudged", rows), strict=True) if found]
    assert len(changed) > 200

    def once_more(founds, same_way):
        ways = [row[3] == same_way for row, _ in changed]
        return call(
            "weights.js",
            "nudged",
            [[f["text"], f["start"], f["end"], way] for f, way in zip(founds, ways, strict=True)],
        )

    once = [found for _, found in changed]
    again = once_more(once_more(once, same_way=False), same_way=True)
    for (row, first), second in zip(changed, again, strict=True):
        assert second["text"] == first["text"], row


def test_spans_lie_in_the_text_one_after_another_whatever_it_is(call):
    chance = random.Random(7)
    pieces = [
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        ":",
        "1.2",
        "$$",
        "2$$",
        "0.5::",
        "__",
        "a",
        "_",
        "#",
        "\\",
        "\n",
        "<lora:x:1>",
        "BREAK",
        " ",
        "😀",
        "${a=b}",
    ]
    texts = ["".join(chance.choice(pieces) for _ in range(chance.randrange(40))) for _ in range(500)]
    for text, spans in zip(texts, call("syntax.js", "spans", [[text] for text in texts]), strict=True):
        length, done = len(text.encode("utf-16-le")) // 2, 0
        for span in spans:
            assert done <= span["start"] < span["end"] <= length
            done = span["end"]
        for place, span in enumerate(spans):
            if span["kind"] == "bracket" and not span["lone"]:
                assert spans[span["pair"]]["pair"] == place


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("(red:1.2)", "bracket weight bracket"),
        ("[day:night:0.5]", "bracket schedule schedule bracket"),
        ("[a|b]", "bracket schedule bracket"),
        ("{2$$a|0.5::b}", "bracket choice choice choice bracket"),
        ("__colour/eyes__ a__b", "wildcard"),
        ("<lora:x:0.5> <b>", "lora"),
        ("a BREAK b AND c, BREAKS", "keyword keyword"),
        ("# all (of this", "comment"),
        ("\\# no \\(comment\\)", "escape escape escape"),
        ("ratio 16:9", ""),
        ("(a] b)", "bracket bracket bracket"),
    ],
)
def test_each_part_of_a_prompt_has_its_kind(call, text, kinds):
    (spans,) = call("syntax.js", "spans", [[text]])
    assert " ".join(span["kind"] for span in spans) == kinds


@pytest.mark.parametrize(
    ("before", "entry", "after"),
    [
        ("twin¦", "twintails", "twintails, ¦"),
        ("solo, twin¦, park", "twintails", "solo, twintails¦, park"),
        ("solo, twin¦\npark", "twintails", "solo, twintails,¦\npark"),
        ("(twin¦", "twintails", "(twintails¦"),
        ("(solo, twin¦:1.2)", "twintails", "(solo, twintails¦:1.2)"),
        ("{red|bl¦", "blue", "{red|blue¦"),
        ("hatsune¦", "hatsune miku (vocaloid)", "hatsune miku \\(vocaloid\\), ¦"),
        ("best¦", "(best quality:1.2)", "(best quality:1.2), ¦"),
        ("twin_ta¦", "twintails", "twintails, ¦"),
    ],
)
def test_what_is_completed_takes_the_place_of_what_was_typed(call, before, entry, after):
    text, caret, _ = marked(before)
    (found,) = call("completing.js", "sought", [[text, caret]])
    (done,) = call("completing.js", "completed", [[text, found, {"kind": "tag", "text": entry}]])
    assert (done["text"], done["start"]) == marked(after)[:2]


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("1girl, lo¦", ("tag", "lo")), ("l¦", None), ("桜¦", ("tag", "桜")), ("long ha¦ir", None), ("# long ha¦", None),
        ("1girl <¦", ("lora", "")), ("<lora:li¦", ("lora", "li")), ("<lora:line:0¦", None),
        ("a __col¦", ("wildcard", "col")), ("__colour__¦", None), ("(long ha¦", ("tag", "long ha")),
        ("[day:nigh¦", ("tag", "nigh")), ("miku \\(voc¦", ("tag", "miku \\(voc")), ("1girl, ¦", None),
    ],
)  # fmt: skip
def test_what_is_looked_for_is_what_stands_before_the_caret(call, text, sought):
    typed, caret, _ = marked(text)
    (found,) = call("completing.js", "sought", [[typed, caret]])
    assert (found and (found["kind"], found["query"])) == sought


def test_the_best_match_comes_first_and_what_the_family_does_not_know_later(page):
    words = {
        "families": ["sd15", "starter"], "categories": ["Hair"], "loras": [], "wildcards": [],
        "entries": [
            ["very long hair", 0, 1, []], ["long hair", 0, 1, ["hair down"]], ["long dress", 0, 3, []],
            ["high ponytail", 0, 3, ["pony tail"]], ["ponytail", 0, 3, []], ["prolonged pose", 0, 3, []],
        ],
    }  # fmt: skip
    found = page.evaluate(
        """async ([address, words, asked]) => {
          const {index, matches} = await import(new URL(address, window.location.origin).href)
          const known = index(words)
          return asked.map(([query, family]) => matches({kind: "tag", query}, known, family)
            .map(hit => [hit.entry.text, hit.via]))
        }""",
        [
            f"{scripts.prefix}/{scripts.version}/completing.js", words,
            [["long", None], ["long", "starter"], ["pony", None], ["hair do", None], ["pnoytail", None], ["xyz", None]],
        ],
    )  # fmt: skip
    texts = [[text for text, _ in hits] for hits in found]
    assert texts[0] == ["long hair", "long dress", "very long hair", "prolonged pose"]
    assert texts[1] == ["long dress", "long hair", "very long hair", "prolonged pose"]
    assert texts[2] == ["ponytail", "high ponytail"] and found[2][1] == ["high ponytail", None]
    assert found[3] == [["long hair", "hair down"]]
    assert "ponytail" in texts[4] and texts[5] == []
