"""One UNet (and ControlNet) evaluation over many cells that share nothing but the checkpoint and the size.

Rows are laid out cell by cell: unconditional, conditional, unconditional, … Each forward has one fixed number of rows:
a batch that is not full is padded with copies of its last cell, whose output is dropped. GPU and CPU libraries choose
their kernels by shape, so with a fixed shape a cell's numbers do not depend on how many neighbours it has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch

from studio.engine.cell import Cell
from studio.engine.controls import ControlNet
from studio.engine.loaded import LoadedCheckpoint

CONTROL_CELLS = 4
"""Most cells per ControlNet forward: small, because often only some cells of a batch are inside their window."""

Residuals = tuple[list[torch.Tensor], torch.Tensor]


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
        batch = _Rows(cells, inputs, self.slots, self.checkpoint)
        residuals = self._residuals(cells, inputs)
        down, middle = _stacked(residuals, batch.cells, batch.rows_per_cell)
        self.rows["unet"] += len(cells) * batch.rows_per_cell
        predicted = self.checkpoint.unet(
            batch.sample,
            batch.timesteps,
            encoder_hidden_states=batch.text,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
            added_cond_kwargs=batch.added,
            return_dict=False,
        )[0]
        rows = predicted.split(batch.rows_per_cell)
        return [_guided(rows[i], cell.request.guidance_scale) for i, cell in enumerate(cells)]

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
        batch = _Rows(cells, inputs, size, self.checkpoint)
        hints = torch.cat([cell.controls[unit].hint.repeat(batch.rows_per_cell, 1, 1, 1) for cell in batch.cells])
        self.rows[net.name] += len(cells) * batch.rows_per_cell
        down, middle = net.net(
            batch.sample,
            batch.timesteps,
            encoder_hidden_states=batch.text,
            controlnet_cond=hints,
            conditioning_scale=1.0,
            added_cond_kwargs=batch.added,
            return_dict=False,
        )
        for i, cell in enumerate(cells):
            rows = slice(i * batch.rows_per_cell, (i + 1) * batch.rows_per_cell)
            scaled = [_scaled(level[rows], cell.controls[unit].weight) for level in (*down, middle)]
            if cell.id in total:
                so_far, so_far_middle = total[cell.id]
                scaled = [a + b for a, b in zip((*so_far, so_far_middle), scaled, strict=True)]
            total[cell.id] = scaled[:-1], scaled[-1]


class _Rows:
    """The padded tensors of one forward."""

    def __init__(
        self, cells: Sequence[Cell], inputs: Sequence[torch.Tensor], size: int, checkpoint: LoadedCheckpoint
    ) -> None:
        padding = size - len(cells)
        self.cells = [*cells, *[cells[-1]] * padding]
        samples = [*inputs, *[inputs[-1]] * padding]
        self.rows_per_cell = 1 if cells[0].text.negative is None else 2
        self.sample = torch.cat([sample.repeat(self.rows_per_cell, 1, 1, 1) for sample in samples])
        timesteps = [float(cell.timestep) for cell in self.cells for _ in range(self.rows_per_cell)]
        self.timesteps = torch.tensor(timesteps, dtype=torch.float32, device=self.sample.device)
        self.text = torch.cat([_both(cell.text.negative, cell.text.positive) for cell in self.cells])
        self.added = self._added(checkpoint)

    def _added(self, checkpoint: LoadedCheckpoint) -> dict[str, torch.Tensor] | None:
        if checkpoint.unet.config.get("addition_embed_type") != "text_time":
            return None
        texts = [cell.text for cell in self.cells]
        pooled = torch.cat([_both(text.negative_pooled, text.pooled) for text in texts if text.pooled is not None])
        # Original size, crop corner, target size: the micro-conditioning of SDXL (Podell et al. 2023, §2.2).
        request = self.cells[0].request
        size = [request.height, request.width, 0, 0, request.height, request.width]
        time_ids = torch.tensor([size], dtype=pooled.dtype, device=pooled.device).repeat(len(pooled), 1)
        return {"text_embeds": pooled, "time_ids": time_ids}


def _both(negative: torch.Tensor | None, positive: torch.Tensor) -> torch.Tensor:
    return positive if negative is None else torch.cat([negative, positive])


def _scaled(residual: torch.Tensor, weight: float) -> torch.Tensor:
    # A Python float multiplies in fp32 and rounds once; a half-precision tensor scale would round the weight first.
    return residual * weight


def _guided(rows: torch.Tensor, guidance_scale: float) -> torch.Tensor:
    """Classifier-free guidance (Ho & Salimans 2022): rows (2, …) uncond, cond → (1, …); a single row stays."""
    if len(rows) == 1:
        return rows
    unconditional, conditional = rows.chunk(2)
    return unconditional + guidance_scale * (conditional - unconditional)


def _stacked(
    residuals: dict[str, Residuals], cells: Sequence[Cell], rows_per_cell: int
) -> tuple[tuple[torch.Tensor, ...] | None, torch.Tensor | None]:
    """Residuals as rows, zeros for cells without; (None, None) when no cell has any."""
    if not residuals:
        return None, None
    some_down, some_middle = next(iter(residuals.values()))
    zeros = [torch.zeros_like(level) for level in (*some_down, some_middle)]
    per_cell = []
    for cell in cells:
        down, middle = residuals.get(cell.id, (zeros[:-1], zeros[-1]))
        per_cell.append([*down, middle])
    levels = [torch.cat(rows) for rows in zip(*per_cell, strict=True)]
    return tuple(levels[:-1]), levels[-1]
