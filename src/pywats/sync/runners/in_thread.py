"""Plain functions as callbacks of async objects."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["in_thread", "plain_function"]

P = ParamSpec("P")
T = TypeVar("T")

_plain: WeakKeyDictionary[Callable[..., Any], Callable[..., Any]] = WeakKeyDictionary()


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[object, object, T]]:
    """Make a coroutine function of a plain one, which runs in a worker thread.

    For callbacks: an async object calls them on the thread of its event loop. There a function
    that waits holds up everything else, and cannot use a face whose calls need that loop. In a
    thread of its own it can do both. It sees the context variables of the caller, and is given
    faces of what the object hands out, if it reaches the object through a face.

    Args:
        function: The plain function.
    """

    @functools.wraps(function)
    async def run_plain(*args: P.args, **kwargs: P.kwargs) -> T:
        from anyio import to_thread  # noqa: PLC0415 - in a loop, so there is some use for it

        return await to_thread.run_sync(functools.partial(function, *args, **kwargs))

    _plain[run_plain] = function
    return run_plain


def plain_function(value: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return the plain function of what `in_thread` has made; None if it was not made by it."""
    return _plain.get(value)
