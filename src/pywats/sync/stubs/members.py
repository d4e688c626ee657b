"""The public members of an async class, in the form its synchronous face has them."""

from __future__ import annotations

import ast
import inspect
import typing
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pywats.sync.stubs.annotations import Annotations, type_arguments
from pywats.sync.stubs.branches import statements
from pywats.sync.stubs.instances import attributes_of
from pywats.sync.stubs.names import Imports, Origin, definition_of
from pywats.sync.stubs.properties import is_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Function", "Member", "members_of", "reserve_members", "type_parameters_of"]

_PROTOCOLS = {
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__iter__",
}
# Without an annotation their class says all; that of a list does not say of what.
_PLAIN = frozenset({bool, int, float, complex, str, bytes})
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
        type_parameters: What stands in brackets after the name (PEP 695).
        remark: A comment for type checkers at the end of the first line.
    """

    name: str
    arguments: ast.arguments
    result: ast.expr | None
    documentation: str | None
    decorators: tuple[str, ...] = ()
    type_parameters: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the face.

    Attributes:
        name: Its name.
        functions: Its signatures: one, one for each overload, or getter and setter.
        is_method: Whether it is called, as against a property.
        annotation: The type of an attribute that only instances have.
    """

    name: str
    functions: tuple[Function, ...]
    is_method: bool
    annotation: ast.expr | None = None


@dataclass(slots=True)
class _Found:
    definitions: list[_Definition] = field(default_factory=list)
    annotation: ast.expr | None = None
    of_instances: bool = False


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
    arguments = type_arguments(of, imports, faces)
    for kind in of.__mro__:
        if kind not in arguments:
            continue
        source = definition_of(kind).source
        annotations = Annotations(source, imports, faces, arguments[kind], kind)
        for name, each in _named(kind).items():
            if name not in found:
                static = inspect.getattr_static(of, name, None)
                member = _member(_PROTOCOLS.get(name, name), each, annotations, static)
                found[name] = member
    if "__anext__" in found:
        # Where __aiter__ returns the object itself, this is what tells the type of the items.
        found.pop("__aiter__", None)
    return list(found.values())


def reserve_members(classes: Iterable[type], imports: Imports) -> None:
    """Keep the stub from importing something by the name of a member."""
    for of in classes:
        for kind in type_arguments(of, imports, {}):
            imports.reserve_members(_named(kind))


def _named(kind: type) -> dict[str, _Found]:
    found: dict[str, _Found] = {}
    for node in statements(definition_of(kind).node.body):
        if isinstance(node, _Definition):
            found.setdefault(node.name, _Found()).definitions.append(node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = _Found(annotation=node.annotation)
        elif isinstance(node, ast.Assign):
            same = found.get(node.value.id) if isinstance(node.value, ast.Name) else None
            for target in node.targets:
                if isinstance(target, ast.Name):
                    found[target.id] = same or _Found()
    for node in list(found.get("__init__", _Found()).definitions):
        for name, annotation in attributes_of(node):
            found.setdefault(name, _Found(annotation=annotation, of_instances=True))
    return {name: each for name, each in found.items() if _is_public(name)}


def _is_public(name: str) -> bool:
    return name in _PROTOCOLS or not name.startswith("_")


def _member(name: str, found: _Found, annotations: Annotations, static: object) -> Member:
    if found.of_instances:
        kind = annotations.result(found.annotation) if found.annotation else annotations.anything()
        return Member(name, (), False, kind)
    if not found.definitions:
        kind, fixed = _data_type(found.annotation, annotations, static)
        return Member(name, tuple(_attribute(name, kind, fixed=fixed)), False)
    getter = found.definitions[0]
    # What is there for type checkers alone has no value that tells.
    unseen = static is None and _is(getter, property, annotations)
    if unseen or is_property(static):
        result = _result(getter, annotations)
        fixed = unseen and not found.definitions[1:]
        if isinstance(static, property):
            fixed = static.fset is None
        documentation = ast.get_docstring(getter)
        functions = tuple(_attribute(name, result, documentation, fixed=fixed))
        return Member(name, functions, False)
    implementation = found.definitions[-1]
    overloads = [each for each in found.definitions if _is(each, typing.overload, annotations)]
    documentation = ast.get_docstring(implementation)
    signatures = _distinct(
        [
            (
                isinstance(each, ast.AsyncFunctionDef) or annotations.is_async(each.returns),
                _function(name, each, annotations, static, documentation),
            )
            for each in overloads or [implementation]
        ]
    )
    if len(signatures) > 1:
        overload = annotations.imported(Origin("typing", "overload")).id
        signatures = [replace(each, decorators=(overload,)) for each in signatures]
    return Member(name, tuple(signatures), True)


def _distinct(candidates: list[tuple[bool, Function]]) -> list[Function]:
    """Return the signatures that differ in their parameters.

    A class that serves as a client of both kinds has overloads by the type of self, which a face
    does not have; what an async client returns is what counts.
    """
    chosen: dict[str, tuple[bool, Function]] = {}
    for is_async, each in candidates:
        parameters = ast.dump(each.arguments)
        if parameters not in chosen or (is_async and not chosen[parameters][0]):
            chosen[parameters] = (is_async, each)
    return [each for _, each in chosen.values()]


def _data_type(
    annotation: ast.expr | None, annotations: Annotations, value: object
) -> tuple[ast.expr, bool]:
    qualifier = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    named = None if qualifier is None else annotations.value(qualifier)
    fixed = named is typing.Final
    if named in {typing.Final, typing.ClassVar}:
        annotation = annotation.slice if isinstance(annotation, ast.Subscript) else None
    if annotation is not None:
        return annotations.result(annotation), fixed
    kind = type(value)
    return ast.Name(kind.__name__ if kind in _PLAIN else "object"), fixed


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
    documentation: str | None,
) -> Function:
    old = node.args
    positional = [*old.posonlyargs, *old.args]
    if not isinstance(static, staticmethod):
        annotations = _self_named(positional[0].annotation, annotations)
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
    result = _result(node, annotations)
    if node.name == "__aexit__":
        # The face takes what a `with` statement gives, whatever the object calls it.
        arguments = _exit_arguments(annotations)
    if _is(node, asynccontextmanager, annotations):
        # The function yields what the context manager enters.
        entered = result.slice if isinstance(result, ast.Subscript) else result
        entered = entered.elts[0] if isinstance(entered, ast.Tuple) else entered
        manager = annotations.imported(Origin("contextlib", "AbstractContextManager"))
        result = ast.Subscript(manager, entered)
    if node.name == "__anext__":
        iterator = annotations.imported(Origin("collections.abc", "Iterator"))
        result = ast.Subscript(iterator, result)
    text = ast.get_docstring(node) or documentation
    return Function(name, arguments, result, text, (), type_parameters_of(node))


def _result(node: _Definition, annotations: Annotations) -> ast.expr:
    if node.returns is None:
        return annotations.anything()
    return annotations.result(node.returns, awaited=isinstance(node, ast.AsyncFunctionDef))


def _exit_arguments(annotations: Annotations) -> ast.arguments:
    traceback = annotations.imported(Origin("types", "TracebackType")).id
    exception = annotations.resolve("BaseException")
    kinds = {
        "kind": f"type[{ast.unparse(exception)}] | None",
        "error": f"{ast.unparse(exception)} | None",
        "traceback": f"{traceback} | None",
    }
    given = [ast.arg(name, ast.parse(kind, mode="eval").body) for name, kind in kinds.items()]
    return ast.arguments([], [ast.arg("self"), *given], None, [], [], None, [])


def _self_named(annotation: ast.expr | None, annotations: Annotations) -> Annotations:
    """Return annotations in which the type variable that self is annotated with is Self."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.slice
    if not isinstance(annotation, ast.Name):
        return annotations
    if not isinstance(annotations.value(annotation), typing.TypeVar):
        return annotations
    return annotations.standing_for(annotation.id, annotations.imported(Origin("typing", "Self")))


def type_parameters_of(node: _Definition | ast.ClassDef) -> str:
    """Return the type parameters of a definition in brackets; empty if it declares none."""
    # The syntax, and so the attribute, came with Python 3.12.
    declared: list[ast.AST] = getattr(node, "type_params", [])
    return f"[{', '.join(map(ast.unparse, declared))}]" if declared else ""


def _argument(node: ast.arg, annotations: Annotations) -> ast.arg:
    if node.annotation is None:
        return ast.arg(node.arg, annotations.anything())
    return ast.arg(node.arg, annotations.argument(node.annotation))


def _is(node: _Definition, decorator: object, annotations: Annotations) -> bool:
    return any(annotations.value(each) is decorator for each in node.decorator_list)
