"""Keep forks out of imports.

A child that is forked while another thread imports a module has that module's import lock for ever,
or a module that is half there. So a fork waits until the imports that pywats makes when it needs
them have ended, and new ones wait for the fork. Imports do not wait for each other.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["importing"]

# An import may wait for a fork in the body of a module; that fork must not wait for the import.
_LONGEST_WAIT: Final = 10.0
_LOOK_EVERY: Final = 0.001

# Threads that import, with the number of imports inside each other. Changed by single operations of
# a dict, which need no lock.
_importing: dict[int, int] = {}
# Held by a thread that forks. Reentrant, because a hook of another library may fork too.
_gate = threading.RLock()


@contextmanager
def importing() -> Iterator[None]:
    """Make imports, and what else must be whole in a forked child, inside the ``with`` block."""
    thread = threading.get_ident()
    outer = _importing.get(thread, 0)
    try:
        if outer:
            _importing[thread] = outer + 1
        else:
            with _gate:
                _importing[thread] = 1
        yield
    finally:
        if outer:
            _importing[thread] = outer
        else:
            _importing.pop(thread, None)


def _before_fork() -> None:
    ends = time.monotonic() + _LONGEST_WAIT
    thread = threading.get_ident()
    _gate.acquire()
    # The gate is closed, so that no import begins any more.
    while any(each != thread for each in list(_importing)) and time.monotonic() < ends:
        time.sleep(_LOOK_EVERY)


def _after_fork_in_child() -> None:
    thread = threading.get_ident()
    for each in list(_importing):
        if each != thread:
            del _importing[each]
    _gate.release()


if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_gate.release,
        after_in_child=_after_fork_in_child,
    )
