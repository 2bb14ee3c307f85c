"""Control types: what a ControlNet looks at, and which weights do it by default.

To add one, add one entry; the page, the command line and the parametrized tests pick it up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.catalog import names
from studio.errors import UnknownName


@dataclass(frozen=True, slots=True)
class ControlSpec:
    """One kind of control map."""

    label: str
    explanation: str
    hubs: dict[str, str]
    """Family → hub id of the weights taken when a request names none."""
    words: tuple[str, ...] = ()
    """Parts of file names that give such a ControlNet away, beside the type's own name."""
    from_pose: bool = False
    """Drawn from a pose, so no control image is needed."""
    thick: frozenset[str] = field(default_factory=frozenset)
    """Families whose default weights were trained with sticks that grow with the picture."""


CONTROL_TYPES: dict[str, ControlSpec] = {
    "openpose": ControlSpec(
        "Pose (OpenPose)",
        "Figures stand exactly as the drawn skeleton does.",
        {"sd15": "lllyasviel/control_v11p_sd15_openpose", "sdxl": "xinsir/controlnet-openpose-sdxl-1.0"},
        words=("dwpose", "pose"),
        from_pose=True,
        thick=frozenset({"sdxl"}),
    ),
    "canny": ControlSpec(
        "Edges (Canny)",
        "Keeps hard outlines: thin white lines on black.",
        {"sd15": "lllyasviel/control_v11p_sd15_canny", "sdxl": "xinsir/controlnet-canny-sdxl-1.0"},
    ),
    "lineart": ControlSpec(
        "Line art",
        "Colours in a drawing: clean white lines on black.",
        {"sd15": "lllyasviel/control_v11p_sd15_lineart", "sdxl": "TheMistoAI/MistoLine"},
        words=("mistoline",),
    ),
    "lineart_anime": ControlSpec(
        "Line art, anime",
        "As line art, trained on anime lines.",
        {"sd15": "lllyasviel/control_v11p_sd15s2_lineart_anime", "sdxl": "TheMistoAI/MistoLine"},
        words=("lineart anime",),
    ),
    "scribble": ControlSpec(
        "Scribble",
        "Follows a rough sketch: white strokes on black.",
        {"sd15": "lllyasviel/control_v11p_sd15_scribble", "sdxl": "xinsir/controlnet-scribble-sdxl-1.0"},
        words=("sketch", "anime painter"),
    ),
    "softedge": ControlSpec(
        "Soft edges",
        "Keeps shapes, forgives their details.",
        {"sd15": "lllyasviel/control_v11p_sd15_softedge", "sdxl": "SargeZT/controlnet-sd-xl-1.0-softedge-dexined"},
        words=("hed", "pidi"),
    ),
    "depth": ControlSpec(
        "Depth",
        "Keeps what is near and what is far: white is near.",
        {"sd15": "lllyasviel/control_v11f1p_sd15_depth", "sdxl": "xinsir/controlnet-depth-sdxl-1.0"},
    ),
    "normal": ControlSpec(
        "Surface normals",
        "Keeps how surfaces are turned: reliefs and folds.",
        {"sd15": "lllyasviel/control_v11p_sd15_normalbae"},
        words=("normalbae", "normal map"),
    ),
    "seg": ControlSpec(
        "Segmentation",
        "Puts things where their colour lies (ADE20K palette).",
        {"sd15": "lllyasviel/control_v11p_sd15_seg"},
        words=("segmentation",),
    ),
    "mlsd": ControlSpec(
        "Straight lines",
        "Keeps rooms and buildings: straight white lines on black.",
        {"sd15": "lllyasviel/control_v11p_sd15_mlsd"},
    ),
    "tile": ControlSpec(
        "Tile",
        "Keeps the picture and redraws its detail; for upscaling.",
        {"sd15": "lllyasviel/control_v11f1e_sd15_tile", "sdxl": "xinsir/controlnet-tile-sdxl-1.0"},
    ),
}


def find_control(name: str) -> ControlSpec:
    """The control type called ``name``.

    Raises:
        UnknownName: there is none; the hint offers near names.
    """
    found = names.match(name, CONTROL_TYPES)
    if found is None:
        raise UnknownName(f"There is no control type called {name!r}.", names.hint(name, CONTROL_TYPES))
    return CONTROL_TYPES[found]


def type_of(name: str) -> str | None:
    """The control type a ControlNet's file or repository name speaks of, the longest match first."""
    spoken = f" {names.folded(name.replace('/', ' ').replace('.', ' '))} "
    told = [(word, kind) for kind, spec in CONTROL_TYPES.items() for word in (names.folded(kind), *spec.words)]
    for word, kind in sorted(told, key=lambda pair: -len(pair[0])):
        if word in spoken:
            return kind
    return None


def is_thick(name: str, family: str | None) -> bool:
    """Whether the ControlNet ``name`` wants sticks that grow with the picture (xinsir's SDXL pose models)."""
    defaults = {spec.hubs.get(family or "") for spec in CONTROL_TYPES.values() if family in spec.thick}
    return name in defaults or (
        "xinsir" in name.casefold() and family != "sd15" and type_of(name) in {"openpose", None}
    )
