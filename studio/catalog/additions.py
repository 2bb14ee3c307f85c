"""What is added to a checkpoint: ControlNets, LoRAs, VAEs and TAESD preview decoders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from studio.catalog import names
from studio.catalog.checkpoints import HUB_ID
from studio.catalog.controls import find_control, is_thick, type_of
from studio.catalog.recognition import family_of_config, family_of_controlnet, family_of_lora
from studio.catalog.shelf import Inspected, Model, browse, component_files, examine, read_json
from studio.catalog.weights import read_header
from studio.errors import UnknownName, UnusableWeights
from studio.request import ControlUnit
from studio.settings import Settings

Lora = Model
Vae = Model
Kind = TypeVar("Kind", bound=Model)


@dataclass(frozen=True, slots=True)
class ControlNet(Model):
    """A ControlNet: ``type`` is guessed from its name; ``thick`` ones want sticks that grow with the picture."""

    type: str | None = None
    thick: bool = False


def list_controlnets(settings: Settings) -> list[ControlNet]:
    """All ControlNets of the models folder by name, broken ones included, and the starter's own last."""
    shelf = browse(settings.models / "controlnets", "config.json", _inspect_controlnet)
    starter = sorted(settings.starter.glob("controlnet-*/config.json"))
    bundled = [examine(f"starter/{file.parent.name}", file.parent, _inspect_controlnet) for file in starter]
    return [_controlnet(model) for model in (*shelf, *bundled)]


def find_controlnet(settings: Settings, unit: ControlUnit, family: str, checkpoint: str = "") -> ControlNet:
    """The ControlNet that ``unit`` asks for: by name, or the one for its type and the checkpoint's family.

    Without a name, one in the models folder goes before the hub's default; the starter's goes with the starter only.

    Raises:
        UnknownName: unknown type or name, or nothing known does this for ``family``.
        UnusableWeights: the one named is of another family, or damaged.
    """
    spec = find_control(unit.type)
    known = {net.name: net for net in list_controlnets(settings)}
    if unit.model:
        return _fitting(_named(unit.model, known, settings), family)
    own = [net for net in known.values() if net.type == unit.type and net.family == family and not net.problem]
    bundled = [net for net in own if net.name.startswith("starter/")]
    others = [net for net in own if net not in bundled]
    for net in bundled if checkpoint == "starter" else others:
        return net
    if family in spec.hubs:
        hub = spec.hubs[family]
        return _controlnet(Model(hub, None, "hub", family))
    raise UnknownName(
        f"No ControlNet for {spec.label!r} is known for this family of checkpoints.",
        f"Put one into {settings.models / 'controlnets'} and choose it by name.",
    )


def list_loras(settings: Settings) -> list[Lora]:
    """All LoRAs of the models folder by name, broken ones included. ``family`` is None where a file does not tell."""
    return browse(settings.models / "loras", "adapter_config.json", _inspect_lora)


def find_lora(settings: Settings, name: str, family: str | None = None) -> Lora:
    """The LoRA called ``name`` (its last path part is enough where only one has it).

    Raises:
        UnknownName: there is none; the hint offers near names.
        UnusableWeights: it is made for another family than ``family``, or damaged.
    """
    known = {lora.name: lora for lora in list_loras(settings)}
    return _fitting(_lookup(name, known, "LoRA", settings.models / "loras"), family)


def list_vaes(settings: Settings) -> list[Vae]:
    """All stand-alone VAEs of the models folder by name, broken ones included."""
    return browse(settings.models / "vaes", "config.json", _inspect_vae)


def find_vae(settings: Settings, name: str) -> Vae:
    """The VAE called ``name``.

    Raises:
        UnknownName: there is none; the hint offers near names.
        UnusableWeights: it is damaged.
    """
    known = {vae.name: vae for vae in list_vaes(settings)}
    return _lookup(name, known, "VAE", settings.models / "vaes").usable()


def taesd_folder(settings: Settings, family: str) -> Path | None:
    """``models/taesd/<family>`` when an AutoencoderTiny lies there."""
    folder = settings.models / "taesd" / family
    return folder if (folder / "config.json").is_file() else None


def _named(name: str, known: dict[str, ControlNet], settings: Settings) -> ControlNet:
    if names.match(name, known) is None and HUB_ID.fullmatch(name) and ".." not in name:
        return _controlnet(Model(name, None, "hub"))
    return _lookup(name, known, "ControlNet", settings.models / "controlnets")


def _lookup(name: str, known: dict[str, Kind], what: str, folder: Path) -> Kind:
    found = names.match(name, known) or names.match(name.removesuffix(".safetensors"), known)
    if found is None:
        by_last = [key for key in known if names.folded(key.rpartition("/")[2]) == names.folded(name)]
        found = by_last[0] if len(by_last) == 1 else None
    if found is None:
        hint = names.hint(name, known, f"Put it into {folder}.")
        raise UnknownName(f"There is no {what} called {name!r}.", hint or f"Put it into {folder}.")
    return known[found]


def _fitting(model: Kind, family: str | None) -> Kind:
    model.usable()
    if family and model.family and model.family != family:
        raise UnusableWeights(
            f"{model.name} is made for {model.family}, the checkpoint is {family}.",
            "Choose one of the checkpoint's family.",
        )
    return model


def _controlnet(model: Model) -> ControlNet:
    fields = (model.name, model.path, model.kind, model.family, model.size_bytes, model.problem, model.hint)
    return ControlNet(*fields, type=type_of(model.name), thick=is_thick(model.name, model.family))


def _inspect_controlnet(path: Path) -> Inspected:
    if path.is_file():
        header = read_header(path)
        return Inspected(family_of_controlnet(path.name, header), header.size_bytes)
    config = read_json(path / "config.json")
    if config.get("_class_name") != "ControlNetModel":
        raise UnusableWeights(f"{path.name} is no ControlNet of the kind the studio runs.", "Use a ControlNetModel.")
    files, _ = component_files(path)
    return Inspected(family_of_config(path.name, config), sum(file.stat().st_size for file in files))


def _inspect_lora(path: Path) -> Inspected:
    if path.is_dir():
        raise UnusableWeights(
            f"{path.name} is a folder.", "Put the .safetensors file of the LoRA into the folder itself."
        )
    header = read_header(path)
    return Inspected(family_of_lora(path.name, header), header.size_bytes)


def _inspect_vae(path: Path) -> Inspected:
    if path.is_dir():
        if read_json(path / "config.json").get("_class_name") != "AutoencoderKL":
            raise UnusableWeights(f"{path.name} is no AutoencoderKL.", "Use a VAE made for SD 1.5 or SDXL.")
        files, _ = component_files(path)
        return Inspected(None, sum(file.stat().st_size for file in files))
    header = read_header(path)
    if not any(header.has(prefix) for prefix in ("decoder.", "first_stage_model.decoder.")):
        raise UnusableWeights(f"{path.name} is not a VAE.", "Put VAEs, and only them, into this folder.")
    return Inspected(None, header.size_bytes)
