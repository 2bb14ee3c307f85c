"""What has been made: the opened picture beside its control map, its actions, and the strip of recent ones."""

from __future__ import annotations

import streamlit as st

from studio.errors import StudioError
from studio.gallery import Picture, infotext
from studio.request import GenerationRequest
from studio.ui import desk, media
from studio.ui.components.compare import compare
from studio.ui.failures import plain
from studio.ui.generate import actions, control_sources, forms, sampling_panel, stage, suggestions, upscale_action
from studio.ui.pose import desk_panel as pose_desk_panel
from studio.ui.services import services

STRIP = 12
VIEWS = {"both": "Picture and map", "compare": "Compare"}


def opened(recent: list[Picture]) -> Picture | None:
    """The picture on the stage: the one chosen, else the newest."""
    id = desk.opened_picture()
    if id is not None:
        try:
            return services().gallery.get(id)
        except StudioError:
            desk.open_picture(None)
    return recent[0] if recent else None


def show(picture: Picture) -> None:
    """The picture, its actions and its recipe."""
    if not picture.has_recipe:  # imported
        stage.show(media.picture_url(picture.sha256), "An imported picture", picture.width, picture.height, None)
        return
    request = picture.request
    _picture(picture, request)
    _actions(picture, request)
    st.caption(f"{_recipe_line(request)} · {picture.seconds:.1f} s")
    suggestions.show(services().gallery.count())
    with st.expander("Prompt and parameters", key="fold_recipe"):
        st.code(infotext.write(request, picture.provenance), language=None, wrap_lines=True)


def _picture(picture: Picture, request: GenerationRequest) -> None:
    url, map_url = media.picture_url(picture.sha256), stage.map_of(request)
    view = _view() if map_url else "both"
    if map_url and view == "compare":
        size = (picture.width, picture.height)
        compare(map_url, url, labels=("Control map", "Picture"), size=size, key=f"compare_{picture.id}")
    else:
        stage.show(url, alt_of(request), picture.width, picture.height, map_url)


def _view() -> str:
    return st.segmented_control(
        "View", list(VIEWS), default="both", format_func=VIEWS.__getitem__, key="stage.view", required=True,
        help="Beside each other, or on top of each other under a slider.", label_visibility="collapsed",
        persist_state="session",
    )  # fmt: skip


def alt_of(request: GenerationRequest) -> str:
    return f"Picture of: {request.prompt[:200]}"


def _actions(picture: Picture, request: GenerationRequest) -> None:
    path = services().gallery.file_of(picture.sha256)
    with st.container(horizontal=True, key="picture_actions"):
        st.download_button(
            "Download PNG", path.read_bytes, f"{picture.digest[:12]}.png", "image/png", icon=":material/download:",
            on_click="ignore", help="The full picture with its recipe inside, readable by other tools too.",
        )  # fmt: skip
        st.button(
            "Vary", icon=":material/shuffle:", on_click=_vary, args=(picture.id,),
            help="Takes these settings with a new seed and generates at once.",
        )  # fmt: skip
        st.button(
            "Use settings", icon=":material/tune:", on_click=_use_settings, args=(picture.id,),
            help="Fills the form with everything that made this picture, its seed locked.",
        )  # fmt: skip
        st.button(
            "Use seed", icon=":material/lock:", on_click=sampling_panel.lock_seed, args=(request.seed,),
            help=f"Locks the seed {request.seed} and leaves the rest of the form as it is.",
        )  # fmt: skip
        upscale_action.button(picture, f"upscale_{picture.id}", desk.open_picture)
        if request.controls and request.controls[0].pose:
            pose_desk_panel.show_edit_of(request.controls[0].pose)
        st.button(
            "Delete", icon=":material/delete:", on_click=_delete, args=(picture.id,), type="tertiary",
            help="Puts the picture into the trash. It can be undone.",
        )  # fmt: skip


def _use_settings(id: int) -> None:
    request = services().gallery.get(id).request
    desk.put(control_sources.recognised(forms.draft_from(request, desk.draft())))
    if len(request.controls) > 2:
        st.toast(f"The picture had {len(request.controls)} controls; the form holds the first two.")


def _vary(id: int) -> None:
    _use_settings(id)
    desk.put_values(seed_locked=False)
    actions.generate()


def _delete(id: int) -> None:
    services().gallery.trash([id])
    st.session_state["desk.deleted"] = id
    desk.open_picture(None)


def _undo_delete() -> None:
    id = st.session_state.pop("desk.deleted")
    services().gallery.restore([id])
    desk.open_picture(id)


def show_undo() -> None:
    """The way back after Delete."""
    if "desk.deleted" in st.session_state:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption("The picture is in the trash.")
            st.button("Undo", icon=":material/undo:", on_click=_undo_delete, type="tertiary")


def show_strip(recent: list[Picture], current: Picture | None) -> None:
    """The newest pictures, small; a click opens one."""
    if len(recent) < 2:
        return
    with st.container(key="strip"), st.grid(6, gap="small", min_column_width=88):
        for picture in recent[:STRIP]:
            with st.container(gap="xxsmall"):
                st.image(media.thumbnail_url(picture.sha256), alt=_alt(picture), width="stretch")
                st.button(
                    "Shown" if current and picture.id == current.id else "Open", key=f"open_{picture.id}",
                    on_click=desk.open_picture, args=(picture.id,), width="stretch", type="tertiary",
                    disabled=bool(current and picture.id == current.id),
                )  # fmt: skip


def _alt(picture: Picture) -> str:
    return alt_of(picture.request) if picture.has_recipe else "An imported picture"


def _recipe_line(request: GenerationRequest) -> str:
    ways = [(request.width, request.height), request.drawn_size, request.final_size]
    sizes = [f"{width} × {height}" for width, height in dict.fromkeys(ways)]
    parts = [
        plain(request.checkpoint), " → ".join(sizes), f"seed {request.seed}",
        f"{request.steps} steps", f"guidance {request.guidance_scale:g}", plain(request.sampler),
    ]  # fmt: skip
    return " · ".join(parts)
