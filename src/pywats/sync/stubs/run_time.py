"""Find members that a class has at run time but not in its source."""

from __future__ import annotations

import ast
import functools
import inspect
from typing import TYPE_CHECKING, Any

from pywats.sync.stubs.properties import is_property
from pywats.sync.stubs.signatures import Function, Member, attribute

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["run_time_member", "run_time_members"]

_NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def run_time_members(of: type, known: set[str], anything: ast.Name) -> Iterator[Member]:
    """Yield the public members of a class that were made by an extension module or at run time.

    Args:
        of: The class.
        known: Names that the source of the class defines.
        anything: The name of Any in the stub.
    """
    for name, static in list(vars(of).items()):
        if not name.startswith("_") and name not in known and not isinstance(static, type):
            yield run_time_member(name, static, anything)


def run_time_member(name: str, static: object, anything: ast.Name) -> Member:
    """Return a member with its parameters at run time, all of type Any."""
    function: Any = getattr(static, "__func__", static)
    if isinstance(function, functools.partialmethod):
        function = function.func
        return _method(name, _anything(anything), anything, function.__doc__)
    if is_property(static) or not callable(function):
        return Member(name, tuple(attribute(name, anything, None, "property")), is_method=False)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = None
    if parameters is None:
        return _method(name, _anything(anything), anything, None)
    if not isinstance(static, staticmethod):
        parameters = parameters[1:]
    return _method(name, _arguments(parameters, anything), anything, inspect.getdoc(function))


def _method(name: str, arguments: ast.arguments, result: ast.expr, text: str | None) -> Member:
    return Member(name, (Function(name, arguments, result, text),), is_method=True)


def _anything(anything: ast.Name) -> ast.arguments:
    rest = ast.arg("args", anything), ast.arg("kwargs", anything)
    return ast.arguments([], [ast.arg("self")], rest[0], [], [], rest[1], [])


def _arguments(parameters: list[inspect.Parameter], anything: ast.Name) -> ast.arguments:
    made = ast.arguments([], [ast.arg("self")], None, [], [], None, [])
    for each in parameters:
        argument, default = ast.arg(each.name, anything), ast.Constant(...)
        given = each.default is not inspect.Parameter.empty
        if each.kind in _NAMED:
            made.args.append(argument)
            made.defaults += [default] * given
            if each.kind is inspect.Parameter.POSITIONAL_ONLY:
                made.posonlyargs, made.args = [*made.posonlyargs, *made.args], []
        elif each.kind is inspect.Parameter.KEYWORD_ONLY:
            made.kwonlyargs.append(argument)
            made.kw_defaults.append(default if given else None)
        elif each.kind is inspect.Parameter.VAR_POSITIONAL:
            made.vararg = argument
        else:
            made.kwarg = argument
    return made
