"""The Assistant page and its panel on Generate, against a scripted server on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from studio.assistant import configuration
from studio.assistant.endpoint import endpoint
from studio.ui import desk
from studio.ui.assistant.sittings import Sitting, conversations, sitting
from tests.assistant import scripted
from tests.assistant.scripted import PROPOSAL, answering, failing, listing

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def serve() -> Iterator[scripted.Servers]:
    with scripted.servers() as started:
        yield started


@pytest.fixture
def connected(serve, studio_settings) -> Callable[..., scripted.Scripted]:
    """``connected(step, …)``: a server that plays the steps, and that the studio is connected to."""

    def connect(*steps: scripted.Step) -> scripted.Scripted:
        server = serve(*steps)
        configuration.save(studio_settings, endpoint(server.url, "tiny", KEY))
        return server

    return connect


def sitting_of(page: AppTest, parts) -> Sitting:
    return sitting(parts.database, page.session_state["desk.id"])


def asked(page: AppTest, parts, text: str) -> AppTest:
    """Say something, wait for the answer, draw the page again."""
    page.chat_input[0].set_value(text).run()
    return answered(page, parts)


def answered(page: AppTest, parts) -> AppTest:
    question = sitting_of(page, parts).question
    assert question is not None and question.running.wait(30)
    page.run()
    assert not page.exception
    return page


def form(page: AppTest, name: str):
    return page.session_state[desk.key(name)]


def filled(page: AppTest, **values: object) -> AppTest:
    for name, value in values.items():
        page.session_state[desk.key(name)] = value
    return page.run()


def mode(page: AppTest, name: str) -> AppTest:
    page.session_state[desk.key("assistant.mode")] = name
    page.session_state["desk.turns"] = {**page.session_state["desk.turns"], "assistant.mode": 99}
    return page.run()


def html(page: AppTest) -> str:
    return " ".join(element.proto.body for element in page.get("html"))


def texts(page: AppTest) -> list[str]:
    return [element.value for element in page.text]


def everything(page: AppTest) -> str:
    return repr(page.session_state) + repr(page.main)


def test_without_a_language_model_the_composer_is_what_one_finds(open_page):
    page = open_page("assistant.py")
    assert any("Works offline, no language model" in line.value for line in page.caption)
    page.segmented_control[0].set_value("ask").run()
    page.button(key="go_connection").click().run()
    assert any("No language model is connected" in line.value for line in page.markdown)


def test_the_composer_fills_its_slots_and_keeps_what_is_locked(open_page):
    page = open_page("assistant.py")
    slot = next(field for field in page.multiselect if field.label == "Subject")
    slot.set_value(["1boy", "my own words"]).run()
    page.button(key="hold_subject").click().run()
    page.button(key="surprise").click().run()
    first = page.code[0].value
    assert "1boy, my own words" in first and len(first) > len("1boy, my own words") + 20
    seed = form(page, "composer.seed")
    page.button(key="surprise").click().run()
    assert page.code[0].value != first
    page.button(key="composer_undo").click().run()
    assert page.code[0].value == first
    page.button(key="surprise").click().run()
    next(field for field in page.number_input if field.label == "Surprise seed").set_value(seed).run()
    page.button(key="surprise_again").click().run()
    assert page.code[0].value == first
    page.button(key="composer_clear").click().run()
    assert page.code[0].value.endswith("1boy, my own words")
    page.switch_page("gallery.py").run()
    page.switch_page("assistant.py").run()
    assert page.code[0].value.endswith("1boy, my own words")


def test_a_composition_goes_to_generate_and_undo_brings_back_the_form(open_page):
    page = open_page("assistant.py")
    before = form(page, "prompt")
    page.button(key="surprise").click().run()
    composed = page.code[0].value
    page.button(key="use_in_generate").click().run()
    assert form(page, "prompt") == composed != before
    page.switch_page("generate.py").run()
    page.button(key="assistant_undo").click().run()
    assert form(page, "prompt") == before
    assert not any(button.key == "assistant_undo" for button in page.button)


def test_a_conversation_from_the_idea_to_generate(open_page, parts, connected):
    server = connected(answering(PROPOSAL))
    page = filled(open_page("assistant.py"), prompt="1girl, jogging, rain", negative_prompt="lowres")
    asked(page, parts, "calm evening")
    assert server.seen[-1].headers["authorization"] == f"Bearer {KEY}"
    assert PROPOSAL["note"] in texts(page) and "calm evening" in texts(page)
    assert "<ins>park</ins>" in html(page) and "<del>rain</del>" in html(page)
    accept = [button for button in page.button if button.label == "Accept"]
    assert form(page, "prompt") == "1girl, jogging, rain" and form(page, "steps") != 32
    accept[0].click().run()
    assert any(button.label == f"Use 1 of {len(accept)} changes in Generate" for button in page.button)
    page.button(key="undo_prompt").click().run()
    page.button(key="accept_all_prompt").click().run()
    page.button(key="use_in_generate").click().run()
    assert form(page, "prompt") == PROPOSAL["prompt"]
    assert form(page, "steps") != 32, "settings need a tick"


def test_settings_and_pose_are_taken_only_where_they_are_ticked(open_page, parts, connected):
    connected(answering(PROPOSAL))
    page = filled(open_page("assistant.py"), control="none", pose_name=None)
    asked(page, parts, "calm evening")
    guidance = form(page, "guidance_scale")
    for name in ("steps", "pose"):
        next(box for box in page.checkbox if (box.key or "").endswith(f"_{name}")).check().run()
    page.button(key="use_in_generate").click().run()
    assert (form(page, "steps"), form(page, "guidance_scale")) == (32, guidance)
    assert (form(page, "control"), form(page, "pose_name")) == ("pose", "jogging")


def test_locked_words_stay_whatever_is_accepted(open_page, parts, connected):
    connected(answering({**PROPOSAL, "prompt": "1girl, sunset"}))
    page = filled(open_page("assistant.py"), prompt="1girl, red hair", **{"assistant.locked": ["red hair"]})
    asked(page, parts, "calm")
    page.button(key="use_in_generate").click().run()
    assert "red hair" in form(page, "prompt") and "sunset" in form(page, "prompt")


def test_variations_become_the_axis_of_a_sweep(open_page, parts, connected):
    two = [{"prompt": f"1girl, beach {number}, <lora:none:1>", "reason": f"{number}"} for number in (1, 2)]
    connected(answering({**PROPOSAL, "prompt": two[0]["prompt"], "alternatives": two}))
    page = mode(open_page("assistant.py"), "vary")
    next(field for field in page.number_input if field.label == "How many").set_value(2).run()
    page.button(key="assistant_as_it_is").click().run()
    answered(page, parts)
    page.button(key="assistant_sweep").click().run()
    (row,) = page.session_state["sweep.building"].rows
    assert (row.axis, row.values) == ("prompt", "1girl, beach 1 || 1girl, beach 2")


def test_going_on_sends_what_was_said_and_the_history_finds_it(open_page, parts, connected):
    server = connected(answering(PROPOSAL))
    page = open_page("assistant.py")
    asked(page, parts, "calm evening")
    assert form(page, "assistant.mode") == "chat"
    asked(page, parts, "make it rain")
    assert "calm evening" in [message["content"] for message in server.seen[-1].body["messages"]]
    page.segmented_control[0].set_value("history").run()
    page.text_input(key="assistant_search").set_value("evening rain").run()
    (conversation,) = conversations(parts.database).recent()
    page.button(key=f"delete_conversation_{conversation.id}").click().run()
    assert not conversations(parts.database).recent()
    page.button(key="undo_delete_conversation").click().run()
    (back,) = conversations(parts.database).recent()
    assert [turn.asked for turn in conversations(parts.database).turns(back.id)] == ["calm evening", "make it rain"]
    page.button(key=f"open_conversation_{back.id}").click().run()
    assert "make it rain" in texts(page)


def test_an_unusable_answer_is_shown_as_text_with_its_words_at_hand(open_page, parts, connected):
    said = "I **cannot** do that: <script>alert(1)</script> [x](http://evil.example)"
    connected(answering(said))
    page = open_page("assistant.py")
    asked(page, parts, "calm evening")
    assert "not usable" in page.error[0].proto.title
    assert any(said in block.value for block in page.code)
    page.button(key="assistant_retry").click().run()
    answered(page, parts)
    assert len(conversations(parts.database).turns(sitting_of(page, parts).conversation or 0)) == 2


@pytest.mark.parametrize(
    ("step", "title"),
    [
        (failing(401, "see www.evil.example, the model"), "did not accept the key"),
        (failing(404, "see www.evil.example, the model"), "no model called 'tiny'"),
    ],
)
def test_failures_of_the_server_are_one_message_and_nothing_is_lost(open_page, parts, connected, step, title):
    connected(step)
    page = open_page("assistant.py")
    asked(page, parts, "calm evening")
    (error,) = page.error
    assert title in error.proto.title and error.value and "evil" not in error.value
    assert "It said: see www.evil.example, the model" in texts(page)
    assert "calm evening" in texts(page)
    assert KEY not in everything(page)


def test_cancel_works_at_once_and_a_reload_finds_the_question_still_running(open_page, parts, connected):
    def hang(handler):
        handler.start_stream()
        handler.write(scripted.event('{"note": "slowly'))
        handler.server.over.wait(30)

    connected(hang)
    page = open_page("assistant.py")
    page.chat_input[0].set_value("calm evening").run()
    question = sitting_of(page, parts).question
    assert question is not None and not question.running.done
    page.switch_page("gallery.py").run()
    page.switch_page("assistant.py").run()
    page.button(key="assistant_cancel").click().run()
    page.run()
    assert "was stopped" in page.error[0].proto.title
    assert question.running.wait(10)
    assert not conversations(parts.database).recent()


def test_what_a_model_says_has_no_meaning_as_markup(open_page, parts, connected):
    bad = "<img src=x onerror=alert(1)> **b** :material/home: [a](http://evil.example) $x$"
    connected(
        answering({**PROPOSAL, "note": bad, "prompt": f"1girl, {bad}", "changes": [{"what": bad, "reason": bad}]})
    )
    page = open_page("assistant.py")
    asked(page, parts, "calm")
    assert "<img" not in html(page) and "&lt;img" in html(page)
    assert bad in texts(page)
    shown = [line.value for line in (*page.markdown, *page.caption)]
    assert not any("onerror" in line for line in shown)


def test_the_panel_improves_in_place_and_undo_takes_it_back(open_page, parts, connected):
    connected(answering({**PROPOSAL, "settings": None, "pose": None}))
    page = filled(open_page(), prompt="1girl, jogging, rain")
    page.session_state["fold_assistant"] = True
    page.run()
    page.button(key="assistant_improve").click().run()
    answered(page, parts)
    assert form(page, "prompt") == "1girl, jogging, rain"
    next(button for button in page.button if button.label == "Accept").click().run()
    assert form(page, "prompt") not in ("1girl, jogging, rain", PROPOSAL["prompt"])
    page.button(key="accept_all_prompt").click().run()
    assert form(page, "prompt") == PROPOSAL["prompt"]
    for _ in range(2):
        page.button(key="undo_prompt").click().run()
    assert form(page, "prompt") == "1girl, jogging, rain"


def test_a_prompt_that_was_changed_meanwhile_is_compared_anew_and_not_overwritten(open_page, parts, connected):
    connected(answering({**PROPOSAL, "settings": None, "pose": None}))
    page = filled(open_page(), prompt="1girl, jogging, rain")
    page.session_state["fold_assistant"] = True
    page.run()
    page.button(key="assistant_improve").click().run()
    answered(page, parts)
    filled(page, prompt="1girl, jogging, snow, smile")
    page.button(key="accept_prompt_2").click().run()
    assert "rain" not in form(page, "prompt")


def test_without_a_language_model_the_panel_composes(open_page):
    page = open_page()
    page.session_state["fold_assistant"] = True
    page.run()
    page.button(key="surprise").click().run()
    composed = page.code[0].value
    page.button(key="composer_use").click().run()
    assert form(page, "prompt") == composed


def test_connecting_a_server_never_shows_the_key_again(open_page, parts, serve, studio_settings):
    server = serve(listing("b", "tiny"))
    page = open_page("assistant.py")
    page.segmented_control[0].set_value("connection").run()
    field(page, "Address").set_value(server.url).run()
    field(page, "Key").set_value(KEY).run()
    page.button(key="assistant_test").click().run()
    assert page.session_state["assistant.trial"].wait(30)
    page.run()
    assert any("with 2 models" in line.value for line in page.success)
    assert server.seen[-1].headers["authorization"] == f"Bearer {KEY}"
    next(box for box in page.selectbox if box.label == "Model").set_value("tiny").run()
    page.button(key="assistant_save").click().run()
    assert configuration.saved(studio_settings) == endpoint(server.url, "tiny", KEY)
    assert field(page, "Key").value == "" and KEY not in everything(page)
    page.button(key="assistant_save").click().run()
    assert configuration.saved(studio_settings) == endpoint(server.url, "tiny", KEY), "an empty field keeps it"
    field(page, "Address").set_value("http://127.0.0.1:9/v1").run()
    page.button(key="assistant_save").click().run()
    assert configuration.saved(studio_settings) == endpoint("http://127.0.0.1:9/v1", "tiny"), "no key for another host"
    page.button(key="assistant_forget").click().run()
    assert configuration.saved(studio_settings) is None


def test_only_http_addresses_are_taken(open_page, studio_settings):
    page = open_page("assistant.py")
    page.segmented_control[0].set_value("connection").run()
    field(page, "Address").set_value("file:///etc/passwd").run()
    for button in ("assistant_save", "assistant_test"):
        page.button(key=button).click().run()
        assert "has to begin with http" in page.error[0].proto.title
    assert configuration.saved(studio_settings) is None


def test_the_environment_goes_first_and_says_so(open_page, monkeypatch, serve):
    monkeypatch.setenv("STUDIO_ASSISTANT_URL", serve(listing("tiny")).url)
    monkeypatch.setenv("STUDIO_ASSISTANT_KEY", KEY)
    page = open_page("assistant.py")
    page.segmented_control[0].set_value("connection").run()
    assert any("from the environment" in line.value for line in page.caption)
    assert not page.text_input and KEY not in everything(page)


def test_streamlit_s_secrets_count_where_nothing_else_is_set(open_page, serve):
    page = open_page("assistant.py")
    page.secrets["assistant"] = {"url": serve(listing("tiny")).url, "model": "tiny", "key": KEY}
    page.segmented_control[0].set_value("connection").run()
    assert any("from Streamlit secrets" in line.value for line in page.caption)
    assert KEY not in everything(page)


def field(page: AppTest, label: str):
    return next(box for box in page.text_input if box.label == label)
