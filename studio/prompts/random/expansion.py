"""Random prompts: one drawn by a seed, or all combinations. Drawing is the dynamicprompts library's.

Whatever is wrong with a template, or with a wildcard it leads to, is said before anything is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice
from random import Random

from dynamicprompts.commands import Command, LiteralCommand, SequenceCommand
from dynamicprompts.commands.variable_commands import VariableAssignmentCommand
from dynamicprompts.enums import SamplingMethod
from dynamicprompts.parser.parse import parse
from dynamicprompts.sampling_context import SamplingContext
from dynamicprompts.sampling_result import SamplingResult
from dynamicprompts.wildcards import WildcardManager
from dynamicprompts.wildcards.item import WildcardItem
from dynamicprompts.wildcards.values import WildcardValues
from pyparsing import ParseException

from studio.errors import InvalidRequest
from studio.prompts.library.wildcards import Option, Wildcards
from studio.prompts.random.template_check import Checker
from studio.prompts.random.template_code import Coder
from studio.prompts.random.template_text import is_dynamic

__all__ = ["combinations", "draw", "draws", "is_dynamic"]

_TRIES = 50
"""Combinations looked at for each one asked for, as some may be equal."""


def draw(template: str, seed: int, wildcards: Wildcards) -> str:
    """The prompt that ``seed`` draws from ``template``; a text without syntax comes back as it is.

    Raises:
        InvalidRequest: says what in the template, or in which wildcard, is wrong.
    """
    return _Drawing(template, wildcards).random(seed) if is_dynamic(template) else template


def draws(template: str, seed: int, count: int, wildcards: Wildcards) -> list[str]:
    """``count`` successive drawings, with ``seed``, ``seed + 1``, … Raises as :func:`draw`."""
    if not is_dynamic(template):
        return [template] * count
    drawing = _Drawing(template, wildcards)
    return [drawing.random(seed + number) for number in range(count)]


def combinations(template: str, wildcards: Wildcards, limit: int) -> list[str]:
    """All prompts that ``template`` can become, each once, at most ``limit``. Raises as :func:`draw`."""
    return _Drawing(template, wildcards).all(limit) if is_dynamic(template) else [template]


class _Drawing:
    """A template, checked and ready to draw from."""

    def __init__(self, template: str, wildcards: Wildcards) -> None:
        self._coder = Coder(wildcards)
        self._lists = _Lists(self._coder, wildcards)
        self._command = _parsed(self._coder.encode(template))
        checker = Checker(template, wildcards, self._lists.matching, self._lists.commands, self._coder.decode)
        checker.check(self._command)

    def random(self, seed: int) -> str:
        self._lists.weighted = True
        context = SamplingContext(SamplingMethod.RANDOM, self._lists, rand=Random(seed))
        return next(self._texts(context.sample_prompts(self._command, 1)))

    def all(self, limit: int) -> list[str]:
        self._lists.weighted = False
        found: dict[str, None] = {}
        for prompt in islice(self._texts(self._all(self._command)), limit * _TRIES):
            found[prompt] = None
            if len(found) >= limit:
                break
        if not found:
            raise _too_few()
        return list(found)

    def _all(self, command: Command) -> Iterator[SamplingResult]:
        context = SamplingContext(SamplingMethod.COMBINATORIAL, self._lists)
        place = _chosen_at_once(command)
        if place is None:
            yield from context.sample_prompts(command)
            return
        # The library takes the first value of such a variable; all combinations need one turn with each.
        assert isinstance(command, SequenceCommand)
        variable = command.tokens[place]
        assert isinstance(variable, VariableAssignmentCommand)
        for value in self._all(variable.value):
            fixed = replace(variable, value=LiteralCommand(value.text))
            yield from self._all(SequenceCommand([*command.tokens[:place], fixed, *command.tokens[place + 1 :]]))

    def _texts(self, results: Iterable[SamplingResult]) -> Iterator[str]:
        try:
            for result in results:
                yield self._coder.decode(result.text).strip()
        except (RecursionError, KeyError):
            raise InvalidRequest(
                "The variables of the random prompt need each other's values.",
                "Give each variable a value that holds no variable, or only earlier ones.",
                "prompt",
            ) from None
        except RuntimeError:  # a choice of the library came to its end before its first result
            raise _too_few() from None


class _Lists(WildcardManager):
    """Wildcards as the library asks for them, in code."""

    def __init__(self, coder: Coder, wildcards: Wildcards) -> None:
        super().__init__()
        self._coder, self._wildcards = coder, wildcards
        self._options: dict[str, tuple[tuple[Option, str], ...]] = {}
        self.weighted = True

    def matching(self, code: str) -> tuple[str, ...]:
        """The wildcards that a name stands for; several where it has a ``*``."""
        name = self._coder.decode(code)
        if "*" not in name:
            return (name,) if name in self._wildcards else ()
        return tuple(each for each in self._wildcards.names() if fnmatchcase(each, name))

    def commands(self, name: str) -> tuple[Command, ...]:
        return tuple(_parsed(code) for _, code in self._coded(name))

    def get_values(self, wildcard: str) -> WildcardValues:
        coded = [each for name in self.matching(wildcard) for each in self._coded(name)]
        return WildcardValues.from_items(
            WildcardItem(code, weight=option.weight if self.weighted else 1) for option, code in coded
        )

    def _coded(self, name: str) -> tuple[tuple[Option, str], ...]:
        if name not in self._options:
            self._options[name] = tuple(
                (option, self._coder.encode(option.text, f"line {option.line} of the wildcard {name}"))
                for option in self._wildcards.options(name)
            )
        return self._options[name]


def _chosen_at_once(command: Command) -> int | None:
    """The place of the first ``${name=!…}`` that still has a choice."""
    if isinstance(command, SequenceCommand):
        for place, token in enumerate(command.tokens):
            if (
                isinstance(token, VariableAssignmentCommand)
                and token.immediate
                and not isinstance(token.value, LiteralCommand)
            ):
                return place
    return None


def _too_few() -> InvalidRequest:
    return InvalidRequest(
        "A choice asks for more options than it has different ones.",
        "Ask for fewer, as in {2$$a|b|c}, or write down more.",
        "prompt",
    )


@lru_cache(maxsize=4096)
def _parsed(code: str) -> Command:
    if code.isalnum():
        return LiteralCommand(code)
    try:
        return parse(code)
    except (ParseException, ValueError, RecursionError):
        raise InvalidRequest(
            "The random prompt is not understood.",
            "Check its braces: {a|b}, {2$$a|b|c}, {0.3::a|b}, __wildcard__, ${name=value}.",
            "prompt",
        ) from None
