"""``assist``: a prompt from an idea, by a language model or, offline, from the library."""

from __future__ import annotations

import argparse
from typing import Any

from studio.assistant import configuration, triggers
from studio.assistant.asking import MODES, MOST_VARIATIONS, Ask
from studio.assistant.composer import Composer
from studio.assistant.failures import AnswerUnusable
from studio.assistant.proposal import Proposal
from studio.assistant.proposing import Outcome, propose
from studio.catalog import checkpoints
from studio.catalog.checkpoints import Checkpoint
from studio.cli import console
from studio.cli.commands import Commands, add_command
from studio.cli.console import Reply
from studio.errors import StudioError
from studio.prompts.library.library import shipped
from studio.prompts.syntax import tokens
from studio.request import MAX_SEED
from studio.settings import Settings

_NO_ENDPOINT = (
    "Name one with --endpoint http://127.0.0.1:11434/v1 --model NAME, set STUDIO_ASSISTANT_URL and "
    "STUDIO_ASSISTANT_MODEL, or save one on the Assistant page. --offline composes from the library without any."
)


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "assist",
        "a prompt from an idea, proposed by a language model or composed from the library",
        'assist "a girl jogging in the park, calm evening" --endpoint http://127.0.0.1:11434/v1 --model llama3.2',
        run,
    )
    parser.add_argument("idea", metavar="IDEA", nargs="?", default="", help="what you want to see, or what goes wrong")
    modes = ", ".join(f"{name} ({mode.label.lower()})" for name, mode in MODES.items() if name != "chat")
    parser.add_argument(
        "--mode", choices=[name for name in MODES if name != "chat"], help=f"{modes}; left out: what fits the rest"
    )
    parser.add_argument("--prompt", metavar="CURRENT", default="", help="the prompt to improve, vary or fix")
    parser.add_argument("--negative", metavar="CURRENT", default="", help="its negative prompt")
    parser.add_argument(
        "--lock", metavar="WORDS", action="append", default=[], help="words that must stay (repeatable)"
    )
    parser.add_argument("--variations", metavar="N", type=int, help=f"2 to {MOST_VARIATIONS} different prompts")
    parser.add_argument("--language", action="store_true", help="the idea is in another language than English")
    parser.add_argument("--checkpoint", metavar="C", help="write for this checkpoint (else: the one generate takes)")
    parser.add_argument("--endpoint", metavar="URL", help="an OpenAI-compatible server; its key: STUDIO_ASSISTANT_KEY")
    parser.add_argument("--model", metavar="M", help="one of the server's models (else: its only one)")
    parser.add_argument(
        "--seed", metavar="N", type=int, help="repeatable answers where the server has them; --offline: always"
    )
    parser.add_argument("--offline", action="store_true", help="no language model: compose from the library")


def run(arguments: argparse.Namespace) -> Reply:
    if arguments.seed is not None and not 0 <= arguments.seed <= MAX_SEED:
        raise StudioError(f"The seed {arguments.seed} is out of range.", f"Take 0 to {MAX_SEED}.")
    settings = Settings.from_env()
    checkpoint = _checkpoint(settings, arguments.checkpoint)
    family, name = (checkpoint.family or "sd15", checkpoint.name) if checkpoint else ("sd15", "")
    if arguments.offline:
        return _composed(arguments, family, name)
    endpoint = configuration.chosen(settings, arguments.endpoint, arguments.model)
    if endpoint is None:
        raise StudioError("No language model is set.", _NO_ENDPOINT)
    configuration.check_network(settings, endpoint)
    ask = _ask(arguments, family, name)
    from studio.assistant.client import Client  # slow to import

    if endpoint.remark:
        console.say(endpoint.remark)
    line = console.ProgressLine()
    try:
        outcome = propose(
            Client(endpoint), ask, shipped(), _counter(checkpoint),
            on_text=lambda text: line.update(f"{len(text)} characters"),
        )  # fmt: skip
    except AnswerUnusable as failure:
        line.clear()
        console.say(f"It said:\n{failure.raw}")
        raise
    finally:
        line.clear()
    return _reply(outcome)


def _ask(arguments: argparse.Namespace, family: str, checkpoint: str) -> Ask:
    mode = arguments.mode
    if mode is None:
        plain = "improve" if arguments.prompt else "write"
        mode = "vary" if arguments.variations else "translate" if arguments.language else plain
    return Ask(
        mode,
        idea=arguments.idea,
        prompt=arguments.prompt,
        negative_prompt=arguments.negative,
        family=family,
        checkpoint=checkpoint,
        locked=tuple(arguments.lock),
        triggers=triggers.of_prompt(Settings.from_env(), arguments.prompt),
        count=4 if arguments.variations is None else arguments.variations,
        seed=arguments.seed,
    )


def _composed(arguments: argparse.Namespace, family: str, checkpoint: str) -> Reply:
    own = arguments.prompt or arguments.idea
    slots, locked = ({"subject": (own,)}, ("subject",)) if own else ({}, ())
    seed = arguments.seed or 0
    found = Composer(shipped(), family, checkpoint).surprise(seed, slots, locked)
    document = {
        "source": "composer",
        "seed": seed,
        "slots": {name: list(texts) for name, texts in found.slots.items()},
        "proposal": Proposal(prompt=found.prompt, negative_prompt=found.negative_prompt).model_dump(mode="json"),
        "flags": [{"rule": one.kind, "message": one.message} for one in found.findings],
    }
    console.say("Composed from the library, without a language model.")
    return Reply(document, [found.prompt, f"Negative prompt: {found.negative_prompt}"])


def _reply(outcome: Outcome) -> Reply:
    proposal = outcome.proposal
    document: dict[str, Any] = {
        "source": "model",
        "proposal": proposal.model_dump(mode="json"),
        "flags": [{"rule": flag.rule, "message": flag.message} for flag in outcome.flags],
        "repaired": outcome.repaired,
        "raw": outcome.raw,
        "seconds": round(outcome.seconds, 2),
    }
    lines = [proposal.prompt]
    if proposal.negative_prompt:
        lines.append(f"Negative prompt: {proposal.negative_prompt}")
    lines += [f"{name}: {value}" for name, value in proposal.settings.items()]
    lines += [f"pose: {proposal.pose}"] if proposal.pose else []
    lines += [f"Or: {other.prompt}" for other in proposal.alternatives if other.prompt != proposal.prompt]
    for note in (proposal.note, *(f"{change.what}: {change.reason}" for change in proposal.changes)):
        if note:
            console.say(note)
    for flag in outcome.flags:
        console.say(f"Mind: {flag.message}")
    return Reply(document, lines)


def _checkpoint(settings: Settings, name: str | None) -> Checkpoint | None:
    return checkpoints.find_checkpoint(settings, name) if name else checkpoints.default_checkpoint(settings)


def _counter(checkpoint: Checkpoint | None):
    counter = tokens.load_counter(checkpoint.path) if checkpoint and checkpoint.path else None
    return tokens.estimate if counter is None else lambda prompt: sum(counter.chunk_sizes(prompt))
