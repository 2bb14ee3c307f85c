"""A cell: one pass of a request on its way to a picture, with a scheduler, latents and random generator of its own.

Nothing here depends on the slot a cell has or on its neighbours; that is what makes its image the same among strangers.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import Any

import torch

from studio.engine.controls import ActiveControl
from studio.engine.steps import hires_steps, pass_steps, step_of
from studio.engine.text import Conditioning, Script
from studio.engine.upscaling.enlarging import Enlarging
from studio.request import GenerationRequest
from studio.trunks import acts


@dataclass(slots=True)
class Cell:
    """State of one request's present pass between ticks. ``latents`` is (1, C, h, w) in the model's dtype."""

    id: str
    request: GenerationRequest
    """Of this pass: the hires pass is an img2img request of its own, at its own size and without ``hires``."""
    scheduler: Any
    """A diffusers scheduler of this cell's own."""
    timesteps: torch.Tensor
    """The timesteps still to be walked, on the CPU. Second-order samplers walk more of them than there are steps."""
    latents: torch.Tensor
    step_arguments: dict[str, Any]
    """What this scheduler's ``step`` takes beside the latents: the cell's own random generator, eta."""
    text: Script
    controls: tuple[ActiveControl, ...] = ()
    index: int = 0
    denoised: torch.Tensor | None = None
    """The model's present idea of the finished latents, for previews."""
    started: float = field(default_factory=time.perf_counter)
    previewed: float = -math.inf
    """When the last preview was made, on the clock of ``started``."""
    steps_before: int = 0
    """Steps that earlier passes took."""
    enlarging: Enlarging | None = None
    """The picture of this pass while it is enlarged, after the last step."""
    leader: Cell | None = None
    """The cell that walks the first steps for this one too, until :attr:`parting` (see ``sharing.py``)."""
    parting: int = 0
    """How many evaluations the two have in common."""
    notes: list[str] = field(default_factory=list)
    """What had to be done differently than asked for, in sentences."""

    @property
    def finished(self) -> bool:
        return self.index >= len(self.timesteps)

    @property
    def reached(self) -> int:
        """Evaluations done, by this cell or for it."""
        return self.index if self.leader is None else self.leader.reached

    @property
    def step(self) -> int:
        """Steps done, of :attr:`steps`, by this cell or for it."""
        return self.steps_before + round(pass_steps(self.request) * self.reached / max(1, len(self.timesteps)))

    @property
    def steps(self) -> int:
        """Steps to walk in all passes."""
        return self.steps_before + pass_steps(self.request) + hires_steps(self.request)

    @property
    def timestep(self) -> torch.Tensor:
        return self.timesteps[self.index]

    @property
    def conditioning(self) -> Conditioning:
        """What the model is told now."""
        evaluations, order = len(self.timesteps), self.scheduler.order
        return self.text.at(step_of(self.index, evaluations, pass_steps(self.request), order))

    def model_input(self) -> torch.Tensor:
        """The latents as the model wants them at this timestep, (1, C, h, w)."""
        return self.scheduler.scale_model_input(self.latents, self.timestep)

    def active_controls(self) -> tuple[ActiveControl | None, ...]:
        """Per control unit: the control, or None where its weight is 0 or this step lies outside its window."""
        total = len(self.timesteps)
        return tuple(control if acts(control.unit, self.index, total) else None for control in self.controls)

    def advance(self, output: torch.Tensor, scaled: torch.Tensor) -> None:
        """Take one step with the guided model ``output``; ``scaled`` is what :meth:`model_input` gave."""
        self.denoised = _denoised(self.scheduler, self.timestep, scaled, output)
        stepped = self.scheduler.step(output, self.timestep, self.latents, **self.step_arguments, return_dict=False)
        self.latents = stepped[0]
        self.index += 1


def _denoised(scheduler, timestep: torch.Tensor, scaled: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
    """x0 from the model's output in variance-preserving terms (DDIM, Song et al. 2021, eq. 12; v: Salimans & Ho 2022).

    Only previews use it, so the nearest trained timestep is near enough.
    """
    alphas = scheduler.alphas_cumprod
    alpha = float(alphas[min(max(round(float(timestep)), 0), len(alphas) - 1)].clamp(min=1e-4))
    kept, noise = alpha**0.5, (1 - alpha) ** 0.5
    match scheduler.config.get("prediction_type", "epsilon"):
        case "v_prediction":
            return scaled * kept - output * noise
        case "sample":
            return output
    return (scaled - output * noise) / kept
