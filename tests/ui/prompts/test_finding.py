from __future__ import annotations

from studio.prompts.library.entries import Category, Entry, Template
from studio.prompts.library.library import Library, shipped
from studio.ui.prompts import finding
from studio.ui.prompts.finding import Wanted, find

LIBRARY = Library(
    [
        Entry("blonde", "blonde hair", "Blonde hair", "hair"),
        Entry("ponytail", "ponytail", "Ponytail", "hair", families=("sdxl",)),
        Entry("rain", "monsoon", "Monsoon", "weather", aliases=("rain",)),
        Entry("own-1", "my hero", "Hero", "own/People"),
    ],
    [Template("park", "A park", "out", "", "{prompt}, sunny park", "1girl")],
    [
        Category("hair", "Hair", "", "entries"), Category("weather", "Weather", "", "entries"),
        Category("own/People", "People", "", "entries"), Category("out", "Outside", "", "templates"),
    ],
)  # fmt: skip


def ids(found):
    return [item.id for item in found.items]


def test_typing_errors_are_forgiven_and_every_kind_is_counted():
    assert ids(find(LIBRARY, Wanted("ponytial"), (), ())) == ["ponytail"]
    everything = find(LIBRARY, Wanted(), ["entry:rain"], ["template:park", "entry:gone"])
    assert ids(everything)[0] == "park"
    assert everything.kinds == {"all": 5, "words": 4, "templates": 1, "favourites": 1, "recent": 1, "own": 1}
    assert everything.categories == {"hair": 2, "weather": 1, "own/People": 1, "out": 1}


def test_facets_narrow_together_and_say_what_there_is_elsewhere():
    found = find(LIBRARY, Wanted(categories=("hair",), family="sd15"), (), ())
    assert ids(found) == ["blonde"]
    assert found.elsewhere == 1
    assert ids(find(LIBRARY, Wanted(kind=finding.YOURS), (), ())) == ["own-1"]


def test_marked_and_used_ones_come_in_their_order():
    keys = ["entry:rain", "template:park", "entry:blonde"]
    for kind, marks in ((finding.FAVOURITES, (keys, ())), (finding.RECENT, ((), keys))):
        assert ids(find(LIBRARY, Wanted(kind=kind), *marks)) == ["rain", "park", "blonde"]


def test_the_starter_is_offered_what_its_vocabulary_holds():
    found = find(LIBRARY, Wanted(family="starter"), (), ())
    assert ids(found) == ["park", "blonde", "ponytail"]
    known = finding.understood_by(shipped(), "starter")
    templates = [template for template in shipped().templates if template.category == "first-steps"]
    assert templates and known is not None and all(template.key in known for template in templates)


def test_categories_of_a_kind():
    assert finding.categories_of(LIBRARY, finding.TEMPLATES) == {"out": "Outside"}
    assert finding.categories_of(LIBRARY, finding.YOURS) == {"own/People": "People"}
    assert list(finding.categories_of(LIBRARY, finding.ALL)) == ["hair", "weather", "own/People", "out"]
