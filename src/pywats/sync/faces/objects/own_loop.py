"""Find plain functions that start an event loop of their own, and run them off the loop.

``gql.Client.execute`` calls ``run_until_complete``, which raises an error on a thread with a
running loop. Such functions are meant for threads without a loop, so they run on the caller's
thread.
"""

from __future__ import annotations

import inspect
import sys
import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Final, TypeVar
from weakref import WeakKeyDictionary

from pywats.runtime.bell import Bell
from pywats.sync.faces.objects.references import references

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FunctionType

__all__ = ["run_off_the_loop", "starts_loop"]

T = TypeVar("T")

# Depth of nested function calls in which a start of a loop is searched.
_DEPTH: Final = 3
_METHODS: Final = frozenset({"run_until_complete", "run_forever"})
# Functions that start a loop, or block the calling thread until a loop elsewhere is done.
_STARTERS: Final = {
    "asyncio": ("run", "Runner", "run_coroutine_threadsafe"),
    "anyio": ("run",),
    "anyio.from_thread": ("start_blocking_portal",),
    "asgiref.sync": ("async_to_sync",),
}

_known: WeakKeyDictionary[FunctionType, bool] = WeakKeyDictionary()


def starts_loop(function: object) -> bool:
    """Tell whether a plain function, or a function that it calls, starts an event loop.

    Args:
        function: The function or method.
    """
    of = type(getattr(function, "__self__", None))
    plain = getattr(function, "__func__", function)
    if not inspect.isfunction(plain):
        return False
    found = _known.get(plain)
    if found is None:
        found = _known[plain] = _starts(plain, of, _DEPTH)
    return found


def _starts(function: FunctionType, of: type, depth: int) -> bool:
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        return False
    if _METHODS.intersection(function.__code__.co_names):
        return True
    starters = [
        getattr(sys.modules[module], name)
        for module, names in _STARTERS.items()
        if module in sys.modules
        for name in names
    ]
    found = references(function, of)
    if any(value is each for value in found for each in starters):
        return True
    package = function.__module__.partition(".")[0]
    return depth > 0 and any(
        inspect.isfunction(each)
        and each is not function
        and each.__module__.partition(".")[0] == package
        and _starts(each, of, depth - 1)
        for each in found
    )


def run_off_the_loop(function: Callable[[], T]) -> T:
    """Call a function on this thread, or on a new thread if this one runs an event loop."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is None or asyncio._get_running_loop() is None:  # noqa: SLF001 - exported by asyncio.events
        return function()
    outcome: list[T] = []
    failure: list[BaseException] = []
    done = Bell()

    def run_plain() -> None:
        try:
            outcome.append(function())
        except BaseException as error:  # noqa: BLE001 - raised on the caller's thread
            failure.append(error)
        finally:
            done.ring()

    context = copy_context()
    threading.Thread(
        target=context.run, args=(run_plain,), name="pywats-own-loop", daemon=True
    ).start()
    done.wait(lambda: None)
    if failure:
        raise failure[0]
    return outcome[0]
