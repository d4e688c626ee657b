"""Interrupt a call at each moment at which Python would, and see that nothing is left of it.

Python looks for signals when a function of its own begins and when one written in C has returned,
which are the moments that a profiler is called at. So a profiler that raises `KeyboardInterrupt`
at its n-th call, for every n, is Ctrl-C at every moment there is.

The call opens a connection, is answered 503, waits, and is answered 200 over the same connection,
with a tracer. Moments in the same place, reached from the same place, count as one. Of a service of
one's own, the moments in the engine are left out: they are the same as of the WATS client.

Run as a program: this is no place for the tracer of coverage. It prints the number of moments for
each client.
"""

from __future__ import annotations

import faulthandler
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from pywats import RetryConfig
from pywats.observability.call import current_call
from pywats.sync.policies import retry_budget
from pywats.sync.policies.retry_budget import RetryBudget

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.programs.clients import CLIENTS, Client
from tests.faults.tiny_server import TinyServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

Moment = tuple[int, str, str, int, str, int]

# What stands for the port of the WATS client in a service of one's own.
_INSTEAD: Final = {
    "wats": "",
    "direct": "/httpx/",
    "call": "/pywats/sync/runners/",
}
# The cookies of an httpx client are behind a lock that Ctrl-C can leave locked: it is taken before
# the ``try`` that gives it back.
_BEYOND_US: Final = "/http/cookiejar.py"
_AT_A_TIME: Final = 8


class Sweep:
    """One client, and a call of it that can be interrupted.

    Args:
        kind: Which of the `CLIENTS`.
    """

    def __init__(self, kind: str) -> None:
        retry = RetryConfig(max_retries=1, max_backoff=0.0001)
        # A place in the pool that is lost is missed at once. The pool inside a CallTransport, which
        # is httpcore's, can lose one when it is cancelled (its issue 1093).
        limits = None if kind == "call" else httpx.Limits(max_connections=1)
        base_url = TinyServer().start().base_url
        self.client = Client(kind, base_url, timeout=5, retry=retry, limits=limits)
        self._instead = _INSTEAD[kind]
        # httpx ties a response and its stream into a cycle.
        self._collect = gc.collect if kind == "direct" else int

    def call(self) -> Any:
        return self.client.product.get_product("flaky")

    def moments(self) -> list[Moment]:
        """Return the moments of a call, without those that are like one before."""
        found: dict[object, Moment] = {}
        count = 0

        def profile(frame: FrameType, event: str, _: object) -> None:
            nonlocal count
            if event in {"call", "c_return"}:
                count += 1
                caller = frame.f_back
                assert caller is not None
                if not runs(self._instead, frame) or runs(_BEYOND_US, frame):
                    return
                place = (frame.f_code, frame.f_lasti, event, caller.f_code, caller.f_lasti)
                found.setdefault(place, (count, event, *where(frame), *where(caller)))

        self._profiled(profile)
        return list(found.values())

    def interrupt(self, moment: Moment) -> bool:
        """Interrupt a call, and look at what it leaves; False if it ended before the moment.

        On a busy machine a call may look at the time once more than another, so that where the
        interrupt meets it is another moment than was asked for.
        """
        count = 0
        place = ""

        def profile(frame: FrameType, event: str, __: object) -> None:
            nonlocal count, place
            if event in {"call", "c_return"}:
                count += 1
                if count == moment[0]:
                    place, _ = where(frame)
                    raise KeyboardInterrupt

        try:
            self._profiled(profile)
        except KeyboardInterrupt:
            pass
        else:
            # A generator is dropped that never began, or that has no code for its end: a profiler
            # is told of that, and what it raises is lost, but Python looks for no signals there.
            dropped = place.endswith((":exponential_backoff", ":<genexpr>"))
            assert not place or dropped, f"the interrupt in {place} was lost"
        self._collect()
        assert current_call() is None, "a call is left"
        assert not trace.get_current_span().get_span_context().is_valid, "a span is left"
        return bool(place)

    def _profiled(self, profile: Callable[[FrameType, str, object], None]) -> None:
        self.client.close_idle()
        try:
            sys.setprofile(profile)
            self.call()
        finally:
            sys.setprofile(None)


def always(_: RetryBudget) -> bool:
    return True


def where(frame: FrameType) -> tuple[str, int]:
    return f"{frame.f_code.co_filename}:{frame.f_code.co_name}", frame.f_lineno


def runs(folder: str, frame: FrameType | None) -> bool:
    """Return whether a function of a folder has called the frame, or is it."""
    while frame is not None and folder not in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None


def main() -> None:
    trace.set_tracer_provider(TracerProvider())
    # A thousand retries in a few seconds are more than production would allow.
    RetryBudget.take = always  # type: ignore[assignment, method-assign]  # for this program
    # Each call goes the same way as the one before.
    retry_budget._FULL = 0  # type: ignore[misc]
    # Server and client are threads of one process.
    sys.setswitchinterval(0.0001)
    for kind in CLIENTS:
        print(kind, sweep_all(Sweep(kind)))


def sweep_all(sweep: Sweep) -> int:
    for _ in range(3):
        sweep.call()
    moments = sweep.moments()
    gc.freeze()
    with ThreadPoolExecutor(1) as another_thread:
        for first in range(0, len(moments), _AT_A_TIME):
            faulthandler.dump_traceback_later(200, exit=True)
            interrupted: list[Moment] = []
            try:
                for moment in moments[first : first + _AT_A_TIME]:
                    interrupted.append(moment)
                    assert any(sweep.interrupt(moment) for _ in range(5)), "the moment never came"
                assert another_thread.submit(sweep.call).result(120).part_number == "A"
            except BaseException:
                print("interrupted at", *interrupted, sep="\n", file=sys.stderr)
                raise
    faulthandler.cancel_dump_traceback_later()
    assert sweep.call().part_number == "A"
    return len(moments)


if __name__ == "__main__":
    main()
