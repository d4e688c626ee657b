"""Decide which methods of an async object may run twice."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from pywats.observability.guard import log_safely
from pywats.runtime.signals import raised_by_signal_handler

__all__ = ["Repeatable", "checked", "may_repeat", "repeatable"]

logger = logging.getLogger("pywats.sync")

F = TypeVar("F", bound=Callable[..., object])

Repeatable = Iterable[str] | Callable[[str], bool]
"""Names of methods that may run twice, or a function that returns whether a named method may."""

_MARK: Final = "__pywats_repeatable__"


def repeatable(method: F) -> F:
    """Decorate an async method that may run twice, such as a query.

    A call that may already have been executed is not retried, unless its method is repeatable. The
    decorator only marks the method.

    Args:
        method: A coroutine function in the body of a class.
    """
    setattr(method, _MARK, True)
    return method


def checked(value: Repeatable | None, wrapped: object) -> frozenset[str] | Callable[[str], bool]:
    """Return the value with its names checked against the object.

    Args:
        value: The argument of the wrapper; None for no names.
        wrapped: The object.

    Raises:
        TypeError: The value is neither an iterable of names nor a plain function.
        ValueError: The object does not have a method with one of the names.
    """
    if value is None:
        return frozenset()
    allowed = "an iterable of names of methods, or a function of a name that returns True or False"
    if inspect.iscoroutinefunction(value):
        raise TypeError(f"repeatable={value!r}: must be a plain function, not an async one")
    if callable(value) and not isinstance(value, Iterable):
        return value
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(f"repeatable={value!r}: must be {allowed}")
    names = list(value)
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"repeatable: {name!r} is not a string; must be {allowed}")
        if not _has_method(wrapped, name):
            raise ValueError(
                f"repeatable: {type(wrapped).__qualname__} has no method {name!r}; name its own "
                "methods, and decorate the methods of other objects with pywats.repeatable"
            )
    return frozenset(names)


def may_repeat(rule: frozenset[str] | Callable[[str], bool], method: str, function: object) -> bool:
    """Return whether a method may run twice.

    Args:
        rule: The result of `checked`.
        method: The name of the method.
        function: The method.
    """
    # "is True", because a mock has every attribute.
    if getattr(function, _MARK, None) is True:
        return True
    if not callable(rule):
        return method in rule
    try:
        returned: object = rule(method)
        if isinstance(returned, bool):
            return returned
        log_safely(
            logger,
            logging.ERROR,
            "repeatable=%r returned %r: must be True or False",
            rule,
            returned,
        )
    except Exception as error:
        if raised_by_signal_handler(error):
            raise
        log_safely(
            logger,
            logging.ERROR,
            "repeatable=%r failed, so %s is not repeated",
            rule,
            method,
            exc_info=True,
        )
    return False


def _has_method(wrapped: object, name: str) -> bool:
    missing = object()
    found = inspect.getattr_static(wrapped, name, missing)
    if found is not missing:
        return callable(getattr(found, "__func__", found))
    # Some objects, such as proxies of RPC libraries, create their methods on access.
    return hasattr(type(wrapped), "__getattr__") and callable(getattr(wrapped, name, None))
