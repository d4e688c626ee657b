"""From the annotations of an async class to those of its synchronous face."""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING

from pywats.sync.batches import Batches
from pywats.sync.stubs.names import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.sync.stubs.names import Imports, Source

__all__ = ["Annotations"]

_ABC = "collections.abc"
# What stands for each async type on the synchronous face.
_SYNC: dict[str, Origin] = {
    "AsyncIterator": Origin(_ABC, "Iterator"),
    "AsyncIterable": Origin(_ABC, "Iterable"),
    "AsyncGenerator": Origin(_ABC, "Generator"),
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
        literal = isinstance(node, ast.Constant) or (
            isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
        )
        if literal:
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
        return ast.Name(name if origin is None else self._imports.name(origin, name))

    def imported(self, origin: Origin) -> ast.Name:
        """Return a name of the stub for something that the source may not name."""
        return ast.Name(self._imports.name(origin, str(origin.attribute)))

    def face(self, node: ast.expr) -> Origin | None:
        """Return the synchronous face of the class that an expression names."""
        value = self.value(node)
        return self._faces.get(value) if isinstance(value, type) else None

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
        """Return the rewritten expression."""
        rewritten: ast.expr = self.visit(node)
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
        if _is_literal(self._context.value(node.value), node.value):
            # What is inside Literal[...] are values, not quoted types.
            return ast.Subscript(self.visit_expression(node.value), node.slice)
        name = self._async_name(node.value)
        if self._faces and name in _AWAITABLE:
            # A plain function that returns an awaitable is called like a coroutine function.
            last = node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) else node.slice
            return self.visit_expression(last)
        arguments = self.visit_expression(node.slice)
        if self._faces and name == "AsyncGenerator":
            sent = arguments.elts if isinstance(arguments, ast.Tuple) else [arguments]
            arguments = ast.Tuple([*sent[:2], *[ast.Constant(None)] * (3 - len(sent[:2]))])
        if self._faces and self._is_batches(node.value):
            nothing = ast.Constant(None)
            return ast.Subscript(
                self._context.imported(Origin(_ABC, "Generator")),
                ast.Tuple([arguments, nothing, nothing]),
            )
        return ast.Subscript(self.visit_expression(node.value), arguments)

    def _type(self, node: ast.expr) -> ast.expr | None:
        if not self._faces:
            return None
        name = self._async_name(node)
        if name in _SYNC:
            return self._context.imported(_SYNC[name])
        face = self._context.face(node)
        return None if face is None else self._context.imported(face)

    def _async_name(self, node: ast.expr) -> str:
        value = self._context.value(node)
        module = getattr(value, "__module__", "")
        name = getattr(value, "__name__", "") or getattr(value, "_name", "")
        # typing.AsyncIterator calls itself AsyncIterator of the module typing.
        return name if module in _ASYNC_MODULES else ""

    def _is_batches(self, node: ast.expr) -> bool:
        value = self._context.value(node)
        return isinstance(value, type) and issubclass(value, Batches)


def _is_literal(value: object, node: ast.expr) -> bool:
    return getattr(value, "_name", None) == "Literal" or ast.unparse(node).endswith("Literal")
