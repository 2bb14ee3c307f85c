"""Builds cells: scheduler, start latents, text and controls of a request, or of its hires pass."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import torch
from PIL import Image

from studio.engine import latents as latent
from studio.engine.cell import Cell
from studio.engine.controls import ActiveControl
from studio.engine.models import Models
from studio.engine.samplers import build_scheduler, step_arguments
from studio.engine.text import Script
from studio.poses.drawing import draw
from studio.request import ControlUnit, GenerationRequest, ImageRef

OpenImage = Callable[[ImageRef], Image.Image]


class CellBuilder:
    """Makes cells for the batch that ``models`` is prepared for.

    Args:
        open_image: gives the pixels behind an ImageRef (control maps, img2img sources).
    """

    def __init__(self, models: Models, open_image: OpenImage) -> None:
        self._models = models
        self._open_image = open_image

    def first(self, id: str, request: GenerationRequest) -> Cell:
        """The cell of ``request``'s first pass."""
        source = self._open_image(request.source.image) if request.source else None
        return self._build(id, request, source, self._models.text.encode(request))

    def second(self, cell: Cell, picture: Image.Image) -> Cell:
        """The cell of the hires pass over ``picture``, the first pass's at its new size."""
        text = self._models.text.encode(cell.request, second=True)
        following = self._build(cell.id, hires_request(cell.request, picture), picture, text)
        following.steps_before, following.started = cell.step, cell.started
        following.previewed, following.notes = cell.previewed, cell.notes
        return following

    def _build(self, id: str, request: GenerationRequest, source: Image.Image | None, text: Script) -> Cell:
        models = self._models
        unet, vae = models.current.unet, models.vae(request)
        generator = torch.Generator("cpu").manual_seed(request.seed)
        scheduler = build_scheduler(request, models.current.scheduler_config)
        if source is None:
            timesteps = scheduler.timesteps
            start = latent.noise(request, unet, vae, scheduler, generator)
        else:
            start, timesteps = latent.noised_source(request, source, unet, vae, scheduler, generator)
        return Cell(
            id=id,
            request=request,
            scheduler=scheduler,
            timesteps=timesteps,
            latents=start,
            step_arguments=step_arguments(scheduler, generator),
            text=text,
            controls=tuple(self._control(unit, request) for unit in request.controls if unit.weight > 0),
        )

    def _control(self, unit: ControlUnit, request: GenerationRequest) -> ActiveControl:
        net, thick = self._models.controlnet(request, unit)
        if unit.pose is not None:
            image = Image.fromarray(draw(unit.pose, request.width, request.height, thick=thick))
        else:
            assert unit.image is not None, "the request saw to it that there is one"
            image = self._open_image(unit.image)
        hint = net.encode_hint(latent.control_tensor(image, request.width, request.height))
        return ActiveControl(net, hint, unit)


def hires_request(request: GenerationRequest, picture: Image.Image) -> GenerationRequest:
    """``request``'s hires pass as the img2img request it is, with ``picture`` as its source."""
    assert request.hires is not None, "only requests with a hires pass have a second one"
    width, height = request.drawn_size
    return request.with_(
        width=width,
        height=height,
        steps=request.hires.steps or request.steps,
        source={
            "image": {"sha256": hashlib.sha256(picture.tobytes()).hexdigest()},
            "strength": request.hires.strength,
        },
        hires=None,
    )
