"""Delay forks while other threads run code that a fork would break in the child.

A fork copies the locks that other threads hold, and the child never releases them:

- If another thread imports a module, the module's import lock stays locked in the child, or the
  module is only partly initialized.
- If another thread runs a coroutine, the child has every lock that the thread held, such as the
  lock around the cookies of an `httpx.AsyncClient`.
- If another thread resolves a host name, a lock of glibc's ``getaddrinfo`` may stay locked. glibc
  does not release it in a child, so every look-up in the child hangs.

So a fork waits until other threads have left such code, and threads that want to enter it wait for
the fork. Threads do not wait for each other.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CODE_WITHIN", "call_without_fork", "enter_code", "importing", "leave_code"]

P = ParamSpec("P")
T = TypeVar("T")

# Limit for imports: the body of a module may itself wait for a fork, which must not wait for it.
_IMPORT_WITHIN: Final = 10.0

CODE_WITHIN: Final = 0.5
"""Seconds that a fork waits for code of the user, which may itself wait for the fork.

The same limit applies to resolving a host name. A longer look-up waits for a name server, and glibc
does not hold the lock during that wait.
"""

_LOOK_EVERY: Final = 0.001

# Threads inside such code, with the seconds that a fork waits for them. Single operations of a dict
# are atomic, so no lock is needed.
_inside: dict[int, float] = {}
# Held by a forking thread. Reentrant, because a hook of another library may fork too.
_gate = threading.RLock()
# Forking threads. An entering thread first writes `_inside` and then reads `_forking`; a forking
# thread first writes `_forking` and then reads `_inside`. So at least one of them sees the other.
# Taking `_gate` for every call instead would add 10 % overhead.
_forking: list[int] = []

_here = threading.get_ident


@contextmanager
def importing() -> Iterator[None]:
    """Delay forks of other threads during the ``with`` block, for imports and the like."""
    thread = _here()
    outer = _inside.get(thread)
    try:
        if outer is None:
            _enter(thread, _IMPORT_WITHIN)
        else:
            _inside[thread] = _IMPORT_WITHIN
        yield
    finally:
        if outer is None:
            _inside.pop(thread, None)
        else:
            _inside[thread] = outer


def enter_code() -> None:
    """Mark this thread as running code that may take locks; safe to call again."""
    thread = _here()
    if thread not in _inside:
        _enter(thread, CODE_WITHIN)


def leave_code() -> None:
    """Remove the mark of `enter_code`; safe to call again."""
    thread = _here()
    if _inside.get(thread) == CODE_WITHIN:
        del _inside[thread]


def call_without_fork(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that takes locks of the C library; a fork waits until it has returned."""
    outermost = _here() not in _inside
    enter_code()
    try:
        return function(*args, **kwargs)
    finally:
        if outermost:
            leave_code()


def _enter(thread: int, within: float) -> None:
    _inside[thread] = within
    if _forking:
        del _inside[thread]
        with _gate:
            _inside[thread] = within


def _before_fork() -> None:
    began = time.monotonic()
    thread = _here()
    # Before taking the gate, so that Ctrl-C in between does not leave the gate locked.
    _forking.append(thread)
    _gate.acquire()
    # Other threads cannot enter now; wait for the threads that are inside.
    while any(
        each != thread and time.monotonic() < began + within
        for each, within in list(_inside.items())
    ):
        time.sleep(_LOOK_EVERY)


def _after_fork_in_parent() -> None:
    _forking.pop()
    _gate.release()


def _after_fork_in_child() -> None:
    thread = _here()
    _forking.clear()
    for each in list(_inside):
        if each != thread:
            del _inside[each]
    _gate.release()


if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
