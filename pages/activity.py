"""Activity: what runs, what waits, what has ended, and on which device."""

import streamlit as st

from studio.ui import activity_view

st.title("Activity")
activity_view.show()
