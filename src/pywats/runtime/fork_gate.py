"""Keep forks out of what must be whole in a child.

A child that is forked while another thread imports a module has that module's import lock for ever,
or a module that is half there. A child that is forked while another thread runs a coroutine has
every lock that the thread held: the one that each `httpx.AsyncClient` has around its cookies, say.
A child that is forked while another thread looks up a host name may have a lock of glibc's
``getaddrinfo``, which glibc does not free in a child: every look-up of the child hangs.
So a fork waits until what other threads have begun has ended, and what begins waits for the fork.
Threads do not wait for each other.
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

# An import may wait for a fork in the body of a module; that fork must not wait for the import.
_IMPORT_WITHIN: Final = 10.0

CODE_WITHIN: Final = 0.5
"""Seconds that a fork waits for code of the user's, which may not end before the fork does.

It waits as long for a look-up of a name. One that takes longer waits for a name server, and holds
no lock meanwhile.
"""

_LOOK_EVERY: Final = 0.001

# Threads that are inside, with how many seconds a fork waits for them. Changed by single operations
# of a dict, which need no lock.
_inside: dict[int, float] = {}
# Held by a thread that forks. Reentrant, because a hook of another library may fork too.
_gate = threading.RLock()
# Threads that fork. Who begins writes what forks read, and then reads what they have written, so
# that one of the two sees the other; the gate itself would cost each call a tenth of the engine.
_forking: list[int] = []

_here = threading.get_ident


@contextmanager
def importing() -> Iterator[None]:
    """Make imports, and what else must be whole in a forked child, inside the ``with`` block."""
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
    """Begin to run code that may take locks; any number of times, also within `importing`."""
    thread = _here()
    if thread not in _inside:
        _enter(thread, CODE_WITHIN)


def leave_code() -> None:
    """End what `enter_code` has begun; any number of times."""
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
    # First, so that Ctrl-C in between leaves no gate closed.
    _forking.append(thread)
    _gate.acquire()
    # The gate is closed, so that nothing begins any more.
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
