"""What a person asks of the assistant: a mode, an idea or a prompt, and what has to stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.assistant.conventions import Conventions, conventions_for
from studio.assistant.protection import protected
from studio.assistant.ranges import Setting
from studio.errors import StudioError

MOST_VARIATIONS = 12
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Mode:
    """One thing the assistant can do."""

    label: str
    help: str
    task: str
    """What the model is told; ``{count}`` and ``{problem}`` are filled in."""
    wants: str
    """What has to be there: ``idea``, ``prompt``, or ``either``."""


MODES: dict[str, Mode] = {
    "write": Mode(
        "Write from an idea",
        "Say in your own words what you want to see.",
        "Write a prompt for the idea. If there is a current prompt, it is only a hint at the person's taste.",
        "idea",
    ),
    "improve": Mode(
        "Improve the prompt",
        "Makes the current prompt clearer without changing what it shows.",
        "Improve the current prompt: clearer and more vivid, the same subject and meaning. Keep phrases that are good "
        "as they are, letter by letter. The idea, if any, says what to improve. Give a reason for each change.",
        "prompt",
    ),
    "vary": Mode(
        "Variations",
        "Several different prompts for one idea, for a sweep.",
        "Give exactly {count} clearly different variations in alternatives, each a whole prompt that can stand alone, "
        "with what is different about it as its reason. Put the first of them into prompt as well.",
        "either",
    ),
    "translate": Mode(
        "From any language",
        "Write in the language you think in.",
        "The idea is in any language. Write a prompt in English for it; leave nothing out and add little. Say in note, "
        "in the person's language, how you understood it.",
        "idea",
    ),
    "fix": Mode(
        "Fix a problem",
        "Say what goes wrong in the pictures, for example: the hands.",
        "In the pictures of the current prompt this goes wrong: {problem}. Change the prompt, and where it helps the "
        "negative prompt and settings, so that it happens less. Change nothing else; give a reason for each change.",
        "prompt",
    ),
    "chat": Mode(
        "Continue",
        "Ask for a change of the last proposal, or about it.",
        "Continue the conversation. Answer in note what the person says, in their language, and give the whole prompt "
        "anew with what they asked for changed.",
        "idea",
    ),
}
"""To add one, add one entry; page, command line and the parametrized tests pick it up."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. Checked when made.

    Raises:
        StudioError: the mode does not exist, or what it needs is missing or too long.
    """

    mode: str
    idea: str = ""
    """What the person says: an idea, a wish, a problem."""
    prompt: str = ""
    """The current prompt, as it stands on the form."""
    negative_prompt: str = ""
    family: str = "sd15"
    checkpoint: str = ""
    locked: tuple[str, ...] = ()
    """Words of the current prompt that must not change."""
    triggers: tuple[str, ...] = ()
    """Trigger words of the LoRAs in use: they have to be in the answer."""
    count: int = 4
    """How many variations."""
    settings: Mapping[str, Setting] = field(default_factory=dict, hash=False)
    """The current settings, for the model's information."""
    history: tuple[tuple[str, str], ...] = ()
    """(role, text) of the conversation so far, the oldest first; roles are ``user`` and ``assistant``."""
    tokens: int = 0
    """How long the prompt may be; 0: what is usual for the checkpoint."""
    seed: int | None = None

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise StudioError(f"The assistant has no mode {self.mode[:40]!r}.", f"It has {', '.join(MODES)}.")
        mode = MODES[self.mode]
        if mode.wants in ("idea", "either") and not (self.idea.strip() or (mode.wants == "either" and self.prompt)):
            raise StudioError("There is no idea to work with.", "Say in a few words what you want to see.")
        if mode.wants == "prompt" and not self.prompt.strip():
            raise StudioError("There is no prompt yet.", "Write one first, or let the assistant write from an idea.")
        if self.mode == "fix" and not self.idea.strip():
            raise StudioError("No problem is named.", "Say what goes wrong in the pictures, for example: the hands.")
        if max(len(self.idea), len(self.prompt), len(self.negative_prompt)) > _LONGEST:
            raise StudioError(f"The text is longer than {_LONGEST} characters.", "Shorten it for the assistant.")
        if not 2 <= self.count <= MOST_VARIATIONS:
            raise StudioError(f"{self.count} variations cannot be asked for.", f"Take 2 to {MOST_VARIATIONS}.")

    @property
    def conventions(self) -> Conventions:
        return conventions_for(self.family, self.checkpoint)

    @property
    def budget(self) -> int:
        """Tokens the prompt may have."""
        return self.tokens or self.conventions.tokens

    @property
    def kept(self) -> tuple[str, ...]:
        """What the answer has to contain. Of a prompt that is only a hint at taste, wildcards need not stay."""
        hint = self.mode in ("write", "translate")
        return tuple(dict.fromkeys((*protected(self.prompt, self.locked, wildcards=not hint), *self.triggers)))
