"""Map functions of faces to functions of the async objects, and remember the caller's functions.

A method of a face that is passed to the object becomes the method of the object. An async function
that the caller passed in, and that comes out again, for example from a decorator, stays the same.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import suppress
from types import FunctionType, MethodType
from typing import Any
from weakref import WeakKeyDictionary, WeakValueDictionary

__all__ = ["FUNCTIONS", "GivenFunctions", "function_inside", "name_of", "own_methods", "stand_for"]

_Function = Callable[..., Any]

FUNCTIONS = (FunctionType, MethodType, functools.partial)
"""The classes of functions that can be async."""

_originals: WeakKeyDictionary[_Function, _Function] = WeakKeyDictionary()
_members: WeakKeyDictionary[_Function, str] = WeakKeyDictionary()


def stand_for(function: _Function, original: _Function | str) -> None:
    """Remember that a function of a face represents a function of its object.

    Args:
        function: The function of the face.
        original: The function that the object gets instead; the name of the method if ``function``
            is a member of the face's class.
    """
    if isinstance(original, str):
        _members[function] = original
    else:
        _originals[function] = original


def function_inside(value: Any) -> Any:
    """Return the object's function for a function of its face; any other value unchanged."""
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
    """Async functions that the caller has passed in; they come out unchanged."""

    def __init__(self) -> None:
        # Keyed by function and owner, because each access creates a new bound method.
        self._owners: WeakValueDictionary[tuple[int, int], Any] = WeakValueDictionary()

    def add(self, function: _Function) -> None:
        """Remember a function that the caller has given to an object."""
        innermost, owner = _parts(function)
        # Methods of objects without weak reference support are not recognized later.
        with suppress(TypeError):
            self._owners[id(innermost), id(owner)] = owner

    def __contains__(self, function: _Function) -> bool:
        innermost, owner = _parts(function)
        return (id(innermost), id(owner)) in self._owners


def name_of(function: _Function) -> str:
    """Return the name of a function, or of the function that it binds."""
    name: str = getattr(_parts(function)[0], "__name__", "call")
    return name


def own_methods(function: _Function) -> list[str]:
    """Return the names of public functions that a function has.

    They are functions that a decorator has set on it, or methods of an object that is called.
    """
    attributes: dict[str, Any] = getattr(function, "__dict__", {})
    names = [name for name, value in attributes.items() if isinstance(value, FUNCTIONS)]
    kind = type(function)
    if not issubclass(kind, FUNCTIONS):
        names += [
            name
            for name in dir(kind)
            if name not in attributes and inspect.isroutine(inspect.getattr_static(kind, name))
        ]
    return [name for name in names if not name.startswith("_")]


def _parts(function: Any) -> tuple[Any, Any]:
    """Return the innermost function, and the object it is bound to or else the function again."""
    while isinstance(function, functools.partial):
        function = function.func
    innermost = inspect.unwrap(getattr(function, "__func__", function))
    return innermost, getattr(function, "__self__", innermost)
