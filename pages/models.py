"""Models: what was found on this machine, and how to add more."""

import streamlit as st

from studio.ui import shelves_view

st.title("Models")
shelves_view.show()
