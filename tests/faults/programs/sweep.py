"""Interrupt a call at each moment at which Python would, and see that nothing is left of it.

Python looks for signals when a function of its own begins and when one written in C has returned,
which are the moments that a profiler is called at. So a profiler that raises `KeyboardInterrupt`
at its n-th call, for every n, is Ctrl-C at every moment there is.

The call opens a connection, is answered 503, waits, and is answered 200 over the same connection,
with a tracer. Moments in the same place, reached from the same place, count as one. Run as a
program: this is no place for the tracer of coverage.
"""

from __future__ import annotations

import faulthandler
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from pywats import RetryConfig, pyWATS
from pywats.observability.call import current_call
from pywats.sync.policies.retry_budget import CALLS_PER_RETRY, MOST_EARNED, RetryBudget

sys.path.insert(0, str(Path(__file__).parents[3]))

from tests.faults.tiny_server import TinyServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from pywats.models import Product

Moment = tuple[int, str, str, int, str, int]


class Sweep:
    """One client, and a call of it that can be interrupted."""

    def __init__(self) -> None:
        trace.set_tracer_provider(TracerProvider())
        # A thousand retries in a few seconds are more than production would allow.
        RetryBudget.take = always  # type: ignore[assignment, method-assign]  # for this program
        self.api = pyWATS(
            TinyServer().start().base_url,
            "eDp5",
            timeout=5,
            retry_config=RetryConfig(max_retries=1, max_backoff=0.001),
        )

    def call(self) -> Product:
        return self.api.product.get_product("flaky")

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
            # httpcore drops a generator that never began: a profiler is told of that, and what it
            # raises is lost, but Python runs no code there and looks for no signals.
            assert not place or "exponential_backoff" in place, f"the interrupt in {place} was lost"
        assert current_call() is None, "a call is left"
        assert not trace.get_current_span().get_span_context().is_valid, "a span is left"
        return bool(place)

    def _profiled(self, profile: Callable[[FrameType, str, object], None]) -> None:
        self.api._port._transport.close_idle()
        try:
            sys.setprofile(profile)
            self.call()
        finally:
            sys.setprofile(None)


def always(_: RetryBudget) -> bool:
    return True


def where(frame: FrameType) -> tuple[str, int]:
    return f"{frame.f_code.co_filename}:{frame.f_code.co_name}", frame.f_lineno


def main() -> None:
    sweep = Sweep()
    # Once the bucket of retries is full, each call goes the same way as the one before.
    for _ in range(MOST_EARNED * CALLS_PER_RETRY):
        sweep.call()
    moments = sweep.moments()
    with ThreadPoolExecutor(1) as another_thread:
        for moment in moments:
            faulthandler.dump_traceback_later(200, exit=True)
            try:
                assert any(sweep.interrupt(moment) for _ in range(5)), "the moment never came"
                assert another_thread.submit(sweep.call).result(120).part_number == "A"
            except BaseException:
                print("interrupted at", moment, file=sys.stderr)
                raise
    faulthandler.cancel_dump_traceback_later()
    assert sweep.call().part_number == "A"
    print(len(moments))


if __name__ == "__main__":
    main()
