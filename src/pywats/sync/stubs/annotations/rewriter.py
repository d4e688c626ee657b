"""Rewrite the annotations of an async class into the annotations of its synchronous face."""

from __future__ import annotations

import ast
import collections.abc
import copy
import typing
from typing import TYPE_CHECKING, TypeVar

from pywats.sync.faces.crossing.batches import Batches
from pywats.sync.faces.objects.introspection import is_async_class, is_bare_context
from pywats.sync.stubs.annotations.counterparts import (
    AWAITABLE,
    COUNTERPARTS,
    FUTURES,
    GENERATOR,
    SYNC_CONTEXT,
    SYNC_FUTURE,
    is_container_type,
)
from pywats.sync.stubs.annotations.scope import Scope
from pywats.sync.stubs.annotations.type_arguments import bound_parameters, type_arguments, unpacks
from pywats.sync.stubs.annotations.type_variables import face_of_bound, with_any
from pywats.sync.stubs.source.branches import statements
from pywats.sync.stubs.source.definitions import definition_of

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["rewrite_argument", "rewrite_result", "rewrite_value"]

_CALLABLES = (collections.abc.Callable, typing.Callable)


def rewrite_argument(scope: Scope, node: ast.expr) -> ast.expr:
    """Return the annotation of a parameter: the same type, with its names imported."""
    return _Rewriter(scope, faces=False, awaits=False).visit_expression(node)


def rewrite_result(
    scope: Scope, node: ast.expr, *, awaited: bool = False, settable: bool = False
) -> ast.expr:
    """Return the annotation of a result, with async types replaced by synchronous ones.

    Args:
        scope: Scope of the annotation.
        node: The annotation.
        awaited: Whether it is the result of a coroutine function. The face awaits only once, so
            an awaitable in this result stays awaitable.
        settable: Whether it is an attribute that the caller can set. A function in it may be the
            caller's own function, which is not converted.
    """
    rewriter = _Rewriter(scope, faces=True, awaits=not awaited, functions=not settable)
    return rewriter.visit_expression(node)


def rewrite_value(scope: Scope, node: ast.Name | ast.Attribute) -> ast.expr:
    """Return the name of a value, and import the value.

    Type arguments are not added: a value does not need them, unlike a generic class.
    """
    return _Rewriter(scope, faces=False, awaits=False).visit_value(node)


class _Rewriter(ast.NodeTransformer):
    """Rewrites one annotation.

    Args:
        scope: Scope of the annotation.
        faces: Whether async types are replaced with synchronous types.
        awaits: Whether awaitable types are replaced with the types of their results.
        functions: Whether async functions are replaced with plain functions.
    """

    def __init__(self, scope: Scope, *, faces: bool, awaits: bool, functions: bool = False) -> None:
        self._scope = scope
        self._faces = faces
        self._awaits = awaits
        self._functions = functions

    def _like(self, scope: Scope, *, awaits: bool) -> _Rewriter:
        return _Rewriter(scope, faces=self._faces, awaits=awaits, functions=self._functions)

    def visit_expression(self, node: ast.expr) -> ast.expr:
        """Return the rewritten expression; the given expression is not changed."""
        rewritten: ast.expr = self.visit(copy.deepcopy(node))
        return rewritten

    def visit_value(self, node: ast.Name | ast.Attribute) -> ast.expr:
        """Import the object to which a name refers."""
        return self._named(copy.deepcopy(node))

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Rewrite a quoted type."""
        if isinstance(node.value, str):
            return self.visit_expression(ast.parse(node.value, mode="eval").body)
        return node

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Import the object to which a name refers, or the face of the class."""
        bound = self._scope.bound(node.id)
        if bound is not None:
            if bound.node is None:
                return self._scope.anything()
            if bound.scope is None:
                return bound.node
            return self._like(bound.scope, awaits=self._awaits).visit_expression(bound.node)
        value = self._scope.value(node)
        if self._faces and isinstance(value, TypeVar):
            return face_of_bound(self._scope, value) or self._completed(node)
        return self._type(node, []) or self._completed(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Import the module of a qualified name."""
        return self._type(node, []) or self._completed(node)

    def visit_Starred(self, node: ast.Starred) -> ast.expr:
        """Rewrite an unpacked type variable tuple."""
        return self._bound_tuple(node.value) or ast.Starred(self.visit_expression(node.value))

    def _bound_tuple(self, node: ast.expr) -> ast.expr | None:
        """Return the types bound to a type variable tuple, unpacked; None if it is not bound."""
        bound = self._scope.bound(node.id) if isinstance(node, ast.Name) else None
        if bound is None or bound.node is None or bound.scope is None:
            return None
        return self._like(bound.scope, awaits=self._awaits).visit_expression(bound.node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Rewrite a type with arguments."""
        if unpacks(node):
            return self._bound_tuple(node.slice) or ast.Subscript(
                self._named(node.value), self.visit_expression(node.slice)
            )
        value = self._scope.value(node.value)
        if _is_special(value, "Literal", node.value):
            # Strings inside Literal[...] are values and not quoted types.
            return ast.Subscript(self._named(node.value), node.slice)
        given = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if _is_special(value, "Annotated", node.value):
            # The metadata are values of the program, which type checkers ignore.
            return self.visit_expression(given[0])
        name = self._scope.async_name(node.value)
        once = self._like(self._scope, awaits=False)
        if self._awaits and name in AWAITABLE:
            # A plain function that returns an awaitable is called like a coroutine function.
            return once.visit_expression(given[-1])
        if self._faces and name == "AsyncGenerator":
            nothing = ast.Constant(None)
            sent = once.visit_expression(given[1]) if given[1:] else nothing
            items = [once.visit_expression(given[0]), sent, nothing]
            return ast.Subscript(self._scope.imported(GENERATOR), ast.Tuple(items))
        if self._functions and value in _CALLABLES and len(given) == 2:  # noqa: PLR2004 - arguments and result
            return ast.Subscript(self._named(node.value), ast.Tuple(self._called(*given)))
        union = _is_special(value, "Union", node.value) or _is_special(
            value, "Optional", node.value
        )
        # Objects in a container are replaced with their faces, objects in other generic classes are
        # not.
        inner = _Rewriter(self._scope, faces=False, awaits=False)
        if union or name in {*COUNTERPARTS, *FUTURES} or is_container_type(value):
            inner = self if union else once
        changed = self._type(node.value, given)
        if changed is not None and not self._arguments_stay(node.value):
            return changed
        arguments = [inner.visit_expression(each) for each in given]
        slice_ = ast.Tuple(arguments) if isinstance(node.slice, ast.Tuple) else arguments[0]
        return ast.Subscript(changed or self._named(node.value), slice_)

    def _called(self, takes: ast.expr, returns: ast.expr) -> list[ast.expr]:
        """Return the arguments and the result of a function that the object returns.

        An async function becomes a plain function; the result of a plain function is not changed.
        """
        stays = _Rewriter(self._scope, faces=False, awaits=False)
        kind = returns.value if isinstance(returns, ast.Subscript) else returns
        name = self._scope.async_name(kind) if isinstance(kind, ast.Name | ast.Attribute) else ""
        is_async = name in {*AWAITABLE, *COUNTERPARTS}
        result = _Rewriter(self._scope, faces=True, awaits=True) if is_async else stays
        return [stays.visit_expression(takes), result.visit_expression(returns)]

    def _named(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Attribute):
            exported = self._scope.dotted(node)
            return exported or ast.Attribute(self._named(node.value), node.attr)
        if isinstance(node, ast.Name):
            return self._scope.resolve(node.id)
        return self.visit_expression(node)

    def _completed(self, node: ast.expr) -> ast.expr:
        """Return a type, with Any for type arguments that are missing in the source."""
        return with_any(self._scope, self._named(node), self._scope.value(node))

    def _type(self, node: ast.expr, given: list[ast.expr]) -> ast.expr | None:
        """Return the type that replaces an async type on the face; None for any other type.

        If the type arguments are kept, only the name of the type is returned.
        """
        if not self._faces:
            return None
        scope = self._scope
        name = scope.async_name(node)
        if self._awaits and name in AWAITABLE:
            return scope.anything()
        if name in FUTURES:
            future = scope.imported(SYNC_FUTURE)
            return future if given else ast.Subscript(future, scope.anything())
        if name in COUNTERPARTS:
            kind = scope.imported(COUNTERPARTS[name])
            if given:
                return kind
            anything, nothing = scope.anything(), ast.Constant(None)
            whole = ast.Tuple([anything, nothing, nothing])
            return ast.Subscript(kind, whole if name == "AsyncGenerator" else anything)
        value = scope.value(node)
        if not isinstance(value, type):
            return None
        if self._awaits and hasattr(value, "__await__"):
            return (
                _awaited(scope, value, given) or self._face(node, value, given) or scope.anything()
            )
        return self._face(node, value, given)

    def _arguments_stay(self, node: ast.expr) -> bool:
        """Tell whether the replacement of an async type has the same type arguments."""
        if self._scope.async_name(node) in {*COUNTERPARTS, *FUTURES}:
            return True
        awaited = self._awaits and hasattr(self._scope.value(node), "__await__")
        return not awaited and self._scope.face(node) is not None

    def _face(self, node: ast.expr, value: type, given: list[ast.expr]) -> ast.expr | None:
        face = self._scope.face(node)
        if face is not None:
            named = self._scope.imported(face)
            return named if given else with_any(self._scope, named, value)
        if hasattr(value, "__anext__"):
            return _iterator(self._scope, value, given)
        if is_bare_context(value):
            return _context(self._scope, value, given)
        if is_async_class(value) and not getattr(value, "_is_protocol", False):
            self._scope.imports.left_async.add(value)
        return None


def _is_special(value: object, name: str, node: ast.expr) -> bool:
    # Since Python 3.14, Union is a class and has `__name__`; special forms have `_name`.
    found = getattr(value, "_name", None) or getattr(value, "__name__", None)
    return found == name or (value is None and ast.unparse(node).rpartition(".")[2] == name)


def _iterator(scope: Scope, kind: type, given: Sequence[ast.expr]) -> ast.expr | None:
    """Return the generator type that replaces an async iterator.

    Args:
        scope: Scope of the annotation.
        kind: Class of the async iterator.
        given: Type arguments in the annotation.
    """
    method = "next_batch" if issubclass(kind, Batches) else "__anext__"
    item = _protocol(scope, kind, given, method)
    if isinstance(item, ast.Subscript) and method == "next_batch":
        item = item.slice
    nothing = ast.Constant(None)
    return item and ast.Subscript(scope.imported(GENERATOR), ast.Tuple([item, nothing, nothing]))


def _context(scope: Scope, kind: type, given: Sequence[ast.expr]) -> ast.expr | None:
    """Return the type that replaces a bare async context manager; see `_iterator`."""
    entered = _protocol(scope, kind, given, "__aenter__")
    return entered and ast.Subscript(scope.imported(SYNC_CONTEXT), entered)


def _awaited(scope: Scope, kind: type, given: Sequence[ast.expr]) -> ast.expr | None:
    """Return the result type of awaiting an instance; None if the source does not have it."""
    returned = _protocol(scope, kind, given, "__await__")
    if not isinstance(returned, ast.Subscript) or not isinstance(returned.slice, ast.Tuple):
        return None
    result = returned.slice.elts[-1]
    return None if scope.is_anything(result) else result


def _protocol(scope: Scope, kind: type, given: Sequence[ast.expr], method: str) -> ast.expr | None:
    """Return the result annotation of a method, rewritten for the face."""
    pairs = bound_parameters(kind, given, scope)
    for base, arguments in type_arguments(kind, scope.imports, scope.faces, pairs).items():
        try:
            definition = definition_of(base)
        except ValueError:
            continue  # A base class in an extension module, which has no annotations.
        for node in statements(definition.node.body):
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
                if node.name != method or node.returns is None:
                    continue
                inside = Scope(definition.source, scope.imports, scope.faces, arguments, base)
                awaited = isinstance(node, ast.AsyncFunctionDef)
                return rewrite_result(inside, node.returns, awaited=awaited)
    return None
