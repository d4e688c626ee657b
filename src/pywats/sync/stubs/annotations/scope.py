"""Resolve the names in the annotations of a class."""

from __future__ import annotations

import ast
import builtins
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.sync.stubs.annotations.counterparts import AWAITABLE, COUNTERPARTS, async_name
from pywats.sync.stubs.source.definitions import definition_of
from pywats.sync.stubs.source.names import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.sync.stubs.imports import Imports
    from pywats.sync.stubs.source.names import Source

__all__ = ["Bound", "Scope"]

_ANY = Origin("typing", "Any")


@dataclass(frozen=True, slots=True)
class Bound:
    """The type that is bound to a type parameter.

    Attributes:
        node: The expression; None for Any.
        scope: Scope of the expression; None if it is already an expression of the stub.
    """

    node: ast.expr | None
    scope: Scope | None = None


class Scope:
    """Names that are visible in the annotations of one class.

    Args:
        source: The module that defines the class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.
        type_arguments: The types that are bound to the type parameters of the class.
        of: The class whose body has the annotations; None if they are not in a class.
    """

    def __init__(
        self,
        source: Source,
        imports: Imports,
        faces: Mapping[type, Origin],
        type_arguments: Mapping[str, Bound],
        of: type | None = None,
    ) -> None:
        self.imports = imports
        self.faces = faces
        self._source = source
        self._type_arguments = type_arguments
        self._of = of
        self._nested = set() if of is None else definition_of(of).nested()

    def knows(self, name: str) -> bool:
        """Tell whether a name can be used in the stub."""
        if name in self._nested:
            return True
        return self._source.origin(name) is not None or hasattr(builtins, name)

    def resolve(self, name: str) -> ast.expr:
        """Return the expression for a name in the stub."""
        if self._of is not None and name in self._nested:
            return ast.Name(f"{self.imports.class_name(self._of)}.{name}")
        origin = self._source.origin(name)
        self.imports.submodules(self._source.submodules(name))
        if origin is None and hasattr(builtins, name) and self.imports.is_member(name):
            # In the body of the class, this name refers to a member, so import the builtin.
            origin = Origin("builtins", name)
        return ast.Name(name if origin is None else self.imports.name(origin.exported(), name))

    def bound(self, name: str) -> Bound | None:
        """Return the type that is bound to a type parameter; None for any other name."""
        return self._type_arguments.get(name)

    def dotted(self, node: ast.Attribute) -> ast.expr | None:
        """Return the name for an attribute that its module does not export; None for others."""
        module = self.value(node.value)
        if not inspect.ismodule(module):
            return None
        origin = Origin(module.__name__, node.attr)
        exported = origin.exported()
        return None if exported == origin else self.imported(exported)

    def standing_for(self, name: str, what: ast.expr) -> Scope:
        """Return a scope in which a name, such as a type variable, is bound to an expression."""
        arguments = {**self._type_arguments, name: Bound(what)}
        return Scope(self._source, self.imports, self.faces, arguments, self._of)

    def anything(self) -> ast.Name:
        """Return the annotation Any, for parameters and results without an annotation."""
        return self.imported(_ANY)

    def is_anything(self, node: ast.expr) -> bool:
        """Tell whether an expression of the stub is Any."""
        return isinstance(node, ast.Name) and node.id == self.imports.known(_ANY)

    def imported(self, origin: Origin) -> ast.Name:
        """Return the name of an object in the stub; the source need not use the object."""
        return ast.Name(self.imports.name(origin, str(origin.attribute or origin.module)))

    def face(self, node: ast.expr) -> Origin | None:
        """Return the synchronous face of the class to which an expression refers."""
        value = self.value(node)
        return self.faces.get(value) if isinstance(value, type) else None

    def is_async(self, node: ast.expr | None) -> bool:
        """Tell whether an annotation has a type that the face replaces."""
        names = [] if node is None else ast.walk(node)
        return any(
            self.async_name(each) in {*COUNTERPARTS, *AWAITABLE}
            for each in names
            if isinstance(each, ast.Name | ast.Attribute)
        )

    def async_name(self, node: ast.expr) -> str:
        """Return the name of a type if its module defines async types, else ""."""
        return async_name(self.value(node))

    def value(self, node: ast.expr) -> object:
        """Return the object to which an expression refers at run time; None if it is unknown."""
        if isinstance(node, ast.Attribute):
            return getattr(self.value(node.value), node.attr, None)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self.value(ast.parse(node.value, mode="eval").body)
        if isinstance(node, ast.Subscript):
            return self.value(node.value)
        if not isinstance(node, ast.Name):
            return None
        bound = self.bound(node.id)
        if bound is not None:
            if bound.scope is None or bound.node is None:
                return None
            return bound.scope.value(bound.node)
        if node.id in self._nested:
            return vars(self._of).get(node.id)
        origin = self._source.origin(node.id)
        return getattr(builtins, node.id, None) if origin is None else origin.value()
