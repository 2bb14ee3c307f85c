"""Cells that start alike: one walks, the others wait beside it and go on alone from where their ways part.

A waiting cell costs no evaluation and takes no slot. What it takes over, scheduler, latents and random state, is what
its own steps would have come to, as no cell's numbers depend on its neighbours.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable

from studio.engine.cell import Cell
from studio.request import GenerationRequest
from studio.trunks import shared_evaluations, trunk_of

WAITING_PER_SLOT = 3
"""So many cells may wait for each slot there is: they all have to walk in the end."""


def walking(cells: Iterable[Cell]) -> list[Cell]:
    """Those that take steps of their own, or are past them."""
    return [cell for cell in cells if cell.leader is None]


def leader_of(request: GenerationRequest, cells: Iterable[Cell]) -> tuple[Cell | None, int]:
    """The cell with which ``request`` has most evaluations in common that are not past yet, and how many."""
    best: tuple[Cell | None, int] = (None, 0)
    for cell in cells:
        # The seed is compared first because it mostly differs, and a long queue is asked about at every step.
        if cell.steps_before or cell.request.seed != request.seed or trunk_of(cell.request) != trunk_of(request):
            continue
        shared = shared_evaluations(cell.request, request, len(cell.timesteps))
        if shared >= max(cell.reached, best[1] + 1):
            best = cell, shared
    return best


def follow(cell: Cell, cells: Iterable[Cell]) -> None:
    """Let a new cell wait for the best leader among ``cells``, if there is one."""
    cell.leader, cell.parting = leader_of(cell.request, cells)


def part(cells: Iterable[Cell]) -> None:
    """Those whose way parts from their leader's here go on alone. ``cells`` come leaders first."""
    for cell in cells:
        if cell.leader is not None and cell.leader.index >= cell.parting:
            take_over(cell)


def orphan(gone: Cell, cells: Iterable[Cell], sound: bool) -> None:
    """``gone`` will not walk on: the first of its followers goes on for the others.

    ``sound``: its state may be gone on from; else they start anew.
    """
    left = [cell for cell in cells if cell.leader is gone]
    for number, cell in enumerate(left):
        heir, parting = leader_of(cell.request, left[:number])
        if heir is not None:
            cell.leader, cell.parting = heir, parting
        elif sound:
            take_over(cell)
        else:
            cell.leader = None


def take_over(cell: Cell) -> None:
    """``cell`` goes on alone, from where its leader is."""
    leader, own = cell.leader, cell.step_arguments.get("generator")
    assert leader is not None, "only a waiting cell has something to take over"
    cell.scheduler = copy.deepcopy(leader.scheduler)
    if own is not None:
        own.set_state(leader.step_arguments["generator"].get_state())
    cell.latents, cell.denoised = leader.latents.clone(), leader.denoised
    cell.index, cell.leader = leader.index, None
