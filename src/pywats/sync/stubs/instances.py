"""The attributes that a class gives its instances as they are made."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["attributes_of"]


def attributes_of(
    initializer: ast.FunctionDef | ast.AsyncFunctionDef,
) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the attributes that ``__init__`` sets, with their types as far as it says them.

    Args:
        initializer: The definition of ``__init__``.
    """
    arguments = initializer.args
    positional = [*arguments.posonlyargs, *arguments.args]
    itself = positional[0].arg
    given = {each.arg: each.annotation for each in [*positional, *arguments.kwonlyargs]}
    for node in ast.walk(initializer):
        if isinstance(node, ast.AnnAssign):
            if _is_attribute(node.target, itself):
                yield node.target.attr, node.annotation
        elif isinstance(node, ast.Assign):
            value = node.value
            # An argument that is kept as it is has the type that it was given with.
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
