"""The pose editor: people whose joints are dragged on a canvas, by mouse, pen, finger or keyboard.

The modules beside this file are served as they are (see :mod:`files`); the page gets only a few lines that import
them, so a rerun sends the pose and not the editor.
"""

from __future__ import annotations

from collections.abc import Sequence

from streamlit.components.v2 import component

from studio.poses.values import Pose
from studio.ui import failures, media
from studio.ui.components.pose_editor import exchange, files
from studio.ui.components.pose_editor.figure import standing_figure

_mount = component(
    "studio_pose_editor", html='<div class="pose-editor"></div>\n', css=files.styles(), js=files.loader()
)


def pose_editor(
    pose: Pose,
    *,
    key: str,
    background_url: str | None = None,
    height: int = 640,
    sizes: Sequence[tuple[int, int]] = (),
    thick: bool = False,
    on_change: exchange.OnChange | None = None,
) -> Pose:
    """Show the editor; returns the pose as it is edited by now.

    Another ``pose`` than the one returned before is shown as a new step of the editor's own undo history. Something
    from the browser that is no pose is refused with a message below the editor, and the pose stays as it was.

    Args:
        background_url: address of a picture to lie behind the figures (see :mod:`studio.ui.media`).
        height: of the canvas, in pixels of the screen; on narrow screens it follows the pose's aspect.
        sizes: canvas sizes to offer, (width, height) in pixels.
        thick: draw the control map with sticks that grow with the picture, as some ControlNets want it.
        on_change: called with every edited pose, and the one it was made from, before the page runs, where no other
            click can interrupt it. With it, ``pose`` is taken as the truth: pass what was stored.
    """
    shared = exchange.of(key)
    pose = shared.settle(pose, stored_elsewhere=on_change is not None)
    data = {
        "key": key,
        "revision": shared.revision,
        "seen": shared.seen,
        "pose": pose.model_dump(mode="json"),
        "map_url": media.map_url(pose, pose.width, pose.height, thick),
        "background_url": background_url,
        "figure": standing_figure().model_dump(mode="json"),
        "sizes": [list(size) for size in sizes],
        "height": height,
    }
    _mount(key=key, data=data, on_edit_change=lambda: exchange.take(key, on_change))
    if shared.problem is not None:
        failures.show(shared.problem.message, shared.problem.hint)
    return pose
