"""``prompt parse`` and ``prompt tokens``; the other commands on prompts have modules of their own."""

from __future__ import annotations

import argparse
import math

from studio.catalog import checkpoints
from studio.cli import prompt_expand, prompt_lint
from studio.cli.commands import Commands, add_command, add_group
from studio.cli.console import Reply
from studio.prompts.syntax import attention, comments, composition, loras, schedules, tokens
from studio.prompts.syntax.chunks import CHUNK_LENGTH
from studio.settings import Settings

STEPS = 28


def add_to(commands: Commands) -> None:
    group = add_group(commands, "prompt", "how the studio reads a prompt")
    parse = add_command(
        group,
        "parse",
        "the weights, schedule and LoRAs of a prompt, by the rules of A1111's web UI",
        'prompt parse "a (red:1.3) [cat:dog:0.5] <lora:ink:0.8>" --steps 20 --json',
        run_parse,
    )
    count = add_command(
        group,
        "tokens",
        "how many tokens a prompt takes, chunk by chunk",
        'prompt tokens "1girl, running, park" --checkpoint starter',
        run_tokens,
    )
    prompt_expand.add_to(group)
    prompt_lint.add_to(group)
    for command in (parse, count):
        command.add_argument("text", metavar="TEXT", help="the prompt")
    parse.add_argument("--steps", metavar="N", type=_steps, default=STEPS, help=f"steps of the picture ({STEPS})")
    count.add_argument(
        "--checkpoint", metavar="C", help="count with the tokenizer of this checkpoint (else: an estimate)"
    )


def _steps(text: str) -> int:
    steps = int(text)
    if not 1 <= steps <= 150:
        raise argparse.ArgumentTypeError("has to be from 1 to 150")
    return steps


def run_parse(arguments: argparse.Namespace) -> Reply:
    typed, found = loras.extract(arguments.text)
    text = comments.strip(typed)
    segments, stretches = attention.parse(text), schedules.schedule(text, arguments.steps)
    document = {
        "attention": [list(segment) for segment in segments],
        "schedule": [list(stretch) for stretch in stretches],
        "parts": [list(part) for part in composition.parts(text)],
        "loras": [[ref.name, ref.weight] for ref in found],
    }
    lines = [f"{weight:6.3f}  {part}" for part, weight in segments]
    if len(stretches) > 1:
        lines += [f"up to step {end}: {part}" for end, part in stretches]
    if len(document["parts"]) > 1:
        lines += [f"AND {weight:6.3f}  {part.strip()}" for part, weight in document["parts"]]
    return Reply(document, [*lines, *(f"LoRA {ref.name}: {ref.weight:g}" for ref in found)])


def run_tokens(arguments: argparse.Namespace) -> Reply:
    counter, name = _counter(arguments.checkpoint)
    if counter is None:
        count = tokens.estimate(arguments.text)
        chunks = max(math.ceil(count / CHUNK_LENGTH), 1)
        document = {"tokenizer": None, "estimated": True, "tokens": count, "chunks": chunks, "chunk_sizes": None}
        return Reply(
            document, [f"about {count} tokens in {chunks} of {CHUNK_LENGTH} (no tokenizer at hand: an estimate)"]
        )
    sizes = counter.chunk_sizes(arguments.text)
    document = {
        "tokenizer": name,
        "estimated": False,
        "tokens": sum(sizes),
        "chunks": len(sizes),
        "chunk_sizes": sizes,
    }
    return Reply(document, [f"{sum(sizes)} tokens: {' + '.join(f'{size}/{CHUNK_LENGTH}' for size in sizes)} ({name})"])


def _counter(name: str | None) -> tuple[tokens.TokenCounter | None, str | None]:
    """The tokenizer of the named checkpoint, or of the one that ``generate`` would take."""
    settings = Settings.from_env()
    if name is None:
        checkpoint = checkpoints.default_checkpoint(settings)
    else:
        checkpoint = checkpoints.find_checkpoint(settings, name)
    if checkpoint is None or checkpoint.path is None:
        return None, None
    return tokens.load_counter(checkpoint.path), checkpoint.name
