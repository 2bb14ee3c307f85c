"""Control maps that can be made from a picture: which there are, what they feed, and what they need.

To add one, add one entry here and its maker in ``studio/engine/detection``; pages and worker pick it up.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.catalog import names
from studio.catalog.detectors import detector_folder
from studio.catalog.remote import RemoteFile
from studio.errors import UnknownName
from studio.settings import Settings

_ANNOTATORS = "https://huggingface.co/lllyasviel/Annotators/resolve/main/"


@dataclass(frozen=True, slots=True)
class ControlMapSpec:
    """One way to make a control map."""

    label: str
    help: str
    control: str
    """The control type it feeds, a name of ``studio.catalog.controls``."""
    file: RemoteFile | None = None
    """Weights it needs, into the detectors folder."""
    hub: str = ""
    """Or a model of the hub it needs, in safetensors."""
    hub_bytes: int = 0

    @property
    def download_bytes(self) -> int:
        """How much is downloaded at first use; 0 for those that need nothing."""
        return self.file.size if self.file else self.hub_bytes


CONTROL_MAPS: dict[str, ControlMapSpec] = {
    "canny": ControlMapSpec("Edges (Canny)", "Thin hard outlines of everything in the picture.", "canny"),
    "lineart": ControlMapSpec(
        "Line art",
        "Draws the picture's lines as an artist would. Good for photos and renders.",
        "lineart",
        RemoteFile(
            f"{_ANNOTATORS}sk_model.pth",
            "sk_model.pth",
            17_173_511,
            "c686ced2a666b4850b4bb6ccf0748031c3eda9f822de73a34b8979970d90f0c6",
        ),
    ),
    "lineart_anime": ControlMapSpec(
        "Line art, anime",
        "Draws the lines of coloured anime pictures.",
        "lineart_anime",
        RemoteFile(
            f"{_ANNOTATORS}netG.pth",
            "netG.pth",
            217_631_959,
            "ccabdcc3f5cf3c07cf65d58776acb21df7dfda825cdc70c9766a93fd62bfc488",
        ),
    ),
    "lineart_simple": ControlMapSpec(
        "Line art, plain", "Takes out the dark lines of a drawing. Needs no download.", "lineart"
    ),
    "lineart_invert": ControlMapSpec(
        "Line art, inverted", "For clean black lines on white paper: turns them to white on black.", "lineart"
    ),
    "scribble": ControlMapSpec("Scribble", "Bold rough strokes; leaves the model much freedom.", "scribble"),
    "softedge": ControlMapSpec(
        "Soft edges (HED)",
        "Soft outlines that keep shapes and forgive details.",
        "softedge",
        RemoteFile(
            f"{_ANNOTATORS}ControlNetHED.pth",
            "ControlNetHED.pth",
            29_444_406,
            "5ca93762ffd68a29fee1af9d495bf6aab80ae86f08905fb35472a083a4c7a8fa",
        ),
    ),
    "softedge_simple": ControlMapSpec(
        "Soft edges, plain", "Soft outlines from changes of tone. Needs no download.", "softedge"
    ),
    "depth": ControlMapSpec(
        "Depth",
        "What is near comes white, what is far black.",
        "depth",
        hub="depth-anything/Depth-Anything-V2-Small-hf",
        hub_bytes=99_200_000,
    ),
    "seg": ControlMapSpec(
        "Segmentation",
        "Each kind of thing in a colour of its own (ADE20K palette).",
        "seg",
        hub="openmmlab/upernet-convnext-tiny",
        hub_bytes=241_000_000,
    ),
    "tile": ControlMapSpec("Tile", "The picture itself, as tile ControlNets want it.", "tile"),
}


def find_control_map(name: str) -> ControlMapSpec:
    """The way to make a control map called ``name``.

    Raises:
        UnknownName: there is none; the hint offers near names.
    """
    found = names.match(name, CONTROL_MAPS)
    if found is None:
        raise UnknownName(f"There is no control map called {name[:60]!r}.", names.hint(name, CONTROL_MAPS))
    return CONTROL_MAPS[found]


def maps_for(control: str) -> list[str]:
    """The ways to make a map for this control type, the best first."""
    return [name for name, spec in CONTROL_MAPS.items() if spec.control == control]


def is_ready(settings: Settings, spec: ControlMapSpec) -> bool:
    """Whether ``spec`` can be used without a download. For models of the hub: whether they lie in the models folder."""
    if spec.file:
        return (detector_folder(settings) / spec.file.name).is_file()
    return not spec.hub or (detector_folder(settings) / spec.hub.rpartition("/")[2] / "config.json").is_file()
