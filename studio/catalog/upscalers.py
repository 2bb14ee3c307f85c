"""Upscalers: the official Real-ESRGAN networks, whatever lies in the models folder, the starter's, and Lanczos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.catalog import names
from studio.catalog.remote import RemoteFile
from studio.catalog.shelf import Inspected, Model, browse
from studio.catalog.weights import read_header
from studio.errors import UnknownName, UnusableWeights
from studio.request_passes import LANCZOS
from studio.settings import Settings

_RELEASES = "https://github.com/xinntao/Real-ESRGAN/releases/download"
_LOADABLE_PICKLES = {".pth", ".pt"}


@dataclass(frozen=True, slots=True)
class UpscalerSpec:
    """A published network."""

    explanation: str
    remote: RemoteFile


UPSCALERS: dict[str, UpscalerSpec] = {
    "RealESRGAN_x4plus_anime_6B": UpscalerSpec(
        "For anime drawings: crisp lines, flat colours. Fine on a GPU, slow on a CPU.",
        RemoteFile(
            f"{_RELEASES}/v0.2.2.4/RealESRGAN_x4plus_anime_6B.pth",
            "RealESRGAN_x4plus_anime_6B.pth",
            17_938_799,
            "f872d837d3c90ed2e05227bed711af5671a6fd1c9f7d7e91c911a61f155e99da",
        ),
    ),
    "realesr-animevideov3": UpscalerSpec(
        "For anime, nine times faster than the 6B network and a little softer. The one to take on a CPU.",
        RemoteFile(
            f"{_RELEASES}/v0.2.5.0/realesr-animevideov3.pth",
            "realesr-animevideov3.pth",
            2_504_012,
            "b8a8376811077954d82ca3fcf476f1ac3da3e8a68a4f4d71363008000a18b75d",
        ),
    ),
    "RealESRGAN_x4plus": UpscalerSpec(
        "For photographs and painted backgrounds. Large; wants a GPU.",
        RemoteFile(
            f"{_RELEASES}/v0.1.0/RealESRGAN_x4plus.pth",
            "RealESRGAN_x4plus.pth",
            67_040_989,
            "4fa0d38905f75ac06eb49a7951b426670021be3018265fd191d2125df9d682f1",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Upscaler:
    """Something that enlarges pictures. Lanczos has neither ``path`` nor ``remote``."""

    name: str
    explanation: str
    path: Path | None = None
    """The weights, where they are on this machine."""
    remote: RemoteFile | None = None
    """Where the weights can be had."""
    size_bytes: int = 0
    problem: str | None = None
    hint: str = ""

    @property
    def is_network(self) -> bool:
        return self.path is not None or self.remote is not None

    @property
    def installed(self) -> bool:
        """Whether it can be used without a download."""
        return self.path is not None or self.remote is None

    @property
    def label(self) -> str:
        """Its name, with what a person has to know before choosing it."""
        if not self.is_network:
            return f"{self.name} (plain resampling, adds no detail)"
        if self.problem:
            return f"{self.name} (cannot be used)"
        return self.name if self.installed else f"{self.name} ({self.size_bytes / 1e6:.1f} MB to download)"

    def usable(self) -> Upscaler:
        """Itself.

        Raises:
            UnusableWeights: it has a problem.
        """
        if self.problem:
            raise UnusableWeights(self.problem, self.hint)
        return self


def upscaler_folder(settings: Settings) -> Path:
    """Where upscalers lie, and where they are downloaded to."""
    return settings.models / "upscalers"


def list_upscalers(settings: Settings) -> list[Upscaler]:
    """All upscalers: the published ones first, then those of the models folder by name, the starter's, Lanczos."""
    shelf = browse(upscaler_folder(settings), "config.json", _inspect)
    official = {spec.remote.name: name for name, spec in UPSCALERS.items()}
    files = {model.path.relative_to(upscaler_folder(settings)).as_posix(): model for model in shelf if model.path}
    published = [_published(name, files.get(spec.remote.name)) for name, spec in UPSCALERS.items()]
    own = [_local(model) for place, model in files.items() if place not in official]
    return [*published, *_distinct(own, {*UPSCALERS, LANCZOS}), *_bundled(settings), _lanczos()]


def find_upscaler(settings: Settings, name: str) -> Upscaler:
    """The upscaler called ``name``.

    Raises:
        UnknownName: there is none; the hint offers near names.
        UnusableWeights: its file is damaged.
    """
    known = {upscaler.name: upscaler for upscaler in list_upscalers(settings)}
    found = names.match(name, known)
    if found is None:
        otherwise = f"Put its weights into {upscaler_folder(settings)}."
        raise UnknownName(f"There is no upscaler called {name!r}.", names.hint(name, known, otherwise))
    return known[found].usable()


def default_upscaler(settings: Settings) -> Upscaler:
    """The first network that is installed and whole; Lanczos where there is none."""
    return next(upscaler for upscaler in list_upscalers(settings) if upscaler.installed and not upscaler.problem)


def _published(name: str, file: Model | None) -> Upscaler:
    spec = UPSCALERS[name]
    if file is None:
        return Upscaler(name, spec.explanation, None, spec.remote, spec.remote.size)
    return Upscaler(name, spec.explanation, file.path, spec.remote, file.size_bytes, file.problem, file.hint)


def _local(model: Model) -> Upscaler:
    return Upscaler(
        model.name, "From the models folder.", model.path, None, model.size_bytes, model.problem, model.hint
    )


def _distinct(upscalers: list[Upscaler], taken: set[str]) -> Iterator[Upscaler]:
    """Without ``.pth`` where the name stays clear; with it where another upscaler has the short name."""
    for upscaler in upscalers:
        short = upscaler.name
        for ending in _LOADABLE_PICKLES:
            short = short.removesuffix(ending)
        name = upscaler.name if short in taken else short
        name = f"{name}.safetensors" if name in taken else name
        taken.add(name)
        fields = (upscaler.path, None, upscaler.size_bytes, upscaler.problem, upscaler.hint)
        yield Upscaler(name, upscaler.explanation, *fields)


def _bundled(settings: Settings) -> list[Upscaler]:
    files = sorted((settings.starter / "upscaler").glob("*.safetensors"))
    explanation = "Comes with the studio: small, fast, trained on its own drawings."
    return [Upscaler(f"starter/{file.stem}", explanation, file, None, file.stat().st_size) for file in files]


def _lanczos() -> Upscaler:
    return Upscaler(LANCZOS, "Plain resampling: always there, smooth, adds no detail.")


def _inspect(path: Path) -> Inspected:
    if path.is_dir():
        raise UnusableWeights(
            f"{path.name} is a folder.", "Put the weights file of the upscaler into the folder itself."
        )
    if path.suffix.lower() not in _LOADABLE_PICKLES:
        return Inspected(None, read_header(path).size_bytes)
    size = path.stat().st_size
    spec = next((spec for spec in UPSCALERS.values() if spec.remote.name == path.name), None)
    if size == 0 or (spec is not None and size != spec.remote.size):
        raise UnusableWeights(f"{path.name} is not whole.", "Delete it; the studio downloads it again when needed.")
    return Inspected(None, size)
