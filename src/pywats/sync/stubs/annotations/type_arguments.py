"""Bind the type parameters of a class and its bases to types."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Generic, TypeVarTuple

from pywats.sync.stubs.annotations.scope import Bound, Scope
from pywats.sync.stubs.source.definitions import definition_of, parameters_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pywats.sync.stubs.imports import Imports
    from pywats.sync.stubs.source.names import Origin

__all__ = ["bound_parameters", "type_arguments", "unpacks"]


def bound_parameters(kind: type, given: Sequence[ast.expr], scope: Scope) -> dict[str, Bound]:
    """Return the types that are bound to the type parameters of a class, by name."""
    names = parameters_of(kind)
    known = {each.__name__: each for each in getattr(kind, "__parameters__", ())}
    bound = [Bound(each, scope) for each in given]
    for index, name in enumerate(names):
        if isinstance(known.get(name), TypeVarTuple):
            # It takes the arguments that the parameters before and after it do not take.
            after = len(names) - index - 1
            end = max(index, len(bound) - after)
            bound[index:end] = [Bound(_unpacked([each.node for each in bound[index:end]]), scope)]
    bound += [Bound(None)] * (len(names) - len(bound))
    return dict(zip(names, bound, strict=False))


def _unpacked(given: list[ast.expr | None]) -> ast.expr:
    elements = [each for each in given if each is not None]
    if len(elements) == 1 and unpacks(elements[0]):
        return elements[0]
    inside = [*elements] or [ast.Name("object"), ast.Constant(...)]
    return ast.Starred(ast.Subscript(ast.Name("tuple"), ast.Tuple(inside)))


def unpacks(node: ast.expr) -> bool:
    """Tell whether an expression unpacks a tuple of types."""
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value).rpartition(".")[2] == "Unpack"
    return isinstance(node, ast.Starred)


def type_arguments(
    of: type,
    imports: Imports,
    faces: Mapping[type, Origin],
    given: Mapping[str, Bound] | None = None,
) -> dict[type, dict[str, Bound]]:
    """Return a class and its bases, each with the types bound to its type parameters.

    Args:
        of: The class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.
        given: The types that are bound to the type parameters of the class itself.

    Raises:
        ValueError: A class has no Python source.
    """
    found: dict[type, dict[str, Bound]] = {}

    def visit(kind: type, given: dict[str, Bound]) -> None:
        if kind in found or kind.__module__ in {"builtins", "typing", "abc"}:
            return
        try:
            definition = definition_of(kind)
        except ValueError:
            # A base class in an extension module: `run_time_members` finds its members.
            if kind is of:
                raise
            found[kind] = given
            return
        found[kind] = given
        scope = Scope(definition.source, imports, faces, given)
        for base in definition.node.bases:
            named = base.value if isinstance(base, ast.Subscript) else base
            value: Any = scope.value(named)
            # The class of an alias, such as typing.Mapping.
            value = getattr(value, "__origin__", value)
            if not isinstance(value, type) or value is Generic:
                continue
            texts: list[ast.expr] = []
            if isinstance(base, ast.Subscript):
                inside = base.slice
                texts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            visit(value, bound_parameters(value, texts, scope))

    visit(of, dict(given or {}))
    return found
