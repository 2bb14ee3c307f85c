"""A random prompt as the dynamicprompts library is to read it: every run of words is a plain token such as ``L12E``.

So nothing in the words can be taken for syntax there (it knows comments in three languages, and no escapes).
"""

from __future__ import annotations

import re
from itertools import pairwise

from studio.errors import InvalidRequest
from studio.prompts.library.wildcards import MAX_WEIGHT, Wildcards
from studio.prompts.random import template_text
from studio.prompts.random.template_text import LORA, OPEN_NAME, VARIABLE, WILDCARD, Group, where

_TOKEN = re.compile(r"L(\d+)E")
_WEIGHT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)::")
_WORDS = re.compile(r"[^\\{}$_<|]+")


class Coder:
    """Texts to code and back. One coder for a template and all the wildcards it leads to."""

    def __init__(self, wildcards: Wildcards) -> None:
        self._wildcards = wildcards
        self._texts: list[str] = []
        self._numbers: dict[str, int] = {}

    def encode(self, text: str, source: str = "") -> str:
        """``text`` as code. Raises InvalidRequest for what is no template; ``source`` says where it comes from."""
        words = template_text.without_comments(text)
        code = _Encoding(self, self._wildcards, words, source).stretch(0, len(words), within=False)
        # Only in a sequence, be it with nothing, a variable gets its value.
        return code if code.isalnum() else code + self.token("")

    def decode(self, code: str) -> str:
        """The text that ``code``, as far as it is tokens only, stands for."""
        return _TOKEN.sub(lambda token: self._texts[int(token[1])], code)

    def token(self, text: str) -> str:
        if text not in self._numbers:
            self._numbers[text] = len(self._texts)
            self._texts.append(text)
        return f"L{self._numbers[text]}E"


class _Encoding:
    def __init__(self, coder: Coder, wildcards: Wildcards, text: str, source: str) -> None:
        self._coder, self._wildcards = coder, wildcards
        self._text, self._source = text, source
        self._groups = template_text.groups(text, source)
        self._tags = [(tag.start(), tag.end()) for tag in LORA.finditer(text)]

    def stretch(self, start: int, end: int, within: bool) -> str:
        """Code of a stretch of the text; ``within`` braces no variable gets a value."""
        code: list[str] = []
        words: list[str] = []
        place = start
        while place < end:
            found, after = self._syntax(place, within)
            if found:
                if words:
                    code.append(self._coder.token("".join(words)))
                    words = []
                code.append(found)
            else:
                words.append(self._text[place:after] if after <= end else self._text[place:end])
            place = after
        if words or not code:
            code.append(self._coder.token("".join(words)))
        return "".join(code)

    def _syntax(self, place: int, within: bool) -> tuple[str, int]:
        """(code, its end) where syntax begins at ``place``, else nothing and the end of some words."""
        sign, group = self._text[place], self._groups.get(place)
        if sign == "\\":
            return "", place + 2
        if group is not None and group.variable:
            return self._variable(group, within), group.end
        if group is not None and group.is_choice:
            return self._choice(group), group.end
        if sign == "_":
            return self._wildcard(place)
        words = _WORDS.match(self._text, place)
        return "", words.end() if words else place + 1

    def _choice(self, group: Group) -> str:
        start, head = group.start + 1, ""
        if group.bound:
            start = group.bound.end()
            separator = group.bound[2]
            head = f"{group.bound[1]}$$" + ("" if separator is None else f"{self._coder.token(separator)}$$")
        borders = [start - 1, *(bar for bar in group.bars if bar >= start), group.end - 1]
        options = [self._option(left + 1, right) for left, right in pairwise(borders)]
        return f"{{{head}{'|'.join(options)}}}"

    def _option(self, start: int, end: int) -> str:
        while start < end and self._text[start].isspace():
            start += 1
        weight = _WEIGHT.match(self._text, start, end)
        if weight is None:
            return self.stretch(start, end, within=True)
        return f"{min(float(weight[1]), MAX_WEIGHT):f}::{self.stretch(weight.end(), end, within=True)}"

    def _variable(self, group: Group, within: bool) -> str:
        head = VARIABLE.match(self._text, group.start, group.end)
        place = where(self._text, group.start, self._source)
        if head is None:
            raise InvalidRequest(
                f"The variable {place} is not understood.",
                "Write ${name=value} and ${name}, or \\$ where a dollar sign is meant.",
                "prompt",
            )
        name, sign = head[1], head[2]
        if not sign:
            return f"${{{name}}}"
        if within and "=" in sign:
            raise InvalidRequest(
                f"The variable {place} gets its value inside braces.",
                "Give variables their values at the beginning of the prompt, outside all braces.",
                "prompt",
            )
        return f"${{{name}{sign}{self.stretch(head.end(), group.end - 1, within=True)}}}"

    def _wildcard(self, place: int) -> tuple[str, int]:
        found = WILDCARD.match(self._text, place)
        if found is None:
            if OPEN_NAME.match(self._text, place):
                raise InvalidRequest(
                    f"The name of the wildcard {where(self._text, place, self._source)} is drawn itself.",
                    "Draw the whole wildcard instead: {__a__|__b__}.",
                    "prompt",
                )
            return "", place + 1
        tagged = any(start <= place < end for start, end in self._tags)
        if tagged and found[1] not in self._wildcards:
            return "", found.end()  # an underscore in the name of a LoRA
        spec = f"({self._spec(found[2], place)})" if found[2] else ""
        return f"__{self._coder.token(found[1])}{spec}__", found.end()

    def _spec(self, text: str, place: int) -> str:
        """``name=value,…``: variables for one wildcard."""
        pairs = [part.partition("=") for part in text.split(",")]
        if not all(sign and re.fullmatch(r"\s*[A-Za-z][\w-]*\s*", name) for name, sign, _ in pairs):
            raise InvalidRequest(
                f"The values of the wildcard {where(self._text, place, self._source)} are not understood.",
                "Write them as __name(variable=value)__.",
                "prompt",
            )
        return ",".join(f"{name.strip()}={self._coder.encode(value, self._source)}" for name, _, value in pairs)
