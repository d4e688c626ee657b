"""Read the statements of a body, including those inside ``if`` and ``try``."""

from __future__ import annotations

import ast
import operator
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["defined", "holds", "statements"]

_Version = tuple[object, ...]
_COMPARE: dict[type[ast.cmpop], Callable[[_Version, _Version], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a body, including the statements inside ``if`` and ``try``.

    If a condition can be decided, only the branch that a type checker takes is used:
    ``TYPE_CHECKING`` is true, and ``sys.version_info`` has its value in this Python. For any other
    condition both branches are used, and for ``try`` the handlers too, but the second branch only
    for names that the first does not define.

    Args:
        body: The statements of a module or a class.
    """
    for node in body:
        if isinstance(node, ast.If):
            taken = holds(node.test)
            if taken is None:
                yield from _either(node.body, node.orelse)
            else:
                yield from statements(node.body if taken else node.orelse)
        elif isinstance(node, ast.Try):
            handlers = [each for handler in node.handlers for each in handler.body]
            yield from _either([*node.body, *node.orelse], handlers)
            yield from statements(node.finalbody)
        else:
            yield node


def defined(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement defines; imports are left out.

    Args:
        node: The statement.
    """
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign) or type(node).__name__ == "TypeAlias":
        # By name, because ast.TypeAlias exists only since Python 3.12.
        for leaf in ast.walk(node):
            if isinstance(leaf, ast.Name) and isinstance(leaf.ctx, ast.Store):
                yield leaf.id


def _either(first: Iterable[ast.stmt], second: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    # If both branches define a method, the two definitions would look like overloads.
    taken: set[str] = set()
    for node in statements(first):
        taken.update(defined(node))
        yield node
    for node in statements(second):
        if not taken.issuperset(defined(node)):
            yield node


def holds(test: ast.expr) -> bool | None:
    """Tell whether a condition is true for a type checker; None if it cannot be decided.

    Args:
        test: The condition.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = holds(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        decisive = isinstance(test.op, ast.Or)
        parts = [holds(each) for each in test.values]
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if _is_named(test, "TYPE_CHECKING"):
        return True
    if isinstance(test, ast.Compare) and _is_named(test.left, "version_info"):
        return _is_this_version(test)
    return None


def _is_named(node: ast.expr, name: str) -> bool:
    return name == (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", None))


def _is_this_version(test: ast.Compare) -> bool | None:
    compare = _COMPARE.get(type(test.ops[0]))
    try:
        return compare and compare(sys.version_info, ast.literal_eval(test.comparators[0]))
    except (TypeError, ValueError):
        # The other operand is not a tuple of numbers.
        return None
