"""Runs before every page: page configuration, navigation, and the status line at the bottom of the side bar."""

import streamlit as st

from studio.ui import shell

st.set_page_config(
    page_title="PoseAnimeFlow Studio",
    page_icon=str(shell.ICON),
    layout="wide",
    menu_items={"About": shell.ABOUT},
)
page = st.navigation(
    {
        "Create": [
            st.Page("generate.py", title="Generate", icon=":material/brush:", default=True),
            st.Page("pose.py", title="Pose", icon=":material/accessibility_new:"),
            st.Page("sweep.py", title="Sweep", icon=":material/grid_on:"),
        ],
        "Collect": [
            st.Page("prompts.py", title="Prompts", icon=":material/auto_stories:"),
            st.Page("gallery.py", title="Gallery", icon=":material/photo_library:"),
        ],
        "Assist": [st.Page("assistant.py", title="Assistant", icon=":material/auto_awesome:")],
        "System": [
            st.Page("models.py", title="Models", icon=":material/deployed_code:"),
            st.Page("activity.py", title="Activity", icon=":material/monitor_heart:"),
        ],
    }
)
shell.show(activity="activity.py")
page.run()
