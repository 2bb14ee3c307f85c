"""The launcher: ``streamlit run app.py`` serves the pages, the pictures' routes and the worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st
from starlette.middleware import Middleware

from studio.jobs import Supervisor
from studio.settings import Settings
from studio.ui import failures, media
from studio.ui.components import prompt_editor
from studio.ui.components.pose_editor import files as pose_editor
from studio.ui.cookie import DeskCookie
from studio.ui.generate import completions


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Workers start with the studio and stop with it; what they had not finished goes back to the queue."""
    settings = Settings.from_env()
    failures.start_log(settings)
    supervisor = Supervisor(settings)
    supervisor.start()
    try:
        yield
    finally:
        await asyncio.to_thread(supervisor.stop)


app = st.App(
    "pages/main.py",
    lifespan=lifespan,
    on_script_error=failures.show_script_error,
    routes=[*media.ROUTES, *pose_editor.ROUTES, *completions.ROUTES, prompt_editor.scripts.route],
    middleware=[Middleware(DeskCookie)],
)
