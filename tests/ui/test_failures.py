from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from studio.ui.failures import log_file, plain
from studio.ui.generate.progress import seconds_text


def raises_studio_error() -> None:
    from studio.errors import OutOfMemory
    from studio.ui import failures

    failures.show_script_error(OutOfMemory("The *card* is <b>full</b>.", "Close something."))


def raises_anything() -> None:
    from studio.ui import failures

    try:
        raise ZeroDivisionError("a secret detail")
    except ZeroDivisionError as error:
        failures.show_script_error(error)


@pytest.fixture
def home(settings, monkeypatch):
    monkeypatch.setenv("STUDIO_HOME", str(settings.home))
    return settings


def test_a_studio_error_is_shown_as_its_sentence_and_remedy(home):
    (error,) = AppTest.from_function(raises_studio_error).run().error
    assert error.proto.title == plain("The *card* is <b>full</b>.")
    assert error.value == plain("Close something.")


def test_anything_else_is_calm_on_the_page_and_complete_in_the_log(home):
    page = AppTest.from_function(raises_anything).run()
    (error,) = page.error
    assert not page.exception
    assert "secret" not in error.proto.title + error.value and "Nothing is lost" in error.value
    written = log_file(home).read_text(encoding="utf-8")
    assert "ZeroDivisionError: a secret detail" in written and "Traceback" in written


@pytest.mark.parametrize("text", ["*a*", "`b`", ":red[c]", "[d](http://e)", "<i>", "$x$", "# h", ":material/error:"])
def test_what_a_person_wrote_is_not_markdown(text):
    escaped = plain(text)
    assert escaped.replace("\\", "") == text
    assert all(escaped[i - 1] == "\\" for i, sign in enumerate(escaped) if sign in "*`:[]()<>$#")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0, "0 s"), (9.4, "9 s"), (59.7, "1 min 0 s"), (125, "2 min 5 s"), (4200, "1 h 10 min"), (-3, "0 s")],
)
def test_time_left_reads_like_speech(seconds, text):
    assert seconds_text(seconds) == text
