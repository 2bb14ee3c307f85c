"""YAML that remembers its lines and stays plain: no anchors, no aliases, no tags, every key once.

Built from the parser's events instead of its objects, so that a bomb of aliases or ten thousand brackets are refused
where they begin, before anything grows. Scalars stay the text that was written; what reads a field says what it means,
so ``text: no`` is the word and not false.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from studio.errors import StudioError

MAX_DEPTH = 8
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where PyYAML was built with libyaml
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


class YamlRefused(StudioError):
    """YAML that is broken, or uses what these files have no need of. ``line`` counts from 1."""

    def __init__(self, message: str, hint: str = "", line: int = 0) -> None:
        super().__init__(message, hint)
        self.line = line

    def __reduce__(self):
        return type(self), (self.message, self.hint, self.line)


@dataclass(slots=True)
class Node:
    """A value and the line where it begins (for a value in a mapping: where its key stands)."""

    line: int
    value: str | list[Node] | dict[str, Node] | None


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    node: Node
    key: tuple[str, int] | None = field(default=None)

    def take(self, node: Node) -> None:
        value = self.node.value
        if isinstance(value, list):
            value.append(node)
        elif isinstance(value, dict) and self.key is None:
            if not isinstance(node.value, str):
                raise YamlRefused("A key is missing, or is no word.", "Write it as key: value.", node.line)
            if node.value in value:
                raise YamlRefused(f"The key {node.value[:60]!r} is there twice.", "Keep one of them.", node.line)
            self.key = (node.value, node.line)
        elif isinstance(value, dict) and self.key is not None:
            key, line = self.key
            value[key] = Node(line, node.value)
            self.key = None


def read(text: str) -> Node:
    """The document in ``text``.

    Raises:
        YamlRefused: it is no YAML, has several documents, or uses anchors, aliases, tags or too many levels.
    """
    root = _Open(Node(1, []))
    stack = [root]
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            _take(event, stack)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "check the indents"
        raise YamlRefused(
            "This is not valid YAML.", f"{problem[0].upper()}{problem[1:]}.", mark.line + 1 if mark else 0
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else 0
        raise YamlRefused("This is not valid YAML.", "It has signs that YAML does not allow.", line) from None
    documents = root.node.value
    assert isinstance(documents, list)
    if len(documents) > 1:
        raise YamlRefused("This file has several documents.", "Take out the line ---.", documents[1].line)
    return documents[0] if documents else Node(1, None)


def _take(event: yaml.Event, stack: list[_Open]) -> None:
    line = event.start_mark.line + 1 if event.start_mark else 0
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        raise YamlRefused("YAML anchors and aliases (&name, *name) are not allowed.", "Write the values out.", line)
    if isinstance(event, yaml.CollectionEndEvent):
        stack.pop()
    elif isinstance(event, yaml.ScalarEvent):
        _refuse_tag(event, line)
        plain_null = event.implicit[0] and event.value in _NULLS
        stack[-1].take(Node(line, None if plain_null else event.value))
    elif isinstance(event, yaml.CollectionStartEvent):
        _refuse_tag(event, line)
        if len(stack) > MAX_DEPTH:
            raise YamlRefused(f"This is nested more than {MAX_DEPTH} levels deep.", "Check the indents.", line)
        node = Node(line, [] if isinstance(event, yaml.SequenceStartEvent) else {})
        stack[-1].take(node)
        stack.append(_Open(node))


def _refuse_tag(event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
    if event.tag is not None and event.tag != "!":  # "!" alone is what a quoted text may come with
        raise YamlRefused(f"YAML tags ({event.tag[:40]}) are not allowed.", "Write the plain value.", line)
