"""Assistant: prompts written with a language model, or composed offline from the library."""

import streamlit as st

from studio.ui import (
    assistant_ask,
    assistant_composer,
    assistant_connection,
    assistant_desks,
    assistant_history,
    desk,
    first_visit,
)
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
