"""Sweep: build a grid of pictures that differ along axes, watch it fill, learn from it."""

from studio.ui import sweep_overview, sweep_state, sweep_view

opened = sweep_state.opened()
if opened is None:
    sweep_overview.show()
else:
    sweep_view.show(opened)
