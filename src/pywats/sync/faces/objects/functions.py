"""Functions that cross: async ones come out as plain ones, methods of faces go in as methods.

What the caller gave comes back as it is, an async handler that a decorator returns say.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import suppress
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

__all__ = ["FUNCTIONS", "GivenFunctions", "function_inside", "name_of", "stand_for"]

_Function = Callable[..., Any]

FUNCTIONS = (FunctionType, MethodType, functools.partial)
"""The classes of functions that can be async."""

_originals: WeakKeyDictionary[_Function, _Function] = WeakKeyDictionary()
_members: WeakKeyDictionary[_Function, str] = WeakKeyDictionary()


def stand_for(function: _Function, original: _Function | str) -> None:
    """Remember that a function of a face stands for one of its object.

    Args:
        function: The function.
        original: What the object gets in its place; the name of the method if the function is a
            member of the face's class.
    """
    if isinstance(original, str):
        _members[function] = original
    else:
        _originals[function] = original


def function_inside(value: Any) -> Any:
    """Return the function of an object that one of its face stands for; any other value itself."""
    if isinstance(value, MethodType):
        attribute = _members.get(value.__func__)
        face: Any = value.__self__
        return value if attribute is None else getattr(face._wrapped, attribute)  # noqa: SLF001 - its own package
    if isinstance(value, functools.partial):
        function = function_inside(value.func)
        if function is value.func:
            return value
        return functools.partial(function, *value.args, **value.keywords)
    return _originals.get(value, value)


class GivenFunctions:
    """Async functions of the caller's, which come back as they are."""

    def __init__(self) -> None:
        # By function and owner, as a bound method is made again each time.
        self._owners: WeakValueDictionary[tuple[int, int], Any] = WeakValueDictionary()

    def add(self, function: _Function) -> None:
        """Remember a function that the caller has given to an object."""
        innermost, owner = _parts(function)
        # A method of an object that has no weak references is not known again.
        with suppress(TypeError):
            self._owners[id(innermost), id(owner)] = owner

    def __contains__(self, function: _Function) -> bool:
        innermost, owner = _parts(function)
        return (id(innermost), id(owner)) in self._owners


def name_of(function: _Function) -> str:
    """Return the name of a function, or of the one that it binds."""
    name: str = getattr(_parts(function)[0], "__name__", "call")
    return name


def _parts(function: Any) -> tuple[Any, Any]:
    """Return the innermost function, and the object that it is bound to, or itself."""
    while isinstance(function, functools.partial):
        function = function.func
    innermost = inspect.unwrap(getattr(function, "__func__", function))
    return innermost, getattr(function, "__self__", innermost)
