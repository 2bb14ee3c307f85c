"""What lint has to know, collected from checkpoint, pose, models folder and wildcards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from studio.catalog import additions, vocabulary
from studio.errors import StudioError, UnknownName
from studio.poses.values import Pose
from studio.prompts.library import wildcards
from studio.prompts.library.library import Library
from studio.prompts.lint.case import Surroundings, Vocabulary
from studio.settings import Settings


def surroundings(
    settings: Settings,
    library: Library,
    family: str | None,
    *,
    pose: Pose | None = None,
    guidance_scale: float | None = None,
    loras: Iterable[str] | None = None,
) -> Surroundings:
    """What is known around a prompt; equal arguments give equal values.

    Args:
        library: with the person's own entries.
        family: of the checkpoint; None: not known.
        pose: what the control holds; None: there is none.
        loras: names of the LoRAs that fit, where they have been read already.
    """
    people = pose.people if pose else ()
    return Surroundings(
        library=library,
        family=family or "",
        people_in_pose=len(people) if pose else None,
        hands_in_pose=any(person.left_hand or person.right_hand for person in people),
        loras=_loras(settings, family) if loras is None else tuple(loras),
        has_lora=HasLora(settings),
        wildcards=wildcards.of_studio(settings).names(),
        vocabulary=vocabulary_of(family or ""),
        negative_counts=guidance_scale is None or guidance_scale > 1,
    )


@lru_cache
def vocabulary_of(family: str) -> Vocabulary | None:
    """The words of a family that knows only these; None where nearly every word is understood."""
    words = vocabulary.words(family)
    return None if words is None else Vocabulary(words, partial(vocabulary.strange_words, family))


@dataclass(frozen=True, slots=True)
class HasLora:
    """Whether a name leads to a LoRA of the models folder, even to one that is damaged or does not fit."""

    settings: Settings

    def __call__(self, name: str) -> bool:
        try:
            additions.find_lora(self.settings, name)
        except UnknownName:
            return False
        except StudioError:
            return True
        return True


def _loras(settings: Settings, family: str | None) -> tuple[str, ...]:
    found = additions.list_loras(settings)
    return tuple(lora.name for lora in found if not lora.problem and lora.family in (family, None))
