"""Plain functions as callbacks of async objects."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["in_thread"]

P = ParamSpec("P")
T = TypeVar("T")


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[object, object, T]]:
    """Make a coroutine function of a plain one, which runs in a worker thread.

    For callbacks: an async object calls them on the thread of its event loop. There a function
    that waits holds up everything else, and cannot use a face whose calls need that loop. In a
    thread of its own it can do both. Context variables are those of the caller.

    Args:
        function: The plain function.
    """

    @functools.wraps(function)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        from anyio import to_thread  # noqa: PLC0415 - in a loop, so there is some use for it

        return await to_thread.run_sync(functools.partial(function, *args, **kwargs))

    return run
