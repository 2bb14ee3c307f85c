"""What has to hold before anything is drawn from a random prompt: everything it leads to exists, and it ends."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches

from dynamicprompts.commands import (
    Command,
    LiteralCommand,
    SequenceCommand,
    VariantCommand,
    WildcardCommand,
)
from dynamicprompts.commands.variable_commands import VariableAccessCommand, VariableAssignmentCommand

from studio.errors import InvalidRequest
from studio.prompts.library.wildcards import Wildcards
from studio.prompts.random.template_text import where
from studio.request import MAX_PROMPT

MAX_CHAIN = 20
"""Wildcards that lead to wildcards that lead to …"""
_UNBOUNDED = 10**12

Values = dict[str, int]
"""The longest text of each variable."""


class Checker:
    """Walks everything that may be drawn and adds up the longest text it may become.

    Args:
        matching: gives the wildcards that a name in code stands for.
        options: gives a wildcard's options, parsed.
        decode: gives the text of code.
    """

    def __init__(
        self,
        template: str,
        wildcards: Wildcards,
        matching: Callable[[str], tuple[str, ...]],
        options: Callable[[str], tuple[Command, ...]],
        decode: Callable[[str], str],
    ) -> None:
        self._template, self._wildcards = template, wildcards
        self._matching, self._options, self._decode = matching, options, decode
        self._known: dict[tuple[str, tuple[tuple[str, int], ...]], int] = {}
        self._chain: list[str] = []

    def check(self, command: Command) -> None:
        """Raise InvalidRequest for whatever cannot be drawn from ``command``."""
        longest = self._longest(command, {})
        if longest > MAX_PROMPT:
            size = f"{longest:,}" if longest < _UNBOUNDED else "countless"
            raise InvalidRequest(
                f"The random prompt could become {size} characters long.",
                f"A prompt has at most {MAX_PROMPT:,}; let fewer choices lead to further ones.",
                "prompt",
            )

    def _longest(self, command: Command, values: Values) -> int:
        match command:
            case LiteralCommand():
                return len(self._decode(command.literal))
            case SequenceCommand():
                return self._sequence(list(command.tokens), values)
            case VariantCommand():
                return self._choice(command, values)
            case WildcardCommand():
                return self._wildcard(command, values)
            case VariableAccessCommand():
                return self._variable(command, values)
            case VariableAssignmentCommand():
                self._longest(command.value, values)
                return 0
        raise InvalidRequest("The random prompt holds something that is not known here.", "Simplify it.", "prompt")

    def _sequence(self, commands: list[Command], values: Values) -> int:
        here = dict(values)
        for command in commands:
            if isinstance(command, VariableAssignmentCommand):
                # What is drawn at once cannot see its neighbours' values, and nothing can hold its own.
                seen = values if command.immediate else {name: here[name] for name in here if name != command.name}
                here[command.name] = max(here.get(command.name, 0), self._longest(command.value, seen))
        parts = [each for each in commands if not isinstance(each, VariableAssignmentCommand)]
        return min(_UNBOUNDED, sum(self._longest(each, here) for each in parts))

    def _choice(self, command: VariantCommand, values: Values) -> int:
        lengths = sorted((self._longest(value, values) for value in command.values), reverse=True)
        if len(lengths) == 1 and isinstance(command.values[0], WildcardCommand):
            lengths *= sum(len(self._options(name)) for name in self._named(command.values[0]))
        most = min(command.max_bound, len(lengths))
        if not any(weight > 0 for weight in command.weights):
            raise InvalidRequest(
                f"A choice {self._place('0::')} has only weights of 0.", "Give one a weight.", "prompt"
            )
        separators = len(self._decode(command.separator)) * max(0, most - 1)
        return min(_UNBOUNDED, sum(lengths[:most]) + separators)

    def _variable(self, command: VariableAccessCommand, values: Values) -> int:
        if command.name in values:
            return values[command.name]
        if command.default is None:
            raise InvalidRequest(
                f"The variable ${{{command.name}}} {self._place('${' + command.name)} has no value.",
                f"Write ${{{command.name}=value}} before it, or ${{{command.name}:value}} in its place.",
                "prompt",
            )
        return self._longest(command.default, values)

    def _wildcard(self, command: WildcardCommand, values: Values) -> int:
        inner = {**values, **{name: self._longest(value, values) for name, value in command.variables.items()}}
        return max(self._of_wildcard(name, inner) for name in self._named(command))

    def _named(self, command: WildcardCommand) -> tuple[str, ...]:
        assert isinstance(command.wildcard, str), "names are coded as plain tokens"
        name = self._decode(command.wildcard)
        found = self._matching(command.wildcard)
        if not found:
            close = get_close_matches(name, self._wildcards.names(), n=3, cutoff=0.5)
            known = close or list(self._wildcards.names()[:5])
            hint = f"Did you mean {', '.join(f'__{each}__' for each in known)}? " if close else ""
            raise InvalidRequest(
                f"There is no wildcard __{name}__ {self._place('__' + name)}.",
                f"{hint}Put a text file {name.replace('*', '')}.txt into the wildcards folder, or write \\__ where "
                "underscores are meant.",
                "prompt",
            )
        return found

    def _of_wildcard(self, name: str, values: Values) -> int:
        key = name, tuple(sorted(values.items()))
        if key in self._known:
            return self._known[key]
        if name in self._chain or len(self._chain) >= MAX_CHAIN:
            chain = " → ".join([*self._chain[self._chain.index(name) if name in self._chain else 0 :], name])
            problem = "lead round in a circle" if name in self._chain else f"lead on more than {MAX_CHAIN} times"
            raise InvalidRequest(f"The wildcards {problem}: {chain}.", f"Take __{name}__ out of one of them.", "prompt")
        self._chain.append(name)
        options = self._options(name)
        if not options:
            raise InvalidRequest(
                f"The wildcard __{name}__ has no options.", "Write one a line into its file.", "prompt"
            )
        self._known[key] = max(self._longest(option, values) for option in options)
        self._chain.pop()
        return self._known[key]

    def _place(self, sign: str) -> str:
        """Where ``sign`` stands, in words."""
        if self._chain:
            return f"in the wildcard {self._chain[-1]}"
        place = self._template.find(sign)
        return where(self._template, place) if place >= 0 else "in the prompt"
