"""One UNet (and ControlNet) evaluation over many cells that share nothing but the checkpoint and the size.

Each forward has one fixed number of rows; ``layout.py`` says how the rows of the cells are laid out in it and why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch

from studio.engine.cell import Cell
from studio.engine.controls import ControlNet
from studio.engine.layout import Layout, Span
from studio.engine.loaded import LoadedCheckpoint

CONTROL_CELLS = 4
"""Most cells per ControlNet forward: small, because often only some cells of a batch are inside their window."""

Residuals = list[torch.Tensor]
"""Of one cell: one (rows, …) per level, the middle block's last."""


class Denoiser:
    """Predicts the guided model output for every cell. ``slots`` is the number of cells per forward."""

    def __init__(self, checkpoint: LoadedCheckpoint, slots: int) -> None:
        self.checkpoint = checkpoint
        self.slots = slots
        self.rows: Counter[str] = Counter()
        """Rows evaluated so far for a cell's own sake (padding not counted), by ``unet`` and ControlNet name."""

    @torch.inference_mode()
    def predict(self, cells: Sequence[Cell], inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """Guided outputs, one (1, C, h, w) per cell. ``inputs`` are the cells' scaled latents."""
        outputs: list[torch.Tensor] = []
        for first in range(0, len(cells), self.slots):
            part = slice(first, first + self.slots)
            outputs += self._predict(cells[part], inputs[part])
        return outputs

    def _predict(self, cells: Sequence[Cell], inputs: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        rows = _Rows(cells, inputs, self.checkpoint)
        residuals = self._residuals(cells, inputs)
        self.rows["unet"] += sum(rows.counts)

        def forward(spans: list[Span]) -> Sequence[torch.Tensor]:
            down, middle = _stacked(residuals, cells, spans)
            return self.checkpoint.unet(
                **rows.arguments(spans),
                down_block_additional_residuals=down,
                mid_block_additional_residual=middle,
                return_dict=False,
            )

        predicted = Layout(rows.counts, self.slots * rows.rows_per_slot).run(forward)
        return [_guided(outputs[0], cell) for outputs, cell in zip(predicted, cells, strict=True)]

    def _residuals(self, cells: Sequence[Cell], inputs: Sequence[torch.Tensor]) -> dict[str, Residuals]:
        """Summed ControlNet residuals by cell id; cells without an active control are absent.

        Units are added in their order in the request, as the stock multi-ControlNet does.
        """
        total: dict[str, Residuals] = {}
        active = [cell.active_controls() for cell in cells]
        for unit in range(max((len(controls) for controls in active), default=0)):
            by_net: dict[ControlNet, list[int]] = {}
            for i, controls in enumerate(active):
                control = controls[unit] if unit < len(controls) else None
                if control is not None:
                    by_net.setdefault(control.net, []).append(i)
            size = min(self.slots, CONTROL_CELLS)
            for net, members in by_net.items():
                for first in range(0, len(members), size):
                    part = members[first : first + size]
                    self._run_control(net, unit, [cells[i] for i in part], [inputs[i] for i in part], size, total)
        return total

    def _run_control(
        self,
        net: ControlNet,
        unit: int,
        cells: Sequence[Cell],
        inputs: Sequence[torch.Tensor],
        size: int,
        total: dict[str, Residuals],
    ) -> None:
        rows = _Rows(cells, inputs, self.checkpoint)
        self.rows[net.name] += sum(rows.counts)

        def forward(spans: list[Span]) -> Sequence[torch.Tensor]:
            hints = [cells[span.cell].controls[unit].hint.repeat(span.rows, 1, 1, 1) for span in spans]
            down, middle = net.net(
                **rows.arguments(spans), controlnet_cond=torch.cat(hints), conditioning_scale=1.0, return_dict=False
            )
            return [*down, middle]

        levels_of = Layout(rows.counts, size * rows.rows_per_slot).run(forward)
        for cell, levels in zip(cells, levels_of, strict=True):
            scaled = [_scaled(level, cell.controls[unit].unit.weight) for level in levels]
            if cell.id in total:
                scaled = [a + b for a, b in zip(total[cell.id], scaled, strict=True)]
            total[cell.id] = scaled


class _Rows:
    """What the model is given for each row of some cells."""

    def __init__(self, cells: Sequence[Cell], inputs: Sequence[torch.Tensor], checkpoint: LoadedCheckpoint) -> None:
        self._cells, self._inputs = cells, inputs
        self._conditionings = [cell.conditioning for cell in cells]
        self._micro_conditioned = checkpoint.unet.config.get("addition_embed_type") == "text_time"
        self.counts = [conditioning.rows for conditioning in self._conditionings]
        self.rows_per_slot = 2 if self._conditionings[0].guided else 1

    def arguments(self, spans: Sequence[Span]) -> dict[str, Any]:
        """The arguments that UNet and ControlNet have in common."""
        sample = torch.cat([self._inputs[span.cell].repeat(span.rows, 1, 1, 1) for span in spans])
        timesteps = [float(self._cells[span.cell].timestep) for span in spans for _ in range(span.rows)]
        hidden = [self._conditionings[span.cell].hidden[span.first : span.last] for span in spans]
        return {
            "sample": sample,
            "timestep": torch.tensor(timesteps, dtype=torch.float32, device=sample.device),
            "encoder_hidden_states": torch.cat(hidden),
            "added_cond_kwargs": self._added(spans) if self._micro_conditioned else None,
        }

    def _added(self, spans: Sequence[Span]) -> dict[str, torch.Tensor]:
        vectors = [(self._conditionings[span.cell].pooled, span) for span in spans]
        pooled = torch.cat([vector[span.first : span.last] for vector, span in vectors if vector is not None])
        # Original size, crop corner, target size: the micro-conditioning of SDXL (Podell et al. 2023, §2.2).
        request = self._cells[0].request
        size = [request.height, request.width, 0, 0, request.height, request.width]
        time_ids = torch.tensor([size], dtype=pooled.dtype, device=pooled.device).repeat(len(pooled), 1)
        return {"text_embeds": pooled, "time_ids": time_ids}


def _scaled(residual: torch.Tensor, weight: float) -> torch.Tensor:
    # A Python float multiplies in fp32 and rounds once; a half-precision tensor scale would round the weight first.
    return residual * weight


def _guided(rows: torch.Tensor, cell: Cell) -> torch.Tensor:
    """Classifier-free guidance (Ho & Salimans 2022), composed over the parts of ``AND`` (Liu et al. 2022).

    ``rows`` are (1 + parts, …), unconditional first; a row without an unconditional one stays as it is.
    """
    conditioning = cell.conditioning
    if not conditioning.guided:
        return rows
    # Below 1 guidance means none, as in diffusers: the parts then count with their weights alone.
    scale = max(cell.request.guidance_scale, 1.0)
    unconditional, *parts = rows.split(1)
    output = unconditional
    for weight, conditional in zip(conditioning.weights, parts, strict=True):
        output = output + (weight * scale) * (conditional - unconditional)
    return output


def _stacked(
    residuals: dict[str, Residuals], cells: Sequence[Cell], spans: Sequence[Span]
) -> tuple[tuple[torch.Tensor, ...] | None, torch.Tensor | None]:
    """Residuals as rows, zeros for cells without; (None, None) when no cell has any."""
    if not residuals:
        return None, None
    zeros = [torch.zeros_like(level[:1]) for level in next(iter(residuals.values()))]
    per_span = []
    for span in spans:
        levels = residuals.get(cells[span.cell].id)
        if levels is None:
            per_span.append([level.expand(span.rows, -1, -1, -1) for level in zeros])
        else:
            per_span.append([level[span.first : span.last] for level in levels])
    levels = [torch.cat(rows) for rows in zip(*per_span, strict=True)]
    return tuple(levels[:-1]), levels[-1]
