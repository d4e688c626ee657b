"""From the annotations of an async class to those of its synchronous face."""

from __future__ import annotations

import ast
import builtins
import copy
from typing import TYPE_CHECKING, Any, Generic

from pywats.sync.batches import Batches
from pywats.sync.stubs.names import Origin, source_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.sync.stubs.names import Imports, Source

__all__ = ["Annotations", "type_arguments"]

_ABC = "collections.abc"
_GENERATOR = Origin(_ABC, "Generator")
# What stands for each async type on the synchronous face.
_SYNC: dict[str, Origin] = {
    "AsyncIterator": Origin(_ABC, "Iterator"),
    "AsyncIterable": Origin(_ABC, "Iterable"),
    "AsyncGenerator": _GENERATOR,
    "AsyncContextManager": Origin("contextlib", "AbstractContextManager"),
    "AbstractAsyncContextManager": Origin("contextlib", "AbstractContextManager"),
}
_ASYNC_MODULES = frozenset({_ABC, "typing", "typing_extensions", "contextlib"})
_AWAITABLE = frozenset({"Awaitable", "Coroutine"})


class Annotations:
    """Rewrites the annotations of one class for a stub.

    Args:
        source: The module that defines the class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.
        type_arguments: What the type parameters of the class stand for.
    """

    def __init__(
        self,
        source: Source,
        imports: Imports,
        faces: Mapping[type, Origin],
        type_arguments: Mapping[str, ast.expr],
    ) -> None:
        self._source = source
        self._imports = imports
        self._faces = faces
        self._type_arguments = type_arguments

    def argument(self, node: ast.expr) -> ast.expr:
        """Return the annotation of a parameter: the same type, with its names imported."""
        return _Rewriter(self, faces=False).visit_expression(node)

    def result(self, node: ast.expr) -> ast.expr:
        """Return the annotation of a result, with async types replaced by synchronous ones."""
        return _Rewriter(self, faces=True).visit_expression(node)

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
        return self._source.origin(name) is not None or hasattr(builtins, name)

    def resolve(self, name: str) -> ast.expr:
        """Return what a name is in the stub."""
        if name in self._type_arguments:
            return self._type_arguments[name]
        origin = self._source.origin(name)
        self._imports.submodules(self._source.submodules(name))
        return ast.Name(name if origin is None else self._imports.name(origin, name))

    def imported(self, origin: Origin) -> ast.Name:
        """Return a name of the stub for something that the source may not name."""
        return ast.Name(self._imports.name(origin, str(origin.attribute)))

    def face(self, node: ast.expr) -> Origin | None:
        """Return the synchronous face of the class that an expression names."""
        value = self.value(node)
        return self._faces.get(value) if isinstance(value, type) else None

    def batches(self, kind: type[Batches[Any]]) -> ast.expr:
        """Return what becomes of a class of `Batches` that is named without type arguments."""
        given = type_arguments(kind, self._imports, self._faces)[Batches]
        nothing = ast.Constant(None)
        return ast.Subscript(
            self.imported(_GENERATOR), ast.Tuple([*given.values(), nothing, nothing])
        )

    def value(self, node: ast.expr) -> object:
        """Return what an expression names at run time; None if that cannot be had."""
        if isinstance(node, ast.Attribute):
            return getattr(self.value(node.value), node.attr, None)
        if not isinstance(node, ast.Name):
            return None
        origin = self._source.origin(node.id)
        return getattr(builtins, node.id, None) if origin is None else origin.value()


class _Rewriter(ast.NodeTransformer):
    """Rewrites one annotation."""

    def __init__(self, context: Annotations, *, faces: bool) -> None:
        self._context = context
        self._faces = faces

    def visit_expression(self, node: ast.expr) -> ast.expr:
        """Return the rewritten expression; the given one is left as it is."""
        rewritten: ast.expr = self.visit(copy.deepcopy(node))
        return rewritten

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Read a type that is quoted."""
        if isinstance(node.value, str):
            return self.visit_expression(ast.parse(node.value, mode="eval").body)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Import a name, or the face of the class that it names."""
        return self._type(node) or self._context.resolve(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Import the module of a qualified name."""
        changed = self._type(node)
        return changed or ast.Attribute(self.visit_expression(node.value), node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Rewrite a type with arguments."""
        value = self._context.value(node.value)
        if _is_special(value, "Literal", node.value):
            # What is inside Literal[...] are values, not quoted types.
            return ast.Subscript(self.visit_expression(node.value), node.slice)
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if _is_special(value, "Annotated", node.value):
            # The metadata are values of the program, and say nothing to a type checker.
            return self.visit_expression(given[0])
        name = self._async_name(node.value)
        if self._faces and name in _AWAITABLE:
            # A plain function that returns an awaitable is called like a coroutine function.
            return self.visit_expression(given[-1])
        batches = isinstance(value, type) and issubclass(value, Batches)
        if self._faces and (batches or name == "AsyncGenerator"):
            nothing = ast.Constant(None)
            items = [self.visit_expression(given[0]), nothing, nothing]
            return ast.Subscript(self._context.imported(_GENERATOR), ast.Tuple(items))
        union = _is_special(value, "Union", node.value) or _is_special(
            value, "Optional", node.value
        )
        if union or name in _SYNC:
            return ast.Subscript(
                self.visit_expression(node.value), self.visit_expression(node.slice)
            )
        # What is inside a container is not wrapped on its way out.
        inner = _Rewriter(self._context, faces=False)
        return ast.Subscript(self.visit_expression(node.value), inner.visit_expression(node.slice))

    def _type(self, node: ast.expr) -> ast.expr | None:
        if not self._faces:
            return None
        name = self._async_name(node)
        if name in _SYNC:
            return self._context.imported(_SYNC[name])
        face = self._context.face(node)
        if face is not None:
            return self._context.imported(face)
        value = self._context.value(node)
        if isinstance(value, type) and issubclass(value, Batches):
            return self._context.batches(value)
        return None

    def _async_name(self, node: ast.expr) -> str:
        value = self._context.value(node)
        module = getattr(value, "__module__", "")
        name = getattr(value, "__name__", "") or getattr(value, "_name", "")
        # typing.AsyncIterator calls itself AsyncIterator of the module typing.
        return name if module in _ASYNC_MODULES else ""


def type_arguments(
    of: type, imports: Imports, faces: Mapping[type, Origin]
) -> dict[type, dict[str, ast.expr]]:
    """Return a class and its bases with what the type parameters of each stand for.

    Args:
        of: The class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.

    Raises:
        ValueError: A class has no Python source.
    """
    found: dict[type, dict[str, ast.expr]] = {}

    def visit(kind: type, given: dict[str, ast.expr]) -> None:
        if kind in found or kind.__module__ in {"builtins", "typing", "abc"}:
            return
        found[kind] = given
        source = source_of(kind.__module__)
        annotations = Annotations(source, imports, faces, given)
        for base in source.class_definition(kind.__qualname__).bases:
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

    visit(of, {})
    return found


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def _is_special(value: object, name: str, node: ast.expr) -> bool:
    # Union, and since Python 3.14 Optional too, are classes, not special forms.
    found = getattr(value, "_name", None) or getattr(value, "__name__", None)
    return found == name or (value is None and ast.unparse(node).rpartition(".")[2] == name)
