"""Find the attributes that the constructor of a class sets."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["attributes_of"]


def attributes_of(
    initializer: ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the attributes that ``__init__`` sets, each with its type, or None if it is unknown.

    Args:
        initializer: The definition of ``__init__``.
    """
    arguments = initializer.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if not positional:
        return  # For example ``def __init__(*args, **kwargs)``.
    itself = positional[0].arg
    given = {each.arg: each.annotation for each in [*positional, *arguments.kwonlyargs]}
    for node in ast.walk(initializer):
        if isinstance(node, ast.AnnAssign):
            if _is_attribute(node.target, itself):
                yield node.target.attr, node.annotation
        elif isinstance(node, ast.Assign):
            value = node.value
            # An attribute that stores a parameter has the type of the parameter.
            kind = given.get(value.id) if isinstance(value, ast.Name) else None
            for target in node.targets:
                if _is_attribute(target, itself):
                    yield target.attr, kind


def _is_attribute(node: ast.expr, itself: str) -> TypeGuard[ast.Attribute]:
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == itself
    )
