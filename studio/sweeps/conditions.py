"""Skip conditions: ``steps > 30 and sampler == "DDIM"``. A small language of its own, read as a tree, never evaluated.

Names are the sweep's axes; there are numbers, texts in quotes, ``and or not``, comparisons, ``in`` with a list, and
``+ - * /``. Nothing else: no calls, no attributes.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

from studio.errors import InvalidRequest

MAX_LENGTH = 500
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda value, among: value in among,
    ast.NotIn: lambda value, among: value not in among,
}
_SUMS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_HINT = 'Write for example: steps > 30 and sampler == "DDIM".'


class Condition:
    """A condition over the values of a cell.

    Raises:
        InvalidRequest: the text is no condition, or names something that is no axis of the sweep.
    """

    def __init__(self, text: str, names: set[str]) -> None:
        self.text = text
        if len(text) > MAX_LENGTH:
            raise InvalidRequest("The condition is too long.", f"Use at most {MAX_LENGTH} characters.", "skip")
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise InvalidRequest(f"{text[:60]!r} is not a condition.", _HINT, "skip") from None
        for node in ast.walk(self._tree):
            _check(node, names)

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds for these values, by axis name.

        Raises:
            InvalidRequest: the values do not go together, such as a number and a text.
        """
        try:
            return bool(_value(self._tree, values))
        except (TypeError, ArithmeticError):
            raise InvalidRequest(
                f"The condition {self.text[:60]!r} compares what does not go together.", _HINT, "skip"
            ) from None


def _check(node: ast.AST, names: set[str]) -> None:
    if isinstance(node, ast.Name) and node.id not in names:
        raise InvalidRequest(
            f"The condition speaks of {node.id[:40]!r}, which is no axis of this sweep.",
            f"Its axes are: {', '.join(sorted(names))}. Texts stand in quotes.",
            "skip",
        )
    if isinstance(node, ast.Constant) and not isinstance(node.value, str | int | float | bool | None):
        raise InvalidRequest("The condition holds a value that is neither number nor text.", _HINT, "skip")
    if not isinstance(node, _KNOWN):
        raise InvalidRequest("The condition holds something it may not.", _HINT, "skip")


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return values[node.id]
        case ast.List() | ast.Tuple():
            return [_value(item, values) for item in node.elts]
        case ast.BoolOp(op=ast.And()):
            return all(_value(item, values) for item in node.values)
        case ast.BoolOp():
            return any(_value(item, values) for item in node.values)
        case ast.UnaryOp(op=ast.Not()):
            return not _value(node.operand, values)
        case ast.UnaryOp():
            return -_value(node.operand, values)
        case ast.BinOp():
            return _sum(node, values)
        case ast.Compare():
            return _compared(node, values)
    raise TypeError(node)


def _sum(node: ast.BinOp, values: Mapping[str, Any]) -> float:
    left, right = _value(node.left, values), _value(node.right, values)
    if not all(isinstance(side, int | float) for side in (left, right)):
        raise TypeError("sums are for numbers")  # "a" * 10**9 would fill the memory
    return _SUMS[type(node.op)](float(left), float(right))


def _compared(node: ast.Compare, values: Mapping[str, Any]) -> bool:
    left = _value(node.left, values)
    for kind, right_node in zip(node.ops, node.comparators, strict=True):
        right = _value(right_node, values)
        if not _COMPARISONS[type(kind)](left, right):
            return False
        left = right
    return True


_KNOWN = (
    ast.Constant, ast.Name, ast.Load, ast.List, ast.Tuple, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub,
    ast.BinOp, ast.Compare, *_COMPARISONS, *_SUMS,
)  # fmt: skip
