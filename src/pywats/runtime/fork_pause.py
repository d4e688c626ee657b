"""Pause the event loops of other threads between two callbacks before a fork.

A callback may hold a lock, and a forked child would have a copy that is never released. Between two
callbacks an event loop does not hold such a lock.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import Protocol

from pywats.runtime.bell import Bell
from pywats.runtime.fork_gate import CODE_WITHIN

__all__ = ["Pausable", "pause_for_forks", "resume_here"]


class Pausable(Protocol):
    """An object that runs callbacks in a thread of its own."""

    def pause(self, paused: Bell, resumed: Bell) -> bool:
        """Make the thread ring ``paused`` between two callbacks and then wait for ``resumed``.

        Returns:
            Whether the thread will pause.
        """
        ...


# Not a WeakSet, which must not change while a forking thread iterates over it.
_pausable: dict[weakref.ref[Pausable], None] = {}
# The bells that resume paused loops, by forking thread. A list, because a hook may fork too.
_forks: dict[int, list[Bell]] = {}


def pause_for_forks(each: Pausable) -> None:
    """Register ``each.pause()`` to be called before every fork of this process."""
    _pausable[weakref.ref(each, _pausable.pop)] = None


def resume_here() -> None:
    """Resume the loops that this thread has paused for a fork, because a fork hook needs them."""
    for resumed in _forks.get(threading.get_ident(), ()):
        resumed.ring()


def _before_fork() -> None:
    resumed = Bell()
    # Store the bell first: even if the wait is interrupted, paused loops resume after the fork.
    _forks.setdefault(threading.get_ident(), []).append(resumed)
    for reference in list(_pausable):
        each, paused = reference(), Bell()
        if each is not None and each.pause(paused, resumed):
            paused.wait_for(CODE_WITHIN)


def _after_fork_in_parent() -> None:
    thread = threading.get_ident()
    forks = _forks[thread]
    forks.pop().ring()
    if not forks:
        del _forks[thread]


if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    # Hooks before a fork run in reverse order of registration, so these run before the hooks of
    # `fork_gate`: an import in a callback does not wait for the gate.
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_forks.clear
    )
