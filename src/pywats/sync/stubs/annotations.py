"""From the annotations of an async class to those of its synchronous face."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Any, Generic

from pywats.sync.batches import Batches
from pywats.sync.stubs.branches import statements
from pywats.sync.stubs.counterparts import (
    AWAITABLE,
    COUNTERPARTS,
    GENERATOR,
    SYNC_CONTEXT,
    async_name,
)
from pywats.sync.stubs.names import Origin, definition_of
from pywats.sync.stubs.rewriter import Rewriter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pywats.sync.stubs.names import Imports, Source

__all__ = ["Annotations", "type_arguments"]

_ANY = Origin("typing", "Any")


class Annotations:
    """Rewrites the annotations of one class for a stub.

    Args:
        source: The module that defines the class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.
        type_arguments: What the type parameters of the class stand for.
        of: The class whose body has the annotations; None if they are outside of it.
    """

    def __init__(
        self,
        source: Source,
        imports: Imports,
        faces: Mapping[type, Origin],
        type_arguments: Mapping[str, ast.expr],
        of: type | None = None,
    ) -> None:
        self._source = source
        self._imports = imports
        self._faces = faces
        self._type_arguments = type_arguments
        self._of = of
        self._nested = set() if of is None else definition_of(of).nested()

    def argument(self, node: ast.expr) -> ast.expr:
        """Return the annotation of a parameter: the same type, with its names imported."""
        return Rewriter(self, faces=False, awaits=False).visit_expression(node)

    def result(self, node: ast.expr, *, awaited: bool = False) -> ast.expr:
        """Return the annotation of a result, with async types replaced by synchronous ones.

        Args:
            node: The annotation.
            awaited: Whether it is that of a coroutine function. The face awaits once, so what
                such a function returns stays awaitable if it is.
        """
        return Rewriter(self, faces=True, awaits=not awaited).visit_expression(node)

    def default(self, node: ast.expr) -> ast.expr:
        """Return a default value if it can be written in a stub, else ``...``."""
        if _is_literal(node):
            return node
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(root, ast.Name) and self.knows(root.id):
            return self.argument(node)
        return ast.Constant(...)

    def knows(self, name: str) -> bool:
        """Tell whether a name can be used in the stub."""
        if name in self._nested:
            return True
        return self._source.origin(name) is not None or hasattr(builtins, name)

    def resolve(self, name: str) -> ast.expr:
        """Return what a name is in the stub."""
        if name in self._type_arguments:
            return self._type_arguments[name]
        if self._of is not None and name in self._nested:
            return ast.Name(f"{self._imports.class_name(self._of)}.{name}")
        origin = self._source.origin(name)
        self._imports.submodules(self._source.submodules(name))
        if origin is None and hasattr(builtins, name) and self._imports.is_member(name):
            # In the body of the class, this name is that of the member.
            origin = Origin("builtins", name)
        return ast.Name(name if origin is None else self._imports.name(origin.exported(), name))

    def standing_for(self, name: str, what: ast.expr) -> Annotations:
        """Return annotations in which a name, such as a type variable, stands for something."""
        arguments = {**self._type_arguments, name: what}
        return Annotations(self._source, self._imports, self._faces, arguments, self._of)

    def anything(self) -> ast.expr:
        """Return what stands for an annotation that the source does not have."""
        return self.imported(_ANY)

    def imported(self, origin: Origin) -> ast.Name:
        """Return a name of the stub for something that the source may not name."""
        return ast.Name(self._imports.name(origin, str(origin.attribute)))

    def face(self, node: ast.expr) -> Origin | None:
        """Return the synchronous face of the class that an expression names."""
        value = self.value(node)
        return self._faces.get(value) if isinstance(value, type) else None

    def iterator(self, kind: type, given: Sequence[ast.expr]) -> ast.expr | None:
        """Return what becomes of an async iterator: a generator.

        Args:
            kind: Its class.
            given: The type arguments that it is named with.
        """
        method = "next_batch" if issubclass(kind, Batches) else "__anext__"
        item = self._protocol(kind, given, method)
        if isinstance(item, ast.Subscript) and method == "next_batch":
            item = item.slice
        nothing = ast.Constant(None)
        return item and ast.Subscript(self.imported(GENERATOR), ast.Tuple([item, nothing, nothing]))

    def context(self, kind: type, given: Sequence[ast.expr]) -> ast.expr | None:
        """Return what becomes of a bare async context manager: a plain one; see `iterator`."""
        entered = self._protocol(kind, given, "__aenter__")
        return entered and ast.Subscript(self.imported(SYNC_CONTEXT), entered)

    def _protocol(self, kind: type, given: Sequence[ast.expr], method: str) -> ast.expr | None:
        """Return the annotation of the result of a method, as it is on the face."""
        names = [each.__name__ for each in getattr(kind, "__parameters__", ())]
        known = type_arguments(
            kind, self._imports, self._faces, dict(zip(names, given, strict=False))
        )
        for base, arguments in known.items():
            definition = definition_of(base)
            for node in statements(definition.node.body):
                if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                    if node.name != method or node.returns is None:
                        continue
                    found = Annotations(
                        definition.source, self._imports, self._faces, arguments, base
                    )
                    return found.result(
                        node.returns, awaited=isinstance(node, ast.AsyncFunctionDef)
                    )
        return None

    def is_async(self, node: ast.expr | None) -> bool:
        """Tell whether an annotation names something that the face has another type for."""
        names = [] if node is None else ast.walk(node)
        return any(
            self.async_name(each) in {*COUNTERPARTS, *AWAITABLE}
            for each in names
            if isinstance(each, ast.Name | ast.Attribute)
        )

    def async_name(self, node: ast.expr) -> str:
        """Return the name of a type if it is of a module that has the async types."""
        return async_name(self.value(node))

    def value(self, node: ast.expr) -> object:
        """Return what an expression names at run time; None if that cannot be had."""
        if isinstance(node, ast.Attribute):
            return getattr(self.value(node.value), node.attr, None)
        if not isinstance(node, ast.Name):
            return None
        if node.id in self._nested:
            return vars(self._of).get(node.id)
        origin = self._source.origin(node.id)
        return getattr(builtins, node.id, None) if origin is None else origin.value()


def type_arguments(
    of: type,
    imports: Imports,
    faces: Mapping[type, Origin],
    given: Mapping[str, ast.expr] | None = None,
) -> dict[type, dict[str, ast.expr]]:
    """Return a class and its bases with what the type parameters of each stand for.

    Args:
        of: The class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.
        given: What the type parameters of the class itself stand for.

    Raises:
        ValueError: A class has no Python source.
    """
    found: dict[type, dict[str, ast.expr]] = {}

    def visit(kind: type, given: dict[str, ast.expr]) -> None:
        if kind in found or kind.__module__ in {"builtins", "typing", "abc"}:
            return
        found[kind] = given
        definition = definition_of(kind)
        annotations = Annotations(definition.source, imports, faces, given)
        for base in definition.node.bases:
            named = base.value if isinstance(base, ast.Subscript) else base
            value: Any = annotations.value(named)
            if not isinstance(value, type) or value is Generic:
                continue
            names = [each.__name__ for each in getattr(value, "__parameters__", ())]
            texts: list[ast.expr] = []
            if isinstance(base, ast.Subscript):
                inside = base.slice
                texts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            pairs = zip(names, texts, strict=False)
            visit(value, {name: annotations.argument(text) for name, text in pairs})

    visit(of, dict(given or {}))
    return found


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
