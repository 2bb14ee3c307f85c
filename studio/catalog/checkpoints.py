"""Checkpoints: the models folder's, the bundled starter, a path typed on the command line, a hub id."""

from __future__ import annotations

import re
from pathlib import Path

from studio.catalog import names
from studio.catalog.families import FAMILIES, SD15, FamilySpec
from studio.catalog.recognition import SUPPORTED, family_of_config, family_of_file
from studio.catalog.shelf import Inspected, Model, browse, component_files, examine, read_json
from studio.catalog.weights import read_header
from studio.errors import UnknownName, UnusableWeights
from studio.settings import Settings

STARTER = "starter"
HUB_ID = re.compile(r"[A-Za-z0-9][\w\-]{0,95}/[A-Za-z0-9][\w.\-]{0,95}")
HOW_TO_GET_ONE = (
    "Put a .safetensors checkpoint or a diffusers folder into {folder}, or name a hub id such as "
    "stabilityai/stable-diffusion-xl-base-1.0."
)

Checkpoint = Model

PARTS = {
    "StableDiffusion": ("unet", "vae", "text_encoder"),
    "StableDiffusionXL": ("unet", "vae", "text_encoder", "text_encoder_2"),
}


def checkpoint_folder(settings: Settings) -> Path:
    """Where checkpoints are looked for."""
    return settings.models / "checkpoints"


def list_checkpoints(settings: Settings) -> list[Checkpoint]:
    """All checkpoints of the models folder by name, broken ones included, and the starter last."""
    found = browse(checkpoint_folder(settings), "model_index.json", inspect_checkpoint)
    starter = starter_checkpoint(settings)
    return [*found, starter] if starter else found


def starter_checkpoint(settings: Settings) -> Checkpoint | None:
    """The bundled starter, or None where it is absent."""
    path = settings.starter / "checkpoint"
    return examine(STARTER, path, inspect_checkpoint) if (path / "model_index.json").is_file() else None


def find_checkpoint(settings: Settings, name: str) -> Checkpoint:
    """The checkpoint called ``name``; it may have a ``problem``, and a hub id is not asked for.

    Raises:
        UnknownName: the name leads nowhere; the hint offers near names, or says how to get a checkpoint.
    """
    known = {checkpoint.name: checkpoint for checkpoint in list_checkpoints(settings)}
    found = names.match(name, known) or names.match(name.removesuffix(".safetensors"), known)
    if not found and "/" not in name:
        # Recipes of other programs name the file without its folder.
        by_last = [key for key in known if names.folded(key.rpartition("/")[2]) == names.folded(name)]
        found = by_last[0] if len(by_last) == 1 else None
    if found:
        return known[found]
    path = Path(name)
    if path.is_absolute() and _is_there(path):
        return examine(name, path, inspect_checkpoint)
    if HUB_ID.fullmatch(name) and ".." not in name and not name.endswith(".safetensors"):
        return Checkpoint(name, None, "hub")
    otherwise = HOW_TO_GET_ONE.format(folder=checkpoint_folder(settings))
    raise UnknownName(f"There is no checkpoint called {name!r}.", names.hint(name, known, otherwise))


def default_checkpoint(settings: Settings) -> Checkpoint | None:
    """The first usable checkpoint of the models folder, else the starter, else None."""
    return next((checkpoint for checkpoint in list_checkpoints(settings) if not checkpoint.problem), None)


def inspect_checkpoint(path: Path) -> Inspected:
    """Family and size of the checkpoint at ``path``, from headers and configs alone.

    Raises:
        UnusableWeights: it is damaged, incomplete, pickled, or of an unsupported kind.
    """
    if path.is_dir():
        return _inspect_folder(path)
    header = read_header(path)
    return Inspected(family_of_file(path.name, header), header.size_bytes)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file() or (path / "model_index.json").is_file()
    except OSError:  # a name too long for the file system, a folder that may not be entered
        return False


def _inspect_folder(folder: Path) -> Inspected:
    pipeline = str(read_json(folder / "model_index.json").get("_class_name", ""))
    xl = pipeline.startswith("StableDiffusionXL")
    if not pipeline.startswith("StableDiffusion") or pipeline.startswith("StableDiffusion3"):
        raise UnusableWeights(f"{folder.name} is a {pipeline or 'folder of unknown kind'}.", SUPPORTED)
    family = family_of_config(folder.name, read_json(folder / "unet" / "config.json"))
    if (family == "sdxl") != xl:
        raise UnusableWeights(f"{folder.name} says {pipeline}, but its UNet does not fit.", "Download it again.")
    parts = PARTS["StableDiffusionXL" if xl else "StableDiffusion"]
    size = 0
    for part in parts:
        if not (folder / part / "config.json").is_file():
            raise UnusableWeights(
                f"{folder.name} has no {part.replace('_', ' ')}.", "Download the whole checkpoint again."
            )
        files, _ = component_files(folder / part)
        size += sum(file.stat().st_size for file in files)
    return Inspected(family, size, _native_side(folder, family))


def _native_side(folder: Path, family: str) -> int:
    size = read_json(folder / "unet" / "config.json").get("sample_size")
    return size * FAMILIES[family].vae_factor if isinstance(size, int) and 0 < size <= 512 else 0


def traits(checkpoint: Checkpoint | None) -> FamilySpec:
    """The checkpoint's family, with the sizes of this very checkpoint; SD 1.5 where the family is not known."""
    family = FAMILIES.get((checkpoint and checkpoint.family) or "", SD15)
    side = checkpoint.native_side if checkpoint else 0
    return family.at(side) if side else family
