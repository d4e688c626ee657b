"""What kind of object it is that an async object holds or hands out."""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "has_async_members",
    "is_bare_context",
    "is_bare_iterator",
    "is_iterator",
    "is_method",
    "must_await",
]

# The members of coroutines and async generators, besides those that begin with an underscore.
_OF_COROUTINES = frozenset({"send", "throw", "close", "asend", "athrow", "aclose"})
_OF_FRAMES = ("_", "cr_", "gi_", "ag_")
_PROTOCOLS = ("__aenter__", "__aiter__", "__anext__")


def _remembered(question: Callable[[type], bool]) -> Callable[[type], bool]:
    """Ask a question about a class once for as long as the class lives."""
    answers: WeakKeyDictionary[type, bool] = WeakKeyDictionary()

    @functools.wraps(question)
    def ask(kind: type) -> bool:
        answer = answers.get(kind)
        if answer is None:
            answer = answers[kind] = question(kind)
        return answer

    return ask


def must_await(value: object) -> bool:
    """Tell whether a value stands for what it will be, and not for itself.

    A coroutine or a future does. A client that may be awaited, and can do other things besides,
    does not.
    """
    if inspect.iscoroutine(value):
        return True
    return inspect.isawaitable(value) and (is_bare(type(value)) or _is_future(value))


@_remembered
def is_iterator(kind: type) -> bool:
    """Tell whether instances are async iterators, whatever else they are."""
    return hasattr(kind, "__anext__")


@_remembered
def is_bare_iterator(kind: type) -> bool:
    """Tell whether instances are async iterators and nothing else, as async generators are."""
    return is_iterator(kind) and not hasattr(kind, "__aenter__") and is_bare(kind)


@_remembered
def is_bare_context(kind: type) -> bool:
    """Tell whether instances can be entered and nothing else, as what asynccontextmanager makes."""
    return hasattr(kind, "__aenter__") and not hasattr(kind, "__aiter__") and is_bare(kind)


@_remembered
def is_bare(kind: type) -> bool:
    """Tell whether instances have nothing but protocols, such as those of coroutines."""
    return all(name in _OF_COROUTINES or name.startswith(_OF_FRAMES) for name in dir(kind))


def has_async_members(value: object) -> bool:
    """Tell whether an object needs a synchronous face.

    Either its class has async members, or a coroutine function is among its attributes, or it
    holds an object with async members from its own package, as a namespace of a client does.
    """
    kind = type(value)
    if kind.__module__ == "builtins" or isinstance(value, type | BaseException):
        return False
    if _is_async_class(kind):
        return True
    return any(
        _makes_coroutines(each)
        or (_package(type(each)) == _package(kind) and _is_async_class(type(each)))
        for each in getattr(value, "__dict__", {}).values()
    )


def is_method(value: object, *, of: object) -> bool:
    """Tell whether an attribute of an object is called as a part of it.

    A plain function that the object merely holds, a callback say, is not.
    """
    if isinstance(value, functools.partial) or _makes_coroutines(value):
        return True
    if inspect.ismodule(of) or isinstance(of, type):
        return inspect.isroutine(value)
    itself = getattr(value, "__self__", None)
    return inspect.isroutine(value) and itself is not None and not inspect.ismodule(itself)


def _makes_coroutines(function: object) -> bool:
    if not callable(function) or isinstance(function, type):
        return False
    # A decorator that returns a plain function mostly says what it has wrapped.
    function = inspect.unwrap(function)
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


@_remembered
def _is_async_class(kind: type) -> bool:
    return any(hasattr(kind, name) for name in _PROTOCOLS) or any(
        _makes_coroutines(getattr(member, "__func__", member))
        for base in kind.__mro__
        for member in list(vars(base).values())
    )


def _package(kind: type) -> str:
    return kind.__module__.partition(".")[0]


def _is_future(value: object) -> bool:
    # How asyncio itself tells futures, so that those of other libraries count too.
    return getattr(value, "_asyncio_future_blocking", None) is not None
