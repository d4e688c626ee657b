"""Use plain functions as callbacks of async objects."""

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
    """Make a coroutine function that runs a plain function in a worker thread.

    Use it for callbacks. An async object calls its callbacks on the thread of its event loop. There
    a function that waits blocks all other tasks, and it cannot use a face whose calls need that
    loop. In a worker thread it can do both. The function sees the context variables of the caller.
    If the callback is passed through a face, its arguments are faces too.

    Args:
        function: The plain function.
    """

    @functools.wraps(function)
    async def run_plain(*args: P.args, **kwargs: P.kwargs) -> T:
        from anyio import to_thread  # noqa: PLC0415 - imported lazily, on first use

        return await to_thread.run_sync(functools.partial(function, *args, **kwargs))

    _plain[run_plain] = function
    return run_plain


def plain_function(value: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return the function that was passed to `in_thread`; None if `in_thread` was not used."""
    return _plain.get(value)
