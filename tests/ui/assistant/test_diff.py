"""A difference as HTML: nothing but our own tags, and every word where it was."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from studio.assistant.differences import Part, difference
from studio.assistant.proposal import Change
from studio.ui.assistant import diff

PROMPTS = st.text(alphabet="ab ,<>&\"'/=!-()\n", max_size=40)


class _Read(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: dict[str, str] = {}
        self._open = [""]

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._open.append(tag)
        assert all(name in ("class", "title") for name, _ in attrs)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        kind = self._open[-1]
        self.texts[kind] = self.texts.get(kind, "") + data


def read(text: str) -> _Read:
    parser = _Read()
    parser.feed(text)
    parser.close()
    return parser


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter not in ", \t\n")


@given(PROMPTS, PROMPTS)
def test_words_of_a_prompt_are_never_markup(original: str, proposal: str):
    found = difference(original, proposal)
    page = read(diff.flowing(found, frozenset()))
    assert set(page.tags) <= {"p", "ins", "del", "b"}
    kept = page.texts.get("p", "")
    assert len(letters(kept + page.texts.get("del", ""))) == len(letters(original))
    assert len(letters(kept + page.texts.get("ins", ""))) == len(letters(proposal))


def test_kept_added_removed_locked_and_accepted_are_told_apart():
    found = difference("1girl, red hair, rain, smile", "1girl, blue hair, snow, park", locked=("red hair",))
    html = diff.flowing(found, frozenset({number for number, part in enumerate(found.parts) if part.new == "park"}))
    page = read(html)
    assert "1girl" in page.texts["p"] and page.texts["b"] == "red hair"
    assert 'class="taken"' in html and "rain" in page.texts["del"]


def test_a_row_tells_the_reason_as_text():
    html = diff.row(Part("changed", "red hair", "blue hair"), "<b>because</b>")
    assert "<del>red</del><ins>blue</ins> hair" in html and "&lt;b&gt;because" in html
    assert diff.told(Part("added", "", "park")) == "Adds park"


def test_reasons_go_to_the_parts_they_speak_of():
    found = difference("1girl, rain", "1girl, rain, red hair, park")
    changes = (Change(what="hair", reason="colour"), Change(what="mood", reason="calmer"))
    assert [diff.reason_for(part, changes) for part in found.parts] == ["", "", "colour", ""]
    assert diff.other_reasons(found, changes) == changes[1:]
