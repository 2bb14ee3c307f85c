"""How upscalers are offered: by name, with what has to be known before one is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from studio.catalog.upscalers import Upscaler


def names(upscalers: Sequence[Upscaler]) -> list[str]:
    """Those that can be used: installed ones first, then those to download, Lanczos last of all."""
    usable = [each for each in upscalers if not each.problem]
    networks = [each for each in usable if each.is_network]
    ordered = [each for each in networks if each.installed] + [each for each in networks if not each.installed]
    return [each.name for each in [*ordered, *(each for each in usable if not each.is_network)]]


def default(upscalers: Sequence[Upscaler]) -> str:
    """The first network that is installed; Lanczos where there is none."""
    return next(each.name for each in upscalers if each.installed and not each.problem)


def label(name: str | None, upscalers: Sequence[Upscaler]) -> str:
    return next((each.label for each in upscalers if each.name == name), str(name))


def remark(name: str | None, upscalers: Sequence[Upscaler]) -> str:
    """A sentence about the chosen one."""
    found = next((each for each in upscalers if each.name == name), None)
    if found is None:
        return "This upscaler is not on this machine."
    if found.installed:
        return found.explanation
    return f"{found.explanation} It is downloaded once ({found.size_bytes / 1e6:.1f} MB), when first needed."
