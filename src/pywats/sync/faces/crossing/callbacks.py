"""Callbacks: a plain function that is passed to an async object gets faces as its arguments.

A coroutine function can await, so it gets the async objects themselves. A plain function cannot
await: with an async object it would get coroutines that are never awaited, without any error. With
a face it gets results if it runs in a thread (`in_thread`), and on the thread of the loop it gets
an error that explains the problem.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import MethodType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from pywats.sync.faces.call_site import calling_package
from pywats.sync.faces.crossing.inward import inward
from pywats.sync.faces.objects.functions import FUNCTIONS
from pywats.sync.faces.objects.introspection import makes_coroutines
from pywats.sync.runners.in_thread import in_thread, plain_function

if TYPE_CHECKING:
    from collections.abc import Hashable, MutableMapping

__all__ = ["inward_callback", "original_of"]

_Function = Callable[..., Any]

# Not other objects with a `__call__` of their own: who gets one may use its other attributes.
_CALLBACKS = (*FUNCTIONS, type(functools.cache(len)))

_originals: WeakKeyDictionary[_Function, _Function] = WeakKeyDictionary()


def inward_callback(
    value: Any,
    package: str,
    face_of: Callable[[Any], Any],
    known: MutableMapping[Hashable, Callable[..., Any]],
) -> Any:
    """Return the value that the async object gets for an argument, which may be a callback.

    Args:
        value: The argument.
        package: The package that defines the class of the object.
        face_of: Returns the face of an object, or the value itself if it has no face.
        known: The wrapper functions of callbacks that were passed before.
    """
    if not isinstance(value, _CALLBACKS):
        return inward(value)
    inside = inward(value)
    if inside is not value:
        return inside
    function = plain_function(value)
    if function is None and not _is_plain(value, package):
        return value
    key: Hashable = id(value)
    if isinstance(value, MethodType):
        # Each access creates a new bound method, so its own id would not be found again.
        key = (id(value.__self__), id(value.__func__))
    stands_for = known.get(key)
    if stands_for is None:
        stands_for = _with_faces(function or value, face_of)
        if function is not None:
            stands_for = in_thread(stands_for)
        _originals[stands_for] = value
        known[key] = stands_for
    return stands_for


def _with_faces(function: _Function, face_of: Callable[[Any], Any]) -> _Function:
    @functools.wraps(function)
    def with_faces(*args: Any, **kwargs: Any) -> Any:
        given = {name: face_of(each) for name, each in kwargs.items()}
        return inward(function(*map(face_of, args), **given))

    return with_faces


def original_of(function: _Function) -> _Function:
    """Return the callback that a function wraps; the function itself if it is not a wrapper."""
    return _originals.get(function, function)


def _is_plain(value: _Function, package: str) -> bool:
    """Tell whether a function is a plain function of the caller."""
    function: Any = value
    while isinstance(function, functools.partial):
        function = function.func
    if function is not value and not inspect.isroutine(function) and not isinstance(function, type):
        # A partial is called and nothing else, whatever it calls.
        function = function.__call__
    if not inspect.isroutine(function) or makes_coroutines(function):
        return False
    # A function of the object's own package, such as a row factory, expects the async objects.
    module = getattr(function, "__module__", None) or ""
    return module.partition(".")[0] != package or calling_package() == package
