"""Sweep: build a grid of pictures that differ along axes, watch it fill, learn from it."""

from studio.ui.sweep import overview as sweep_overview
from studio.ui.sweep import state as sweep_state
from studio.ui.sweep import view as sweep_view

opened = sweep_state.opened()
if opened is None:
    sweep_overview.show()
else:
    sweep_view.show(opened)
