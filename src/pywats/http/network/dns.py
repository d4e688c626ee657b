"""Look up the addresses of a host within the time limit of the caller.

``getaddrinfo`` cannot be interrupted by a timeout or by Ctrl-C, and takes half a minute or more if
the name servers do not reply. So a host name is looked up in a daemon thread, and the caller waits
for that thread until its time runs out. All callers that look up the same host share one thread: a
thousand calls that time out leave one thread behind, which ends when ``getaddrinfo`` returns.
Results are not cached here: that is the job of the resolver. An IP address needs no lookup and no
thread.
"""

from __future__ import annotations

import copy
import os
import socket
import threading
from contextlib import suppress
from itertools import zip_longest
from typing import TYPE_CHECKING

import anyio

from pywats.http.host import is_address
from pywats.runtime.bell import Bell
from pywats.runtime.fork_gate import call_without_fork
from pywats.runtime.signals import raised_by_signal_handler
from pywats.runtime.threads import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Address", "SocketAddress", "resolve", "resolve_async"]

SocketAddress = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Address = tuple[socket.AddressFamily, SocketAddress]
"""Arguments for `socket.socket` and its ``connect``."""

# Only single, atomic dict operations change it, so it needs no lock, which another thread might
# hold during a fork.
_running: dict[tuple[str, int], _Lookup] = {}


class _Lookup:
    """A running DNS lookup; any number of callers can wait for it."""

    def __init__(self, host: str, port: int) -> None:
        self._key = (host, port)
        self._waiting: list[Callable[[], object]] = []
        self._ended = False
        self._addresses: list[Address] = []
        self._error: Exception | None = None

    def start(self) -> None:
        thread = threading.Thread(
            target=call_without_fork,
            args=(self._run,),
            name=f"resolve {self._key[0]}",
            daemon=True,
        )
        try:
            started = start_thread(thread)
        except RuntimeError as error:
            if raised_by_signal_handler(error):
                raise
            started = False
        if not started:
            # No thread starts when the interpreter exits. An exit handler may have a last report to
            # send: a lookup without a limit is better than no lookup.
            self._run()

    def is_under_way(self, wake: Callable[[], object]) -> bool:
        """Return False if the lookup has ended; else ``wake`` will be called from its thread."""
        self._waiting.append(wake)
        return not self._ended

    def outcome(self) -> list[Address]:
        """Return the addresses, or raise the error of the lookup."""
        if self._error is not None:
            # A copy: threads that raise the same exception object would mix up its traceback.
            raise copy.copy(self._error)
        return self._addresses

    def _run(self) -> None:
        try:
            self._addresses = _look_up(*self._key)
        except Exception as error:
            if raised_by_signal_handler(error):
                raise
            self._error = error
        self._ended = True
        _running.pop(self._key, None)
        for wake in list(self._waiting):
            wake()


def resolve(host: str, port: int, left: Callable[[], float | None]) -> list[Address]:
    """Return the addresses of a host, the best first.

    Args:
        host: A name or an IP address.
        port: The port to put into the addresses.
        left: Returns how many seconds are left, or raises if the time has run out.

    Raises:
        OSError: The host does not exist, or the resolver failed.
    """
    known = _without_lookup(host, port)
    if known is not None:
        return known
    lookup = _join(host, port)
    ended = Bell()
    if lookup.is_under_way(ended.ring):
        ended.wait(left)
    return lookup.outcome()


async def resolve_async(host: str, port: int) -> list[Address]:
    """Return the addresses of a host, the best first; the caller cancels it when time runs out.

    Raises:
        OSError: The host does not exist, or the resolver failed.
    """
    known = _without_lookup(host, port)
    if known is not None:
        return known
    lookup = _join(host, port)
    interrupted: BaseException | None = None
    try:
        await _end_of(lookup)
    except BaseExceptionGroup as group_error:
        # Unwrap the exception of a signal handler: the caller does not expect a group.
        interrupted = group_error.exceptions[0]
    if interrupted is not None:
        try:
            raise interrupted
        finally:
            # The traceback refers to this frame: a variable that refers back makes a reference
            # cycle.
            del interrupted
    return lookup.outcome()


async def _end_of(lookup: _Lookup) -> None:
    ended = anyio.Event()
    from anyio.from_thread import BlockingPortal  # noqa: PLC0415 - most programs need no portal

    async with BlockingPortal() as portal:

        def wake() -> None:
            # The caller may have stopped waiting, and its event loop may be closed.
            with suppress(RuntimeError):
                portal.start_task_soon(ended.set)

        if lookup.is_under_way(wake):
            await ended.wait()


def _join(host: str, port: int) -> _Lookup:
    key = (host, port)
    own = _Lookup(host, port)
    try:
        lookup = _running.setdefault(key, own)
        if lookup is own:
            own.start()
    except BaseException:
        # Interrupted, perhaps before the thread started: no caller may wait for this lookup.
        _running.pop(key, None)
        raise
    return lookup


def _without_lookup(host: str, port: int) -> list[Address] | None:
    return _look_up(host, port) if is_address(host) else None


def _look_up(host: str, port: int) -> list[Address]:
    # Positional arguments, as in `socket.create_connection`: some programs replace getaddrinfo.
    found = list(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
    if not found:
        raise OSError(f"{host} has no address")
    return _interleaved([(family, address) for family, _, _, _, address in found])


def _interleaved(addresses: list[Address]) -> list[Address]:
    """Return the addresses with alternating families (RFC 8305 section 4).

    Each family keeps its order; the family of the best address comes first.
    """
    by_family: dict[socket.AddressFamily, list[Address]] = {}
    for address in addresses:
        by_family.setdefault(address[0], []).append(address)
    turns = zip_longest(*by_family.values())
    return [address for turn in turns for address in turn if address is not None]


if hasattr(os, "register_at_fork"):  # pragma: no branch - absent on Windows, which does not fork
    # The threads that would finish the lookups do not exist in a forked child.
    os.register_at_fork(after_in_child=_running.clear)
