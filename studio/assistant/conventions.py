"""How prompts for a kind of checkpoint are written: tags or sentences, words of quality, room."""

from __future__ import annotations

from dataclasses import dataclass

from studio.catalog import vocabulary


@dataclass(frozen=True, slots=True)
class Conventions:
    """What is usual for one kind of checkpoint."""

    label: str
    family: str
    style: str
    """One sentence for the model on how to write."""
    quality: tuple[str, ...] = ()
    """Words that most of its users put into every prompt, as far as it knows them."""
    negative: tuple[str, ...] = ()
    quality_last: bool = False
    """Whether those words stand at the end instead of the beginning."""
    tokens: int = 75
    """How long a prompt should be at most; what lies beyond the first 75 counts less."""
    names: tuple[str, ...] = ()
    """Words in the name of a checkpoint that give it away; none: the usual of its family."""

    @property
    def words(self) -> frozenset[str] | None:
        """The only words it understands; None: nearly all."""
        return vocabulary.words(self.family)


_TAGS = "Short tags as on anime image boards, lower case, separated by commas, the most important first."
_ARTEFACTS = ("lowres", "bad anatomy", "bad hands", "extra digits", "jpeg artifacts", "watermark")

CONVENTIONS: dict[str, Conventions] = {
    "starter": Conventions(
        "the starter checkpoint",
        "starter",
        "Short tags separated by commas, only from the words it knows.",
    ),
    "pony": Conventions(
        "Pony Diffusion",
        "sdxl",
        f"{_TAGS} Its score tags come first.",
        ("score_9", "score_8_up", "score_7_up", "source_anime"),
        ("score_4", "score_5", "score_6", "source_pony", "source_furry"),
        tokens=150,
        names=("pony", "score"),
    ),
    "illustrious": Conventions(
        "Illustrious, NoobAI and Animagine",
        "sdxl",
        f"{_TAGS} Words of quality come last.",
        ("masterpiece", "best quality", "absurdres"),
        ("worst quality", "low quality", *_ARTEFACTS),
        quality_last=True,
        tokens=150,
        names=("illustrious", "noob", "animagine", "illust"),
    ),
    "sdxl": Conventions(
        "Stable Diffusion XL",
        "sdxl",
        "Tags or short sentences, separated by commas, the most important first.",
        ("masterpiece", "best quality", "detailed anime illustration"),
        ("worst quality", "low quality", *_ARTEFACTS),
        tokens=150,
    ),
    "sd15": Conventions(
        "Stable Diffusion 1.5",
        "sd15",
        _TAGS,
        ("masterpiece", "best quality"),
        ("worst quality", "low quality", *_ARTEFACTS),
    ),
}


def conventions_for(family: str, checkpoint: str = "") -> Conventions:
    """What is usual for ``checkpoint``, by its name, or else for its family; an unknown family is treated as SD 1.5."""
    name = checkpoint.casefold()
    for kind in CONVENTIONS.values():
        if kind.family == family and any(word in name for word in kind.names):
            return kind
    return CONVENTIONS.get(family, CONVENTIONS["sd15"])
