"""The public members of an async class, in the form its synchronous face has them."""

from __future__ import annotations

import ast
import functools
import inspect
import typing
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pywats.sync.stubs.annotations import Annotations
from pywats.sync.stubs.names import Imports, Origin, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Function", "Member", "members_of"]

_CONTEXT = {"__aenter__": "__enter__", "__aexit__": "__exit__"}
_Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Function:
    """One signature.

    Attributes:
        name: Name of the method.
        arguments: Parameters, the first of which is self.
        result: Annotation of the result; None if there is none.
        documentation: The docstring; None if there is none.
        decorators: What stands above it, without the at sign.
    """

    name: str
    arguments: ast.arguments
    result: ast.expr | None
    documentation: str | None
    decorators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the face.

    Attributes:
        name: Its name.
        functions: Its signatures: one, one for each overload, or getter and setter.
        is_method: Whether it is called, as against a property.
    """

    name: str
    functions: tuple[Function, ...]
    is_method: bool


@dataclass(slots=True)
class _Found:
    definitions: list[_Definition] = field(default_factory=list)
    annotation: ast.expr | None = None


def members_of(of: type, imports: Imports, faces: Mapping[type, Origin]) -> list[Member]:
    """Return the public members of a class and its bases, own ones first.

    Args:
        of: The async class.
        imports: Collects what the stub must import.
        faces: The synchronous face of each class that is wrapped when it is returned.

    Raises:
        ValueError: The class has no Python source.
    """
    found: dict[str, Member] = {}
    arguments = _type_arguments(of, imports, faces)
    for kind in of.__mro__:
        if kind not in arguments:
            continue
        annotations = Annotations(source_of(kind.__module__), imports, faces, arguments[kind])
        for name, each in _named(kind).items():
            if name not in found:
                static = inspect.getattr_static(of, name, None)
                member = _member(_CONTEXT.get(name, name), each, annotations, static)
                found[name] = member
    return list(found.values())


def _type_arguments(
    of: type, imports: Imports, faces: Mapping[type, Origin]
) -> dict[type, dict[str, ast.expr]]:
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
            if not isinstance(value, type) or value is typing.Generic:
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


def _named(kind: type) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for node in source_of(kind.__module__).class_definition(kind.__qualname__).body:
        if isinstance(node, _Definition) and _is_public(node.name):
            found.setdefault(node.name, _Found()).definitions.append(node)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
            if _is_public(name):
                found.setdefault(name, _Found()).annotation = node.annotation
    return found


def _is_public(name: str) -> bool:
    return name in _CONTEXT or not name.startswith("_")


def _member(name: str, found: _Found, annotations: Annotations, static: object) -> Member:
    if found.annotation is not None:
        return Member(name, tuple(_attribute(name, annotations.result(found.annotation))), False)
    if isinstance(static, property | functools.cached_property):
        getter = found.definitions[0]
        result = annotations.result(getter.returns) if getter.returns else None
        fixed = isinstance(static, property) and static.fset is None
        documentation = ast.get_docstring(getter)
        functions = tuple(_attribute(name, result, documentation, fixed=fixed))
        return Member(name, functions, False)
    overloads = [each for each in found.definitions if _is(each, typing.overload, annotations)]
    functions = tuple(
        _function(name, each, annotations, static, overloaded=bool(overloads))
        for each in overloads or found.definitions[-1:]
    )
    return Member(name, functions, True)


def _attribute(
    name: str, kind: ast.expr | None, documentation: str | None = None, *, fixed: bool = False
) -> Iterator[Function]:
    itself = ast.arg("self")
    getter = ast.arguments([], [itself], None, [], [], None, [])
    yield Function(name, getter, kind, documentation, ("property",))
    if not fixed:
        setter = ast.arguments([], [itself, ast.arg("value", kind)], None, [], [], None, [])
        yield Function(name, setter, ast.Constant(None), None, (f"{name}.setter",))


def _function(
    name: str,
    node: _Definition,
    annotations: Annotations,
    static: object,
    *,
    overloaded: bool,
) -> Function:
    old = node.args
    positional = [*old.posonlyargs, *old.args]
    if not isinstance(static, staticmethod):
        positional = positional[1:]
    only = max(0, len(old.posonlyargs) - (not isinstance(static, staticmethod)))
    renewed = [_argument(each, annotations) for each in positional]
    arguments = ast.arguments(
        posonlyargs=[ast.arg("self"), *renewed[:only]] if only else [],
        args=renewed[only:] if only else [ast.arg("self"), *renewed],
        vararg=_argument(old.vararg, annotations) if old.vararg else None,
        kwonlyargs=[_argument(each, annotations) for each in old.kwonlyargs],
        kw_defaults=[each and annotations.default(each) for each in old.kw_defaults],
        kwarg=_argument(old.kwarg, annotations) if old.kwarg else None,
        defaults=[annotations.default(each) for each in old.defaults],
    )
    result = annotations.result(node.returns) if node.returns else None
    if result is not None and _is(node, asynccontextmanager, annotations):
        # The function yields what the context manager enters.
        entered = result.slice if isinstance(result, ast.Subscript) else result
        entered = entered.elts[0] if isinstance(entered, ast.Tuple) else entered
        manager = annotations.imported(Origin("contextlib", "AbstractContextManager"))
        result = ast.Subscript(manager, entered)
    overload = annotations.imported(Origin("typing", "overload")).id if overloaded else None
    decorators = (overload,) if overload else ()
    return Function(name, arguments, result, ast.get_docstring(node), decorators)


def _argument(node: ast.arg, annotations: Annotations) -> ast.arg:
    if node.annotation is None:
        return ast.arg(node.arg)
    return ast.arg(node.arg, annotations.argument(node.annotation))


def _is(node: _Definition, decorator: object, annotations: Annotations) -> bool:
    return any(annotations.value(each) is decorator for each in node.decorator_list)
