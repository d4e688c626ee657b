"""Choose among the overloads of a method the ones that a caller of its face can reach."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sync.stubs.signatures import Function

__all__ = ["distinct"]


def distinct(
    candidates: list[tuple[bool, Function]], is_anything: Callable[[ast.expr], bool]
) -> list[Function]:
    """Return one signature for each distinct list of parameters.

    A class for both sync and async clients has overloads that differ in the type of self. A face
    does not have that type, so the overload with the async result is used. An overload is left out
    if an earlier one accepts the same arguments, as ``default: T`` after ``default: Any``, which is
    what ``Mapping[str, Any]`` inherits: type checkers report it.

    Args:
        candidates: Whether the result of each overload is async, and its signature.
        is_anything: Returns whether an annotation is Any.
    """
    chosen: dict[str, tuple[bool, Function]] = {}
    for is_async, each in candidates:
        parameters = ast.dump(each.arguments)
        if parameters not in chosen:
            earlier = (known.arguments for _, known in chosen.values())
            if not any(_accepts(known, each.arguments, is_anything) for known in earlier):
                chosen[parameters] = (is_async, each)
        elif is_async and not chosen[parameters][0]:
            chosen[parameters] = (is_async, each)
    return [each for _, each in chosen.values()]


def _accepts(
    wider: ast.arguments, other: ast.arguments, is_anything: Callable[[ast.expr], bool]
) -> bool:
    """Tell whether parameters differ only in that the first ones are Any."""
    first, second = _parameters(wider), _parameters(other)
    return _shape(wider) == _shape(other) and all(
        ast.dump(each) == ast.dump(its)
        or (each.arg == its.arg and each.annotation is not None and is_anything(each.annotation))
        for each, its in zip(first, second, strict=True)
    )


def _shape(arguments: ast.arguments) -> tuple[object, ...]:
    """Return the kinds of the parameters, and which of them have defaults."""
    return (
        len(arguments.posonlyargs),
        len(arguments.args),
        len(arguments.defaults),
        [(each.arg, default is None) for each, default in _named(arguments)],
        arguments.vararg is None,
        arguments.kwarg is None,
    )


def _named(arguments: ast.arguments) -> list[tuple[ast.arg, ast.expr | None]]:
    return list(zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))


def _parameters(arguments: ast.arguments) -> list[ast.arg]:
    rest = [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]
