"""``doctor``: what the studio runs on, what it found, what is missing and how to get it."""

from __future__ import annotations

import argparse
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil

import studio
from studio.catalog import additions, checkpoints
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply, table
from studio.database import Database
from studio.errors import StudioError
from studio.gallery import Gallery
from studio.settings import Settings

PACKAGES = ("torch", "torchvision", "diffusers", "transformers", "peft", "safetensors", "streamlit")
LITTLE_DISK = 5e9
"""Bytes: less than one checkpoint with its ControlNet."""


def add_to(commands: Commands) -> None:
    add_command(
        commands, "doctor", "device, memory, versions, models; what is missing and how to get it", "doctor --json", run
    )


def run(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    problems: list[dict[str, str]] = []
    document: dict[str, Any] = {
        "studio": studio.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "packages": _packages(problems),
        "memory": _memory(),
        "devices": _devices(settings, problems),
        "data": _data_folder(settings, problems),
        "models": _models(settings, problems),
        "problems": problems,
    }
    return Reply(document, _lines(document))


def _packages(problems: list[dict[str, str]]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
            _add(problems, f"The package {name} is not installed.", "Run make run, or: pip install -r requirements.txt")
    return found


def _devices(settings: Settings, problems: list[dict[str, str]]) -> list[dict[str, Any]]:
    try:
        # Only here, and only now: this loads torch, which takes seconds.
        from studio.engine.device import DeviceFacts, choose_devices

        found = [DeviceFacts.measure(settings, device) for device in choose_devices(settings)]
    except ImportError as error:
        _add(problems, f"PyTorch cannot be loaded: {error}.", "Run make run, or: pip install -r requirements.txt")
        return []
    except StudioError as error:
        _add(problems, error.message, error.hint)
        return []
    return [{name: value for name, value in facts.describe().items() if name != "versions"} for facts in found]


def _memory() -> dict[str, int]:
    memory = psutil.virtual_memory()
    return {"total_bytes": memory.total, "free_bytes": memory.available}


def _data_folder(settings: Settings, problems: list[dict[str, str]]) -> dict[str, Any]:
    pictures = None
    try:
        pictures = Gallery(settings, Database(settings.database)).count()
    except StudioError as error:
        _add(problems, error.message, error.hint)
    free = shutil.disk_usage(_existing(settings.home)).free
    if free < LITTLE_DISK:
        _add(
            problems,
            f"Only {_gb(free)} are free on the disk of {settings.home}.",
            "Free some space, or set STUDIO_HOME.",
        )
    return {"folder": str(settings.home), "free_bytes": free, "pictures": pictures}


def _existing(path: Path) -> Path:
    return next(place for place in (path, *path.parents) if place.exists())


def _models(settings: Settings, problems: list[dict[str, str]]) -> dict[str, Any]:
    shelves = {
        "checkpoints": checkpoints.list_checkpoints(settings),
        "controlnets": additions.list_controlnets(settings),
        "loras": additions.list_loras(settings),
        "vaes": additions.list_vaes(settings),
    }
    for model in (model for shelf in shelves.values() for model in shelf if model.problem):
        _add(problems, f"{model.name}: {model.problem}", model.hint)
    if checkpoints.default_checkpoint(settings) is None:
        folder = checkpoints.checkpoint_folder(settings)
        _add(problems, "There is no usable checkpoint.", checkpoints.HOW_TO_GET_ONE.format(folder=folder))
    ready = {kind: [model.name for model in shelf if not model.problem] for kind, shelf in shelves.items()}
    return {"folder": str(settings.models), **ready}


def _add(problems: list[dict[str, str]], message: str, hint: str) -> None:
    problems.append({"message": message, "hint": hint})


def _gb(size: float) -> str:
    return f"{size / 1e9:.1f} GB"


def _lines(document: dict[str, Any]) -> list[str]:
    data, models = document["data"], document["models"]
    rows = [
        ("studio", document["studio"]),
        ("python", f"{document['python']} on {document['system']}"),
        *((name, number or "missing") for name, number in document["packages"].items()),
        ("memory", f"{_gb(document['memory']['free_bytes'])} free of {_gb(document['memory']['total_bytes'])}"),
        *(("device", _device(device)) for device in document["devices"]),
        ("data folder", f"{data['folder']}, {_gb(data['free_bytes'])} free"),
        ("pictures", "–" if data["pictures"] is None else str(data["pictures"])),
        ("models", models["folder"]),
        *((kind, ", ".join(models[kind]) or "none") for kind in ("checkpoints", "controlnets", "loras", "vaes")),
    ]
    problems = document["problems"]
    verdict = ["", "Everything is in place."] if not problems else ["", "What is missing or wrong:"]
    return [*table(rows), *verdict, *(f"- {problem['message']} {problem['hint']}" for problem in problems)]


def _device(facts: dict[str, Any]) -> str:
    memory = f"{_gb(facts['free_bytes'])} free of {_gb(facts['memory_bytes'])}"
    return f"{facts['device']} ({facts['name']}), {facts['dtype']}, {facts['slots']} slots, {memory}"
