"""Assistant: prompts written with a language model, or composed offline from the library."""

import streamlit as st

from studio.ui import desk
from studio.ui.assistant import ask as assistant_ask
from studio.ui.assistant import composer as assistant_composer
from studio.ui.assistant import connection as assistant_connection
from studio.ui.assistant import desks as assistant_desks
from studio.ui.assistant import history as assistant_history
from studio.ui.generate import first_visit
from studio.ui.models import shelves
from studio.ui.services import services

WIDEST = 1100  # Pixels; beyond that lines of text become long.

parts = services()
desk.begin(parts.drafts, first=first_visit.draft(shelves(parts.settings)))
assistant_desks.begin()
st.title("Assistant", anchor=False)
st.caption("It proposes and explains; your words change only where you accept it.")
found = assistant_ask.configured()
SHOW = {
    "ask": lambda: assistant_ask.show(found),
    "compose": assistant_composer.show,
    "history": assistant_history.show,
    "connection": assistant_connection.show,
}
with st.container(key="assistant", width=WIDEST):
    SHOW[assistant_ask.section(found)]()
assistant_desks.keep()
desk.keep(parts.drafts)
