"""A fork waits until the event loops of other threads pause between two callbacks.

A callback may hold a lock, of which a forked child would have a copy that nobody releases. An event
loop that pauses holds none.
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
    """Something that runs callbacks in a thread of its own."""

    def pause(self, paused: Bell, resumed: Bell) -> bool:
        """Have the thread ring ``paused`` between two callbacks, and wait there for ``resumed``.

        Returns:
            Whether it will.
        """
        ...


# Not a WeakSet, which must not change while a thread that forks goes through it.
_pausable: dict[weakref.ref[Pausable], None] = {}
# What lets go on all that a fork has paused, by the thread that forks: a hook may fork too.
_forks: dict[int, list[Bell]] = {}


def pause_for_forks(each: Pausable) -> None:
    """Have ``each.pause()`` called before every fork of this process."""
    _pausable[weakref.ref(each, _pausable.pop)] = None


def resume_here() -> None:
    """Let go on what this thread has paused, if it is forking: a hook needs it."""
    for resumed in _forks.get(threading.get_ident(), ()):
        resumed.ring()


def _before_fork() -> None:
    resumed = Bell()
    # First of all: whatever breaks the waiting, what has paused goes on after the fork.
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
    # Of the hooks before a fork the last one runs first, so these run before the ones of the gate:
    # what a callback imports is not held up by it.
    os.register_at_fork(
        before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_forks.clear
    )
