"""Pose: the editor, and around it everything a pose can come from and go to."""

import streamlit as st

from studio.ui.pose import image_panel as pose_image_panel
from studio.ui.pose import library_panel as pose_library_panel
from studio.ui.pose import page as pose_page
from studio.ui.pose import page_actions as pose_page_actions
from studio.ui.pose import page_files as pose_page_files
from studio.ui.pose import page_score as pose_page_score

REGIONS = {
    ":material/auto_stories: Library": lambda: pose_library_panel.show(pose_page.pick),
    ":material/image_search: From an image": lambda: pose_image_panel.show(pose_page.found),
    ":material/data_object: Import and export": pose_page_files.show_json,
    ":material/wallpaper: Photo": pose_page_files.show_photo,
    ":material/target: Score": pose_page_score.show,
}

pose_page.begin()
pose_page_actions.show()
pose_page.show_editor()
for region, show in zip(st.tabs(list(REGIONS), key="pose_regions", on_change="rerun"), REGIONS.values(), strict=True):
    if region.open:
        with region:
            show()
pose_page.end()
