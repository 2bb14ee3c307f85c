"""``models list`` and ``models check``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any

from studio.catalog import additions, checkpoints
from studio.catalog.shelf import Model
from studio.cli import console
from studio.cli.commands import Commands, add_command, add_group
from studio.cli.console import Reply, table
from studio.errors import UnknownName
from studio.settings import Settings

Shelves = dict[str, list[Model]]


def add_to(commands: Commands) -> None:
    group = add_group(commands, "models", "checkpoints, ControlNets, LoRAs and VAEs on this machine")
    add_command(group, "list", "everything in the models folder, by kind", "models list --json", run_list)
    check = add_command(
        group,
        "check",
        "look for damaged, pickled or unsupported models; exit status 1 if there is one",
        "models check my-checkpoint",
        run_check,
    )
    check.add_argument("names", metavar="NAME", nargs="*", help="only these (default: all)")


def run_list(arguments: argparse.Namespace) -> Reply:
    settings = Settings.from_env()
    shelves = _shelves(settings)
    document = {"folder": str(settings.models), **{kind: _documents(models) for kind, models in shelves.items()}}
    rows = [(kind.removesuffix("s"), *_row(model)) for kind, models in shelves.items() for model in models]
    if not rows:
        folder = checkpoints.checkpoint_folder(settings)
        return Reply(document, ["There are no models yet.", checkpoints.HOW_TO_GET_ONE.format(folder=folder)])
    return Reply(document, table([("kind", "name", "family", "size", "state"), *rows]))


def run_check(arguments: argparse.Namespace) -> Reply:
    models = [model for shelf in _shelves(Settings.from_env()).values() for model in shelf]
    if arguments.names:
        models = list(_named(arguments.names, models))
    broken = [model for model in models if model.problem]
    document = {"checked": len(models), "problems": _documents(broken)}
    for model in broken:
        console.say(f"{model.name}: {model.problem} {model.hint}".rstrip())
    count = "1 model" if len(models) == 1 else f"{len(models)} models"
    summary = f"{count} checked, {len(broken) or 'none'} with a problem."
    return Reply(document, [summary], status=1 if broken else 0)


def _shelves(settings: Settings) -> Shelves:
    return {
        "checkpoints": list(checkpoints.list_checkpoints(settings)),
        "controlnets": list(additions.list_controlnets(settings)),
        "loras": list(additions.list_loras(settings)),
        "vaes": list(additions.list_vaes(settings)),
    }


def _named(wanted: Iterable[str], models: list[Model]) -> Iterable[Model]:
    for name in wanted:
        found = [model for model in models if model.name == name]
        if not found:
            raise UnknownName(f"There is no model called {name!r}.", "See: python -m studio models list")
        yield from found


def _documents(models: list[Model]) -> list[dict[str, Any]]:
    return [
        {
            "name": model.name,
            "path": str(model.path) if model.path else None,
            "kind": model.kind,
            "family": model.family,
            "size_bytes": model.size_bytes,
            "problem": model.problem or None,
            "hint": model.hint or None,
        }
        for model in models
    ]


def _row(model: Model) -> tuple[str, str, str, str]:
    return model.name, model.family or "–", f"{model.size_bytes / 1e6:,.0f} MB", model.problem or "ready"
