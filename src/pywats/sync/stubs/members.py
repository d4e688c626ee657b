"""Convert the public members of an async class to the members of its synchronous face."""

from __future__ import annotations

import ast
import inspect
import typing
from contextlib import asynccontextmanager
from dataclasses import InitVar, replace
from typing import TYPE_CHECKING

from pywats.sync.stubs.annotations.rewriter import rewrite_argument, rewrite_result
from pywats.sync.stubs.annotations.scope import Bound, Scope
from pywats.sync.stubs.annotations.type_arguments import type_arguments
from pywats.sync.stubs.declared import (
    PROTOCOLS,
    Declared,
    Definition,
    declared_members,
    names_in_body,
)
from pywats.sync.stubs.defaults import fitting
from pywats.sync.stubs.overloads import distinct
from pywats.sync.stubs.properties import is_called, is_property
from pywats.sync.stubs.run_time import run_time_member, run_time_members
from pywats.sync.stubs.signatures import Function, Member, attribute
from pywats.sync.stubs.source.definitions import definition_of
from pywats.sync.stubs.source.names import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pywats.sync.stubs.imports import Imports

__all__ = ["members_of", "reserve_members", "type_parameters_of"]

# Classes that are a complete type; `list`, for example, lacks the type of its items.
_PLAIN = frozenset({bool, int, float, complex, str, bytes})


def members_of(of: type, imports: Imports, faces: Mapping[type, Origin]) -> list[Member]:
    """Return the public members of a class and its bases; members of the class come first.

    Args:
        of: The async class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.

    Raises:
        ValueError: The class has no Python source.
    """
    found: dict[str, Member] = {}
    arguments = type_arguments(of, imports, faces)
    for kind in of.__mro__:
        if kind not in arguments:
            continue
        declared = _declared(kind)
        if declared is not None:
            source = definition_of(kind).source
            scope = Scope(source, imports, faces, arguments[kind], kind)
            for name, each in declared.items():
                if name not in found and not _only_for_init(each, scope):
                    static = inspect.getattr_static(of, name, None)
                    found[name] = _member(PROTOCOLS.get(name, name), each, scope, static)
        anything = ast.Name("Any")
        for member in run_time_members(kind, {*found, *names_in_body(kind)}, anything):
            anything.id = imports.name(Origin("typing", "Any"), "Any")
            found[member.name] = member
    if "__anext__" in found or "__aiter__" in found:
        found.pop("__iter__", None)
    if "__anext__" in found:
        # __aiter__ often returns the object itself; then only __anext__ has the type of the items.
        found["__aiter__"] = _iterating(found["__anext__"], imports)
    return list(found.values())


def _iterating(step: Member, imports: Imports) -> Member:
    """Return the member ``__iter__`` for the result type of ``__next__``."""
    iterator = ast.Name(imports.name(Origin("collections.abc", "Iterator"), "Iterator"))
    functions = tuple(
        replace(
            each,
            name="__iter__",
            result=None if each.result is None else ast.Subscript(iterator, each.result),
            documentation=None,
        )
        for each in step.functions
    )
    return replace(step, name="__iter__", functions=functions)


def reserve_members(classes: Iterable[type], imports: Imports) -> None:
    """Prevent the stub from importing an object under the name of a member."""
    for of in classes:
        for kind in type_arguments(of, imports, {}):
            declared = _declared(kind) or {}
            made = [name for name, each in vars(kind).items() if not isinstance(each, type)]
            imports.reserve_members([*declared, *(each for each in made if each[:1] != "_")])


def _declared(kind: type) -> dict[str, Declared] | None:
    """Return the members in the source of a class; None for a class of an extension module."""
    try:
        return declared_members(kind)
    except ValueError:
        return None


def _only_for_init(found: Declared, scope: Scope) -> bool:
    """Tell whether a declaration in a dataclass is only a parameter of ``__init__``."""
    return found.annotation is not None and scope.value(found.annotation) is InitVar


def _property(scope: Scope) -> str:
    return ast.unparse(scope.resolve("property"))


def _member(name: str, found: Declared, scope: Scope, static: object) -> Member:
    if found.of_instances:
        if found.annotation is None:
            return Member(name, (), is_method=False, annotation=scope.anything())
        # awaited=True, because a face does not await the attribute: a future stays a future.
        held = rewrite_result(scope, found.annotation, awaited=True, settable=True)
        return Member(name, (), is_method=False, annotation=held)
    if not found.definitions and found.annotation is None and is_called(static):
        return run_time_member(name, static, scope.anything())
    if not found.definitions:
        kind, fixed = _data_type(found.annotation, scope, static)
        return Member(
            name, tuple(attribute(name, kind, None, _property(scope), fixed=fixed)), False
        )
    getter = found.definitions[0]
    # A member that is declared only for type checkers has no value at run time to check.
    unseen = static is None and _is(getter, property, scope)
    if unseen or is_property(static):
        result = _result(getter, scope)
        fixed = unseen and not found.definitions[1:]
        if isinstance(static, property):
            fixed = static.fset is None
        documentation = ast.get_docstring(getter)
        functions = tuple(attribute(name, result, documentation, _property(scope), fixed=fixed))
        return Member(name, functions, False)
    implementation = found.definitions[-1]
    overloads = [each for each in found.definitions if _is(each, typing.overload, scope)]
    documentation = ast.get_docstring(implementation)
    signatures = distinct(
        [
            (
                isinstance(each, ast.AsyncFunctionDef) or scope.is_async(each.returns),
                _function(name, each, scope, static, documentation),
            )
            for each in overloads or [implementation]
        ],
        scope.is_anything,
    )
    if len(signatures) > 1:
        overload = scope.imported(Origin("typing", "overload")).id
        signatures = [replace(each, decorators=(overload,)) for each in signatures]
    return Member(name, tuple(signatures), True)


def _data_type(annotation: ast.expr | None, scope: Scope, value: object) -> tuple[ast.expr, bool]:
    qualifier = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    named = None if qualifier is None else scope.value(qualifier)
    fixed = named is typing.Final
    if named in {typing.Final, typing.ClassVar}:
        annotation = annotation.slice if isinstance(annotation, ast.Subscript) else None
    if annotation is not None:
        return rewrite_result(scope, annotation, awaited=True, settable=not fixed), fixed
    kind = type(value)
    return ast.Name(kind.__name__ if kind in _PLAIN else "object"), fixed


def _function(
    name: str,
    node: Definition,
    scope: Scope,
    static: object,
    documentation: str | None,
) -> Function:
    old = node.args
    positional = [*old.posonlyargs, *old.args]
    # ``def m(*args)`` does not name the object.
    named_self = bool(positional) and not isinstance(static, staticmethod)
    if named_self:
        scope = _with_own_type(positional[0].annotation, scope)
        positional = positional[1:]
    only = max(0, len(old.posonlyargs) - named_self)
    missing = [None] * (len(old.posonlyargs) + len(old.args) - len(old.defaults))
    given = [*missing, *old.defaults][-len(positional) :] if positional else []
    pairs = [
        fitting(scope, _argument(each, scope), each, value)
        for each, value in zip(positional, given, strict=True)
    ]
    named = [
        fitting(scope, _keyword(each, scope), each, value)
        for each, value in zip(old.kwonlyargs, old.kw_defaults, strict=True)
    ]
    renewed = [each for each, _ in pairs]
    arguments = ast.arguments(
        posonlyargs=[ast.arg("self"), *renewed[:only]] if only else [],
        args=renewed[only:] if only else [ast.arg("self"), *renewed],
        vararg=_argument(old.vararg, scope) if old.vararg else None,
        kwonlyargs=[each for each, _ in named],
        kw_defaults=[value for _, value in named],
        kwarg=_argument(old.kwarg, scope) if old.kwarg else None,
        defaults=[value for _, value in pairs if value is not None],
    )
    result = _result(node, scope)
    if node.name == "__aexit__":
        # The face takes the arguments of a `with` statement, with its own parameter names.
        arguments = _exit_arguments(scope)
    if _is(node, asynccontextmanager, scope):
        # The type that the function yields is the type that the context manager enters.
        entered = result.slice if isinstance(result, ast.Subscript) else result
        entered = entered.elts[0] if isinstance(entered, ast.Tuple) else entered
        manager = scope.imported(Origin("contextlib", "AbstractContextManager"))
        result = ast.Subscript(manager, entered)
    text = ast.get_docstring(node) or documentation
    return Function(name, arguments, result, text, (), type_parameters_of(node))


def _result(node: Definition, scope: Scope) -> ast.expr:
    if node.name == "__aenter__" and _returns_self(node):
        return scope.imported(Origin("typing", "Self"))
    if node.returns is None:
        return scope.anything()
    return rewrite_result(scope, node.returns, awaited=isinstance(node, ast.AsyncFunctionDef))


def _returns_self(node: Definition) -> bool:
    """Tell whether every return statement of a method returns self."""
    positional = [*node.args.posonlyargs, *node.args.args]
    returned = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    return bool(positional and returned) and all(
        isinstance(each, ast.Name) and each.id == positional[0].arg for each in returned
    )


def _exit_arguments(scope: Scope) -> ast.arguments:
    traceback = scope.imported(Origin("types", "TracebackType")).id
    exception = scope.resolve("BaseException")
    kinds = {
        "kind": f"{ast.unparse(scope.resolve('type'))}[{ast.unparse(exception)}] | None",
        "error": f"{ast.unparse(exception)} | None",
        "traceback": f"{traceback} | None",
    }
    given = [ast.arg(name, ast.parse(kind, mode="eval").body) for name, kind in kinds.items()]
    return ast.arguments([], [ast.arg("self"), *given], None, [], [], None, [])


def _with_own_type(annotation: ast.expr | None, scope: Scope) -> Scope:
    """Return a scope in which the type variable in the annotation of self is ``Self``."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.slice
    if not isinstance(annotation, ast.Name):
        return scope
    if not isinstance(scope.value(annotation), typing.TypeVar):
        return scope
    return scope.standing_for(annotation.id, scope.imported(Origin("typing", "Self")))


def type_parameters_of(node: Definition | ast.ClassDef) -> str:
    """Return the type parameters of a definition in brackets; empty if it declares none."""
    # The attribute exists since Python 3.12 (PEP 695).
    declared: list[ast.AST] = getattr(node, "type_params", [])
    return f"[{', '.join(map(ast.unparse, declared))}]" if declared else ""


def _argument(node: ast.arg, scope: Scope) -> ast.arg:
    if node.annotation is None:
        return ast.arg(node.arg, scope.anything())
    if isinstance(node.annotation, ast.Attribute) and node.annotation.attr in {"args", "kwargs"}:
        root = node.annotation.value
        bound = scope.bound(root.id) if isinstance(root, ast.Name) else None
        if bound is not None:
            return ast.arg(node.arg, _of_parameters(bound, node.annotation.attr, scope))
    return ast.arg(node.arg, rewrite_argument(scope, node.annotation))


def _keyword(node: ast.arg, scope: Scope) -> ast.arg:
    # PEP 612 allows `P.args` only for `*args`; some libraries use it elsewhere with an ignore.
    of = node.annotation
    if isinstance(of, ast.Attribute) and isinstance(scope.value(of.value), typing.ParamSpec):
        return ast.arg(node.arg, scope.anything())
    return _argument(node, scope)


def _of_parameters(bound: Bound, attribute_name: str, scope: Scope) -> ast.expr:
    """Return the annotation for ``P.args`` if P is a parameter specification of a base class."""
    if isinstance(bound.node, ast.Name) and bound.scope is not None:
        return ast.Attribute(rewrite_argument(bound.scope, bound.node), attribute_name)
    return scope.anything()


def _is(node: Definition, decorator: object, scope: Scope) -> bool:
    return any(scope.value(each) is decorator for each in node.decorator_list)
