"""The flags of ``generate`` for what follows the first pass: hires pass and upscaling."""

from __future__ import annotations

import argparse
from typing import Any

from studio.catalog.upscalers import default_upscaler
from studio.cli.commands import size
from studio.errors import InvalidRequest
from studio.settings import Settings

HIRES = ("hires_strength", "hires_steps", "hires_upscaler")


def add_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--hires", metavar="F|WxH", type=_factor_or_size, help="draw over it larger: a factor (2) or a size (768x1152)")
    add("--hires-strength", metavar="S", type=float, help="0 to 1; how much of it is drawn over (default 0.4)")
    add("--hires-steps", metavar="N", type=int, help="steps of a full hires pass (default: as the first pass)")
    add("--hires-upscaler", metavar="NAME", help="enlarges before the hires pass (default: the best one installed)")
    add("--upscale", metavar="F|WxH", type=_factor_or_size, help="enlarge the result: a factor or an exact size")
    add("--upscale-to", metavar="PIXELS", type=int, help="enlarge the result to so many pixels on its longest side")
    add("--upscaler", metavar="NAME", help="enlarges the result (default: the best one installed; see upscale --list)")


def passes(arguments: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """The fields ``hires`` and ``upscale`` of a request, where they were asked for.

    Raises:
        InvalidRequest: a flag without the one it belongs to, or two that contradict each other.
    """
    return {"hires": _hires(arguments, settings), "upscale": _upscale(arguments, settings)}


def _hires(arguments: argparse.Namespace, settings: Settings) -> dict[str, Any] | None:
    said = {name.removeprefix("hires_"): getattr(arguments, name) for name in HIRES}
    said = {name: value for name, value in said.items() if value is not None}
    if arguments.hires is None:
        if said:
            raise InvalidRequest(f"--hires-{next(iter(said))} was given without --hires.", "Add --hires 2.", "hires")
        return None
    return {"upscaler": default_upscaler(settings).name, **_target(arguments.hires), **said}


def _upscale(arguments: argparse.Namespace, settings: Settings) -> dict[str, Any] | None:
    if arguments.upscale is None and arguments.upscale_to is None:
        if arguments.upscaler is not None:
            raise InvalidRequest("--upscaler was given without a target.", "Add --upscale-to 1024.", "upscale")
        return None
    side = {} if arguments.upscale_to is None else {"side": arguments.upscale_to}
    exact = {} if arguments.upscale is None else _target(arguments.upscale)
    return {"upscaler": arguments.upscaler or default_upscaler(settings).name, **side, **exact}


def _target(target: float | tuple[int, int]) -> dict[str, Any]:
    return {"width": target[0], "height": target[1]} if isinstance(target, tuple) else {"scale": target}


def _factor_or_size(text: str) -> float | tuple[int, int]:
    try:
        return float(text)
    except ValueError:
        return size(text)
