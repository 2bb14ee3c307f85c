"""Connecting a language model: where it is, which one, and its key, which is never shown again."""

from __future__ import annotations

import streamlit as st

from studio.assistant import configuration
from studio.assistant.configuration import Configured
from studio.assistant.endpoint import PROVIDERS, Endpoint, endpoint
from studio.errors import StudioError
from studio.ui import desk, failures
from studio.ui.assistant import calls
from studio.ui.assistant.chat import show_failure
from studio.ui.assistant.trial import Trial
from studio.ui.failures import plain
from studio.ui.services import services

URL, MODEL, PROVIDER = "assistant.url", "assistant.model", "assistant.provider"
POLL_SECONDS = 0.7
_KEY_TURN, _TRIAL, _LISTED, _PROBLEM, _TOLD = (
    f"assistant.{name}" for name in ("key_turn", "trial", "listed", "problem", "told")
)
SOURCES = {
    "environment": "from the environment",
    "saved": "stored, readable by you alone",
    "secrets": "from Streamlit secrets",
}


def show() -> None:
    """What is in use, and the form for it."""
    found = _found()
    _in_use(found)
    if found is not None and found.source == "environment":
        st.caption(
            "STUDIO_ASSISTANT_URL goes before anything that is saved here. Unset it and start the studio again to "
            "choose another server on this page."
        )
        _buttons(found, fixed=True)
    else:
        _form(found)
        _buttons(found, fixed=False)
    _told()


def _found() -> Configured | None:
    try:
        return calls.configured()
    except StudioError:
        return None  # The page has told already.


def _take_listed() -> None:
    """A finished test says what there is to choose from."""
    trial = st.session_state.get(_TRIAL)
    if isinstance(trial, Trial) and trial.done and trial.models and trial.models != st.session_state.get(_LISTED):
        st.session_state[_LISTED] = trial.models
        desk.put_values(**{MODEL: desk.value(MODEL)})  # a new choice, as the browser keeps the old one's options


def _in_use(found: Configured | None) -> None:
    with st.container(border=True, key="assistant_connected", gap="xxsmall"):
        if found is None:
            st.markdown(":material/link_off: **No language model is connected.**")
            st.caption("Choose a kind of server, test the connection, save. The composer works without one.")
            return
        st.markdown(":material/link: **Connected**")
        st.text(f"{found.endpoint.model or 'The only model'} at {found.endpoint.base_url}")
        st.caption(f"Key: {SOURCES[found.source] if found.endpoint.api_key else 'none'}")
        if found.endpoint.remark:
            st.warning(plain(found.endpoint.remark), icon=":material/lock_open:")


def _form(found: Configured | None) -> None:
    _fill_first(found)
    _take_listed()
    provider = desk.bind(PROVIDER)
    st.pills(
        "Kind of server", list(PROVIDERS), default=provider.initial, key=provider.key, on_change=_take_provider,
        format_func=lambda name: PROVIDERS[name].label,
        help="Fills in where such a server usually listens. Any other OpenAI-compatible address works as well.",
    )  # fmt: skip
    chosen = PROVIDERS.get(desk.value(PROVIDER) or "")
    if chosen and chosen.help:
        st.caption(plain(chosen.help))
    url = desk.bind(URL)
    st.text_input(
        "Address", url.initial, key=url.key, max_chars=500, placeholder="http://127.0.0.1:11434/v1",
        help="The server's OpenAI-compatible interface; http or https. It usually ends in /v1.",
    )  # fmt: skip
    model, listed = desk.bind(MODEL), st.session_state.get(_LISTED, ())
    names = [name for name in dict.fromkeys([*listed, model.initial, desk.value(MODEL)]) if name]
    st.selectbox(
        "Model", names, index=names.index(model.initial) if model.initial else None, key=model.key,
        accept_new_options=True, placeholder="The server's only one; Test lists what it has",
        help="Test the connection to see the server's models, or type a name. Example: llama3.2.",
    )  # fmt: skip
    stored = found is not None and found.source == "saved" and found.endpoint.api_key is not None
    hint = "Stored; leave empty to keep it for this address" if stored else "Most servers on this machine need none"
    st.text_input(
        "Key", type="password", key=_key_widget(), autocomplete="off", max_chars=4096,
        placeholder=hint,
        help="Kept in a file that only you can read, sent to this server only, never shown again. Example: sk-…",
    )  # fmt: skip


def _fill_first(found: Configured | None) -> None:
    """The form starts with what is saved."""
    start = found.endpoint if found is not None else None
    values = {
        URL: start.base_url if start else PROVIDERS["ollama"].base_url,
        MODEL: start.model if start else "",
        PROVIDER: _provider_of(start.base_url) if start else "ollama",
    }
    if desk.key(URL) not in st.session_state:
        desk.put_values(**values)


def _provider_of(url: str) -> str | None:
    return next((name for name, provider in PROVIDERS.items() if provider.base_url == url), None)


def _take_provider() -> None:
    desk.sync()
    name = desk.value(PROVIDER)
    if name in PROVIDERS:
        st.session_state.pop(_LISTED, None)
        desk.put_values(**{URL: PROVIDERS[name].base_url, MODEL: ""})
        _forget_result()


def _buttons(found: Configured | None, fixed: bool) -> None:
    trial = st.session_state.get(_TRIAL)
    with st.container(horizontal=True, gap="small", key="assistant_connection_steps"):
        if not fixed:
            st.button(
                "Save", type="primary", icon=":material/save:", key="assistant_save", on_click=_save,
                help="Uses this server from now on.",
            )  # fmt: skip
        st.button(
            "Test connection", icon=":material/network_check:", key="assistant_test", on_click=_test, args=(fixed,),
            disabled=trial is not None and not trial.done, help="Asks the server for its models; nothing is saved.",
        )  # fmt: skip
        if found is not None and found.source == "saved":
            st.button(
                "Forget", icon=":material/delete_forever:", key="assistant_forget", on_click=_forget,
                help="Removes address and key from this machine. The key has to be entered again to use it.",
            )  # fmt: skip


def _told() -> None:
    """What became of the last click."""
    if problem := st.session_state.get(_PROBLEM):
        failures.show(*problem)
    if line := st.session_state.get(_TOLD):
        st.success(plain(line), icon=":material/check_circle:")
    trial = st.session_state.get(_TRIAL)
    if trial is None:
        return
    if not trial.done:
        st.fragment(_waiting, run_every=POLL_SECONDS)()
    elif trial.failure:
        show_failure(trial.failure)
    else:
        _answered(trial)


def _waiting() -> None:
    trial = st.session_state.get(_TRIAL)
    if trial is None or trial.done:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(":material/hourglass_top: Asking the server…")
        st.button("Cancel", icon=":material/stop_circle:", key="assistant_trial_cancel", on_click=_cancel)


def _answered(trial: Trial) -> None:
    count = len(trial.models)
    models = {0: "no model loaded", 1: "one model"}.get(count, f"{count} models")
    if count and trial.model and trial.model not in trial.models:
        failures.show(f"The server answers, but has no model called {trial.model!r}.", "Choose one of those it lists.")
    else:
        st.success(f"The server answers, with {models}.", icon=":material/check_circle:")


def _wanted() -> Endpoint:
    """What the form says. An empty key means the stored one, for the server it was stored for."""
    desk.sync()
    named = endpoint(desk.value(URL) or "", desk.value(MODEL) or "", st.session_state.get(_key_widget()))
    if named.api_key is None and (saved := _saved()) and saved.origin == named.origin:
        return Endpoint(named.base_url, named.model, saved.api_key)
    return named


def _saved() -> Endpoint | None:
    try:
        return configuration.saved(services().settings)
    except StudioError:
        return None


def _save() -> None:
    _forget_result()
    try:
        wanted = _wanted()
        configuration.save(services().settings, wanted)
    except StudioError as error:
        st.session_state[_PROBLEM] = (error.message, error.hint)
        return
    _drop_key()
    desk.put_values(**{URL: wanted.base_url, MODEL: wanted.model})
    st.session_state[_TOLD] = "Saved. The assistant asks this server from now on."


def _test(fixed: bool) -> None:
    _forget_result()
    try:
        found = calls.configured() if fixed else None
        st.session_state[_TRIAL] = Trial(found.endpoint if found else _wanted())
    except StudioError as error:
        st.session_state[_PROBLEM] = (error.message, error.hint)


def _forget() -> None:
    _forget_result()
    configuration.forget(services().settings)
    _drop_key()
    st.session_state[_TOLD] = "Address and key were removed from this machine."


def _cancel() -> None:
    if trial := st.session_state.pop(_TRIAL, None):
        trial.cancel()


def _forget_result() -> None:
    _cancel()
    st.session_state.pop(_PROBLEM, None)
    st.session_state.pop(_TOLD, None)


def _key_widget() -> str:
    return f"assistant_key_{st.session_state.get(_KEY_TURN, 0)}"


def _drop_key() -> None:
    """The field is drawn anew and empty: what was typed leaves the session."""
    st.session_state.pop(_key_widget(), None)
    st.session_state[_KEY_TURN] = st.session_state.get(_KEY_TURN, 0) + 1
