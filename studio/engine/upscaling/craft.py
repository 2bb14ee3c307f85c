"""The craft of enlarging pictures of the gallery: tasks of kind ``upscale``.

Payload: ``pictures`` (ids) or ``picture`` (one id), and the fields of an UpscalePass: ``upscaler``, one target
(``scale``, ``side`` with ``edge``, or ``width`` with ``height``), ``fast``. Result: ``pictures`` (ids of the enlarged
ones, in the same order), ``picture`` (the first of them), ``upscaler`` and ``notes`` (what had to be done differently).

An enlarged picture has its parent's recipe with the upscale pass added: the very request that would draw and enlarge it
in one go. One whose parent was enlarged already, and whose original is not there, has no recipe, as none would give it;
its parent has.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Any

from PIL import Image

from studio.catalog.upscalers import Upscaler, default_upscaler, find_upscaler
from studio.crafting import Bench
from studio.engine.device import choose_dtype, device_name, total_memory, versions
from studio.engine.failures import explained_upscaling
from studio.engine.model_cache import ModelCache
from studio.engine.upscaling.enlarging import Enlarging, room_for_tiles, rounds
from studio.engine.upscaling.network import Network
from studio.engine.upscaling.resampling import Size
from studio.engine.upscaling.weights import open_network
from studio.errors import InvalidRequest
from studio.request import GenerationRequest, UpscalePass

CACHE_BYTES = 300_000_000
"""Networks of the last tasks are kept up to so much; the largest published one has 67 MB."""

_cache = ModelCache(CACHE_BYTES)
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Order:
    """One picture to be made."""

    parent: Any
    """The gallery's picture it is made from."""
    target: UpscalePass
    size: Size
    request: GenerationRequest | None


def run(payload: dict, bench: Bench) -> dict:
    """Enlarge the pictures one after the other, under one progress bar.

    Raises:
        StudioError: an unknown picture or upscaler, weights that cannot be used or had, a target too large, no memory.
    """
    fields = {name: payload[name] for name in UpscalePass.model_fields if payload.get(name) is not None}
    upscaler = _upscaler(fields, bench)
    target = UpscalePass.build(**{**fields, "upscaler": upscaler.name})
    orders = [_order(bench.gallery.get(id), target, bench) for id in _ids(payload)]
    with _turn:
        network = _network(upscaler, bench)
        progress = _Progress(bench, orders, network.scale if network else 1)
        made, notes = [], []
        for order in orders:
            known = order.request and bench.gallery.find(order.request.digest)
            if known is None:
                known, remarks = _made(order, network, bench, progress)
                notes += [note for note in remarks if note not in notes]
            progress.next()
            made.append(known.id)
    return {"picture": made[0], "pictures": made, "upscaler": upscaler.name, "notes": notes}


def _ids(payload: dict) -> list[int]:
    given = payload.get("pictures") or [payload.get("picture")]
    ids = [id for id in given if isinstance(id, int)]
    if len(ids) < len(given):
        raise InvalidRequest("There is no picture to upscale.", "Choose one in the gallery.", "picture")
    return list(dict.fromkeys(ids))


def _upscaler(fields: dict, bench: Bench) -> Upscaler:
    name = fields.get("upscaler")
    return find_upscaler(bench.settings, name) if name else default_upscaler(bench.settings)


def _order(picture: Any, target: UpscalePass, bench: Bench) -> _Order:
    size = target.checked_size(picture.width, picture.height)
    if not picture.has_recipe:
        return _Order(picture, target, size, None)
    if picture.kind != "generated":
        # Its translated recipe need not lead to this very size, so the size is said outright.
        return _Order(picture, _exactly(size, target), size, _recipe(picture.request, _exactly(size, target)))
    request = picture.request
    if request.upscale is not None:
        # One recipe holds one enlarging, and from the original the result is better anyway.
        original = bench.gallery.find(request.with_(upscale=None).digest)
        if original is None:
            return _Order(picture, target, size, None)
        picture, request, target = original, original.request, _exactly(size, target)
    return _Order(picture, target, size, request.with_(upscale=target))


def _exactly(size: Size, target: UpscalePass) -> UpscalePass:
    return UpscalePass.build(upscaler=target.upscaler, width=size[0], height=size[1], fast=target.fast)


def _recipe(request: GenerationRequest, target: UpscalePass) -> GenerationRequest | None:
    try:
        return request.with_(upscale=target)
    except InvalidRequest:
        return None


def _network(upscaler: Upscaler, bench: Bench) -> Network | None:
    if not upscaler.is_network:
        return None
    dtype = choose_dtype(bench.settings, bench.device)
    modified = upscaler.path.stat().st_mtime_ns if upscaler.path else 0
    return _cache.get(
        (upscaler.name, bench.settings.models, bench.device, dtype, modified),
        lambda: open_network(upscaler, bench.settings, bench.device, dtype, bench.report),
        lambda network: network.bytes,
        upscaler.size_bytes,
    )


def _made(order: _Order, network: Network | None, bench: Bench, progress: _Progress) -> tuple[Any, list[str]]:
    began = time.perf_counter()
    image, notes = _enlarged(order, network, bench, progress)
    facts = {
        "device": bench.device,
        "device_name": device_name(bench.device),
        "dtype": str(network.dtype).removeprefix("torch.") if network else "",
        "versions": versions(),
        "seconds": round(time.perf_counter() - began, 3),
        "notes": notes,
    }
    return bench.gallery.add_child(image, order.parent, order.request, facts), notes


def _enlarged(
    order: _Order, network: Network | None, bench: Bench, progress: _Progress
) -> tuple[Image.Image, list[str]]:
    source = bench.gallery.open_picture(order.parent.sha256)
    room = room_for_tiles(total_memory(bench.device))
    try:
        enlarging = Enlarging(source, order.size, network, room, order.target.fast)
        progress.tell(enlarging)
        while not enlarging.step():
            progress.tell(enlarging)
        return enlarging.image, enlarging.notes
    except (RuntimeError, MemoryError) as error:
        failure = explained_upscaling(error, order.size)
    raise failure


class _Progress:
    """All pictures as one bar, in input pixels of the network."""

    def __init__(self, bench: Bench, orders: list[_Order], scale: int) -> None:
        self._bench = bench
        sizes = [(order.parent.width, order.parent.height) for order in orders]
        self._work = [
            sum(width * height for width, height in rounds(size, order.size, scale))
            for size, order in zip(sizes, orders, strict=True)
        ]
        self._number = 0

    def tell(self, enlarging: Enlarging) -> None:
        """Raises TaskCancelled when the task was cancelled."""
        done, count = enlarging.tiles
        parts = [f"Picture {self._number + 1} of {len(self._work)}"] if len(self._work) > 1 else []
        parts += [f"Tile {min(done + 1, count)} of {count}"] if count > 1 else []
        self._report(enlarging.done, " · ".join(parts) or "Enlarging")

    def next(self) -> None:
        self._number += 1
        self._report(0, "Storing")

    def _report(self, done: int, status: str) -> None:
        self._bench.report(sum(self._work[: self._number]) + done, sum(self._work), status)
