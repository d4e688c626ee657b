"""Callbacks: plain functions get faces of what the async object calls them with.

A coroutine function awaits what it is given, so it is given the objects themselves. A plain
function cannot: an object would give it coroutines that nobody awaits, without a word. A face gives
it results in a thread (`in_thread`), and on the thread of the loop an error that says so.
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

_originals: WeakKeyDictionary[_Function, _Function] = WeakKeyDictionary()


def inward_callback(
    value: Any,
    package: str,
    face_of: Callable[[Any], Any],
    known: MutableMapping[Hashable, Callable[..., Any]],
) -> Any:
    """Return what the async object gets in place of an argument, which may be a callback.

    Args:
        value: The argument.
        package: The package that defines the class of the object.
        face_of: Returns the face of an object, and anything else as it is.
        known: What stands for the callbacks that were given before.
    """
    if not isinstance(value, FUNCTIONS):
        return inward(value)
    inside = inward(value)
    if inside is not value:
        return inside
    function = plain_function(value)
    if function is None and not _is_plain(value, package):
        return value
    key: Hashable = id(value)
    if isinstance(value, MethodType):
        # A bound method is made again each time.
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
    """Return the callback that a function stands for; the function itself if it is none."""
    return _originals.get(function, function)


def _is_plain(value: _Function, package: str) -> bool:
    """Tell whether a function is one of the caller's that awaits nothing."""
    function: Any = value
    while isinstance(function, functools.partial):
        function = function.func
    if not inspect.isroutine(function) or makes_coroutines(function):
        return False
    # What comes from the package of the object, such as a row factory, knows what it is given.
    module = getattr(function, "__module__", None) or ""
    return module.partition(".")[0] != package or calling_package() == package
