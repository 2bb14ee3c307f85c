"""What is on the shelves, read at most every few seconds however often a page runs."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache

from studio.catalog.additions import ControlNet, list_controlnets, list_loras, list_vaes
from studio.catalog.checkpoints import Checkpoint, list_checkpoints
from studio.catalog.shelf import Model
from studio.catalog.upscalers import Upscaler, list_upscalers
from studio.prompts.syntax.tokens import TokenCounter, load_counter
from studio.settings import Settings

FRESH_SECONDS = 10


@dataclass(frozen=True)
class Shelves:
    """All models found, broken ones included."""

    checkpoints: tuple[Checkpoint, ...]
    controlnets: tuple[ControlNet, ...]
    loras: tuple[Model, ...]
    vaes: tuple[Model, ...]
    upscalers: tuple[Upscaler, ...]

    def checkpoint(self, name: str | None) -> Checkpoint | None:
        return next((model for model in self.checkpoints if model.name == name), None)

    def usable_checkpoints(self) -> list[str]:
        return [model.name for model in self.checkpoints if not model.problem]

    def controlnets_for(self, checkpoint: Checkpoint | None, control_type: str | None = None) -> list[str]:
        """Names of the usable ControlNets that fit ``checkpoint`` (and ``control_type``, where given)."""
        family = checkpoint and checkpoint.family
        return [
            net.name
            for net in self.controlnets
            if not net.problem and net.family in (family, None) and control_type in (None, net.type)
        ]

    def loras_for(self, checkpoint: Checkpoint | None) -> list[str]:
        family = checkpoint and checkpoint.family
        return [lora.name for lora in self.loras if not lora.problem and lora.family in (family, None)]


def shelves(settings: Settings) -> Shelves:
    return _shelves(settings, int(time.monotonic() / FRESH_SECONDS))


@lru_cache(maxsize=4)
def _shelves(settings: Settings, _turn: int) -> Shelves:
    return Shelves(
        tuple(list_checkpoints(settings)),
        tuple(list_controlnets(settings)),
        tuple(list_loras(settings)),
        tuple(list_vaes(settings)),
        tuple(list_upscalers(settings)),
    )


@lru_cache(maxsize=8)
def token_counter(folder: str) -> TokenCounter | None:
    """The counter of a checkpoint folder's own tokenizer; None where it has none (a single file, for example)."""
    return load_counter(folder)
