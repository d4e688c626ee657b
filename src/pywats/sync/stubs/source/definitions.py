"""Find the definitions of classes and their type parameters."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, ParamSpec, TypeVar, TypeVarTuple

from pywats.sync.stubs.source.branches import statements
from pywats.sync.stubs.source.names import Source, source_of

if TYPE_CHECKING:
    from pywats.sync.stubs.source.names import Origin

__all__ = ["Definition", "definition_of", "listed_parameters", "parameters_of"]


@dataclass(frozen=True, slots=True)
class Definition:
    """The definition of a class.

    Attributes:
        source: The module that defines the class.
        node: The class statement.
    """

    source: Source
    node: ast.ClassDef

    def nested(self) -> set[str]:
        """Return the names of nested classes, which annotations in the body use without prefix."""
        body = statements(self.node.body)
        return {node.name for node in body if isinstance(node, ast.ClassDef)}


@cache
def definition_of(kind: type) -> Definition:
    """Return the definition of a class.

    Some packages set ``__module__`` of their classes to the module that users import. Then the
    imports of that module lead to the source.

    Raises:
        ValueError: The class has no Python source; for example, it was made at run time.
    """
    found = _search(kind.__module__, kind.__qualname__)
    if found is None:
        raise ValueError(f"the source of {kind.__module__} defines no class {kind.__qualname__}")
    return found


def _search(module: str, name: str) -> Definition | None:
    seen: set[str] = set()
    while module not in seen:
        seen.add(module)
        source = source_of(module)
        found = source.class_named(name)
        if found is not None:
            return Definition(source, found)
        outermost, dot, inner = name.partition(".")
        origin = source.origin(outermost)
        if origin is not None and origin.attribute is not None:
            module, name = origin.module, f"{origin.attribute}{dot}{inner}"
    return None


def parameters_of(kind: type) -> list[str]:
    """Return the names of the type parameters of a class.

    A class derived from generic classes of ``collections.abc`` does not have them at run time, so
    they are read from its source.
    """
    own = [each.__name__ for each in getattr(kind, "__parameters__", ())]
    if own or kind.__module__ in {"builtins", "typing", "abc"}:
        return own
    definition = _definition_or_none(kind)
    if definition is None:
        return []
    found: dict[str, None] = {}
    for base in definition.node.bases:
        for node in ast.walk(base):
            origin = definition.source.origin(node.id) if isinstance(node, ast.Name) else None
            if origin is not None and _is_type_variable(origin):
                found[str(origin.attribute)] = None
    return list(found)


def _definition_or_none(kind: type) -> Definition | None:
    """Return the definition of a class, or what its package has for type checkers."""
    try:
        return definition_of(kind)
    except (ImportError, ValueError):
        package = kind.__module__.rpartition(".")[0]
    try:
        # The package of an extension module often names a Python version of the class.
        return _search(package, kind.__qualname__) if package else None
    except (ImportError, ValueError):
        return None


def _is_type_variable(origin: Origin) -> bool:
    if isinstance(origin.value(), TypeVar | ParamSpec):
        return True
    try:
        # A type variable of a stub may not exist at run time.
        return source_of(origin.module).is_type_variable(str(origin.attribute))
    except (ImportError, ValueError):
        return False


def listed_parameters(kind: type) -> str:
    """Return the type parameters of a class in brackets; empty if it has none."""
    known = {each.__name__: each for each in getattr(kind, "__parameters__", ())}
    names = [
        f"*{name}" if isinstance(known.get(name), TypeVarTuple) else name
        for name in parameters_of(kind)
    ]
    return f"[{', '.join(names)}]" if names else ""
