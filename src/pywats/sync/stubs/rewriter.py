"""Rewrites one annotation for a stub."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

from pywats.sync.nature import is_bare_context
from pywats.sync.stubs.arity import missing_arguments
from pywats.sync.stubs.counterparts import AWAITABLE, COUNTERPARTS, GENERATOR

if TYPE_CHECKING:
    from pywats.sync.stubs.annotations import Annotations

__all__ = ["Rewriter"]


class Rewriter(ast.NodeTransformer):
    """Rewrites one annotation.

    Args:
        context: The annotations it is one of.
        faces: Whether async types become synchronous ones.
        awaits: Whether awaitables become what they will be.
    """

    def __init__(self, context: Annotations, *, faces: bool, awaits: bool) -> None:
        self._context = context
        self._faces = faces
        self._awaits = awaits

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
        return self._type(node, []) or self._completed(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Import the module of a qualified name."""
        return self._type(node, []) or self._completed(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Rewrite a type with arguments."""
        value = self._context.value(node.value)
        if _is_special(value, "Literal", node.value):
            # What is inside Literal[...] are values, not quoted types.
            return ast.Subscript(self._named(node.value), node.slice)
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if _is_special(value, "Annotated", node.value):
            # The metadata are values of the program, and say nothing to a type checker.
            return self.visit_expression(given[0])
        name = self._context.async_name(node.value)
        once = Rewriter(self._context, faces=self._faces, awaits=False)
        if self._awaits and name in AWAITABLE:
            # A plain function that returns an awaitable is called like a coroutine function.
            return once.visit_expression(given[-1])
        if self._faces and name == "AsyncGenerator":
            nothing = ast.Constant(None)
            sent = once.visit_expression(given[1]) if given[1:] else nothing
            items = [once.visit_expression(given[0]), sent, nothing]
            return ast.Subscript(self._context.imported(GENERATOR), ast.Tuple(items))
        union = _is_special(value, "Union", node.value) or _is_special(
            value, "Optional", node.value
        )
        # What is inside a container is not wrapped on its way out.
        inner = Rewriter(self._context, faces=False, awaits=False)
        if union or name in COUNTERPARTS:
            inner = self if union else once
        arguments = [inner.visit_expression(each) for each in given]
        changed = self._type(node.value, arguments)
        if changed is not None and not isinstance(changed, ast.Name):
            return changed
        slice_ = ast.Tuple(arguments) if isinstance(node.slice, ast.Tuple) else arguments[0]
        return ast.Subscript(changed or self._named(node.value), slice_)

    def _named(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Attribute):
            return ast.Attribute(self._named(node.value), node.attr)
        if isinstance(node, ast.Name):
            return self._context.resolve(node.id)
        return self.visit_expression(node)

    def _completed(self, node: ast.expr) -> ast.expr:
        """Return a named type, with Any for the type arguments that the source leaves out."""
        named = self._named(node)
        missing = missing_arguments(self._context.value(node))
        if not missing:
            return named
        anything: list[ast.expr] = [
            ast.Constant(...) if each is ... else self._context.anything() for each in missing
        ]
        return ast.Subscript(named, ast.Tuple(anything) if anything[1:] else anything[0])

    def _type(self, node: ast.expr, given: list[ast.expr]) -> ast.expr | None:
        """Return what stands for an async type on the face; None for any other type."""
        if not self._faces:
            return None
        name = self._context.async_name(node)
        if self._awaits and name in AWAITABLE:
            return self._context.anything()
        if name in COUNTERPARTS:
            kind = self._context.imported(COUNTERPARTS[name])
            if given:
                return kind
            anything, nothing = self._context.anything(), ast.Constant(None)
            whole = ast.Tuple([anything, nothing, nothing])
            return ast.Subscript(kind, whole if name == "AsyncGenerator" else anything)
        face = self._context.face(node)
        if face is not None:
            return self._context.imported(face)
        value = self._context.value(node)
        if isinstance(value, type) and hasattr(value, "__anext__"):
            return self._context.iterator(value, given)
        if isinstance(value, type) and is_bare_context(value):
            return self._context.context(value, given)
        return None


def _is_special(value: object, name: str, node: ast.expr) -> bool:
    # Union, and since Python 3.14 Optional too, are classes, not special forms.
    found = getattr(value, "_name", None) or getattr(value, "__name__", None)
    return found == name or (value is None and ast.unparse(node).rpartition(".")[2] == name)
