"""The report as a file: what is in it, and what texts cannot do to it (its behaviour is tested in Chromium)."""

import json
from html.parser import HTMLParser

from studio.request import GenerationRequest
from studio.sweeps.expansion import expand
from studio.sweeps.html_report import report
from studio.sweeps.records import Outcome
from studio.sweeps.spec import SweepSpec

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
REQUEST = GenerationRequest.build(checkpoint="a", seed=1, prompt=f"red, {EVIL}")
SPEC = SweepSpec.build(title=EVIL, request=REQUEST, axes=[{"axis": "replace", "values": f"red || {EVIL}"}])
EXPANDED = expand(SPEC)


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def parsed() -> Seen:
    seen = Seen()
    seen.feed("".join(report(SPEC, EXPANDED, [Outcome("done", 1), Outcome()], lambda n: b"webp" if n == 0 else None)))
    return seen


def test_texts_stay_texts():
    seen = parsed()
    scripts = [attributes.get("id") for tag, attributes in seen.tags if tag == "script"]
    assert scripts == ["sweep", "picture-0", None]
    assert not any(tag == "img" for tag, _ in seen.tags)
    assert EVIL in seen.texts, "the title is there, as a text"


def test_it_needs_nothing_from_outside():
    for tag, attributes in parsed().tags:
        assert tag != "link" and not {"src", "href"} & set(attributes)
    policy = next(attributes["content"] for tag, attributes in parsed().tags if attributes.get("http-equiv"))
    assert policy.startswith("default-src 'none'")


def test_the_cells_are_data():
    text = next(text for text in parsed().texts if text.startswith('{"title"'))
    document = json.loads(text)
    assert [cell["record"]["state"] for cell in document["cells"]] == ["done", "new"]
    assert document["lines"][0]["headers"] == ["red", EVIL]
