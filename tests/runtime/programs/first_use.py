"""Fork at many moments of the first use of a service; say how the child of each moment ended.

A process that has a client, and has not used it, forks into one process for each moment. In that
one a thread uses the service for the first time, another forks at the moment, and the child uses
the service too. The moments are delays, and shares of the function calls that the first use makes:
there the thread goes on only once the other one has begun to fork.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
import threading
import time
import warnings
from typing import TYPE_CHECKING

from pywats import SyncServiceWrapper, pyWATS
from pywats.errors import WATSError

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICES = {
    "analytics": "get_processes",
    "asset": "get_assets",
    "process": "get_processes",
    "product": "get_products",
    "production": "get_phases",
    "report": "query_headers",
    "rootcause": "get_tickets",
    "scim": "get_users",
    "software": "get_packages",
}
"""A method of each service."""

MOMENTS: dict[str, tuple[float, float | None]] = {
    **{f"{delay}s": (delay, None) for delay in (0.0, 0.02, 0.1, 0.3)},
    **{f"{share:.0%}": (0.0, share) for share in (0.1, 0.3, 0.5, 0.7, 0.9)},
}
"""A delay in seconds, and in its place the share of the function calls that have been made."""

LONGEST = 60
"""Seconds after which a process shows where it hangs, and ends."""


class Remote:
    """For the wrapper, whose first use imports asyncio."""

    async def work(self) -> str:
        return "done"


def uses(url: str, token: str) -> dict[str, Callable[[], object]]:
    """Return a call for each service, and one for the wrapper."""
    # A name, so that its look-up is part of the first use.
    api = pyWATS(url.replace("127.0.0.1", "localhost"), token, timeout=60, deadline=90)

    def caller(service: str, method: str) -> Callable[[], object]:
        # Looked up by the call, which is the first use.
        return lambda: getattr(getattr(api, service), method)()  # noqa: PLW0108

    wrapped: dict[str, Callable[[], object]] = {
        "wrapper": lambda: SyncServiceWrapper(Remote()).work()
    }
    return wrapped | {name: caller(name, method) for name, method in SERVICES.items()}


def limit(seconds: int) -> None:
    """Show where the process hangs after some seconds, and end it."""
    # Not by dump_traceback_later, whose thread a child would wait for.
    faulthandler.register(signal.SIGALRM, chain=True)
    signal.alarm(seconds)


class Moment:
    """The function call of a thread at which another one is to fork.

    Args:
        number: How many function calls come before it; None for no such moment.
    """

    def __init__(self, number: int | None) -> None:
        self.number = number
        self.calls = 0
        self.reached = threading.Event()
        self.forking = threading.Event()

    def __call__(self, frame: object, event: str, argument: object) -> None:
        """Count a function call."""
        del frame, argument
        self.calls += event in {"call", "c_call"}
        if self.calls == self.number and not self.reached.is_set():
            # What comes after the moment is not counted.
            sys.setprofile(None)
            self.reached.set()
            self.forking.wait(LONGEST)
            # Long enough for a fork that waits for nothing.
            time.sleep(0.02)


def number_of_calls(use: Callable[[], object]) -> int:
    """Return how many functions the first use calls; it happens in a child."""
    receiver, sender = os.pipe()
    if os.fork() == 0:
        moment = Moment(None)
        sys.setprofile(moment)
        use()
        sys.setprofile(None)
        os.write(sender, str(moment.calls).encode())
        os._exit(0)
    os.wait()
    return int(os.read(receiver, 100))


def fork_during(use: Callable[[], object], delay: float, number: int | None) -> int:
    """Fork during the first use, and return the exit code of the child."""
    moment = Moment(number)

    def first() -> None:
        if number is not None:
            sys.setprofile(moment)
        try:
            use()
        finally:
            sys.setprofile(None)
            moment.reached.set()

    # The newest hook runs first: before the one of pywats waits for the end of imports.
    os.register_at_fork(before=moment.forking.set)
    threading.Thread(target=first, daemon=True).start()
    if number is None:
        time.sleep(delay)
    else:
        moment.reached.wait(LONGEST)
    child = os.fork()
    if child == 0:
        limit(LONGEST)
        try:
            use()
        except BaseException as error:  # noqa: BLE001 - shown, and the exit code says so
            sys.excepthook(type(error), error, error.__traceback__)
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(service: str, url: str, token: str) -> None:
    """Print a line for each moment: the moment and an exit code."""
    warnings.simplefilter("ignore")
    call = uses(url, token)[service]

    def use() -> None:
        try:
            call()
        except WATSError as error:
            # Whatever the sandbox says, the call was made.
            if not getattr(error, "attempts", ()):
                raise

    calls = number_of_calls(use)
    for name, (delay, share) in MOMENTS.items():
        forked = os.fork()
        if forked == 0:
            limit(2 * LONGEST)
            number = None if share is None else max(1, int(share * calls))
            os._exit(fork_during(use, delay, number))
        print(name, os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
