"""Devices: which to use, in which precision, with how much memory and how many slots."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import torch

from studio.catalog.families import SD15, FamilySpec
from studio.errors import StudioError
from studio.settings import Settings

DTYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}
PACKAGES = ("torch", "diffusers", "transformers", "peft", "safetensors", "spandrel")
MODEL_SHARE = 0.7
"""Share of a device's memory that loaded models may take; the rest is for the pictures being made."""
SLOT_STEPS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class DeviceFacts:
    """What a worker has to know about its device."""

    device: str
    """``cpu``, ``mps`` or ``cuda:N``."""
    name: str
    dtype: torch.dtype
    total_bytes: int
    slots: int
    """Cells per batch at SD 1.5's native size; see :meth:`slots_for`."""
    fixed_slots: bool
    """The person chose the number; memory has no say."""
    budget: int
    """Bytes that loaded models may take."""

    @classmethod
    def measure(cls, settings: Settings, device: str) -> DeviceFacts:
        """Ask ``device`` what it is.

        Raises:
            StudioError: there is no such device here.
        """
        _check(device)
        total = total_memory(device)
        budget = int(settings.memory_budget_gb * 1e9) or int(total * MODEL_SHARE)
        slots = settings.slots or default_slots(SD15, device, total)
        return cls(
            device, device_name(device), choose_dtype(settings, device), total, slots, settings.slots > 0, budget
        )

    def slots_for(self, family: FamilySpec, width: int, height: int) -> int:
        """Cells per batch at ``width`` × ``height`` pixels; the person's own number where there is one."""
        return self.slots if self.fixed_slots else default_slots(family, self.device, self.total_bytes, width, height)

    @cached_property
    def versions(self) -> dict[str, str]:
        """Versions of Python and of the packages that decide over an image's bytes."""
        return versions()

    def describe(self) -> dict[str, Any]:
        """All of it as plain JSON values, for provenance and ``doctor``."""
        return {
            "device": self.device,
            "name": self.name,
            "dtype": str(self.dtype).removeprefix("torch."),
            "memory_bytes": self.total_bytes,
            "free_bytes": free_memory(self.device),
            "slots": self.slots,
            "budget_bytes": self.budget,
            "versions": dict(self.versions),
        }


def choose_devices(settings: Settings) -> list[str]:
    """The devices to run a worker on each: all GPUs, else Apple's, else the CPU; or what the settings list.

    Raises:
        StudioError: the settings name a device that is not here.
    """
    if settings.device != "auto":
        devices = [_normal(part) for part in settings.device.split(",") if part.strip()]
        for device in devices:
            _check(device)
        return list(dict.fromkeys(devices)) or ["cpu"]
    if torch.cuda.is_available():
        return [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    return ["mps"] if torch.backends.mps.is_available() else ["cpu"]


def choose_dtype(settings: Settings, device: str) -> torch.dtype:
    """float16 on GPUs, float32 on the CPU, unless the settings say otherwise."""
    if settings.dtype != "auto":
        return DTYPES[settings.dtype]
    return torch.float32 if device == "cpu" else torch.float16


def default_slots(
    family: FamilySpec, device: str, total_bytes: int, width: int | None = None, height: int | None = None
) -> int:
    """A power of two: the family's number for this kind of device, halved until weights and slots fit.

    A slot costs in proportion to the pixels, so a picture of four times the native area gets a quarter of the slots.
    """
    wanted = family.default_slots[device.partition(":")[0]]
    pixels = (width or family.native_size) * (height or family.native_size)
    per_slot = family.slot_bytes * max(1.0, pixels / family.native_size**2)
    room = max(0.0, total_bytes * 0.9 - family.bytes_float16)
    return max(step for step in SLOT_STEPS if step == 1 or (step <= wanted and step * per_slot <= room))


def device_name(device: str) -> str:
    """The name a person knows it by."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return "Apple GPU" if device == "mps" else platform.processor() or platform.machine() or "CPU"


def total_memory(device: str) -> int:
    """Bytes of memory: the GPU's own, or the machine's."""
    if device.startswith("cuda"):
        return torch.cuda.get_device_properties(device).total_memory
    return _system_memory("SC_PHYS_PAGES")


def free_memory(device: str) -> int:
    """Bytes free right now (0 where the system does not tell)."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return _system_memory("SC_AVPHYS_PAGES")


def versions() -> dict[str, str]:
    """Version of Python and of the packages that decide over an image's bytes."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _system_memory(pages: str) -> int:
    try:
        return os.sysconf(pages) * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 0


def _normal(device: str) -> str:
    device = device.strip().lower()
    return "cuda:0" if device == "cuda" else device


def _check(device: str) -> None:
    if device == "cpu" or (device == "mps" and torch.backends.mps.is_available()):
        return
    number = device.removeprefix("cuda:")
    if device.startswith("cuda:") and number.isdigit() and int(number) < torch.cuda.device_count():
        return
    here = ["cpu", *(["mps"] if torch.backends.mps.is_available() else [])]
    here += [f"cuda:{number}" for number in range(torch.cuda.device_count())]
    raise StudioError(
        f"There is no device called {device!r} here.", f"Set STUDIO_DEVICE to auto, or to {', '.join(here)}."
    )
