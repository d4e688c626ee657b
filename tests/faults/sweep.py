"""Interrupt a call at each moment at which Python would, and see that nothing is left of it.

Run as a program: ``python sweep.py warm|fresh|retried|traced``.

Python looks for signals when a function of its own begins and when one written in C has returned,
which are the moments that a profiler is called at. So one that raises `KeyboardInterrupt` at its
n-th call, for all n, is Ctrl-C at every moment there is.
"""

from __future__ import annotations

import faulthandler
import inspect
import itertools
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

from opentelemetry import trace

from pywats import RetryConfig, pyWATS
from pywats.sync.call import current_call

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from tests.faults.tiny_server import TinyServer


def main(mode: str) -> None:
    if mode == "traced":
        from opentelemetry.sdk.trace import TracerProvider

        trace.set_tracer_provider(TracerProvider())
    retry = RetryConfig(max_retries=1, max_backoff=0.001)
    api = pyWATS(TinyServer().start().base_url, "eDp5", timeout=5, retry_config=retry)
    part = "flaky" if mode == "retried" else "A"
    transport = api._port._transport
    with ThreadPoolExecutor(1) as another_thread:
        for moment in itertools.count(1):
            faulthandler.dump_traceback_later(10, exit=True)
            if mode == "fresh":
                transport.close_idle()
            where = interrupt(api, part, moment)
            if not where:
                break
            left = [
                what
                for what, is_left in {
                    "a call": current_call() is not None,
                    "a span": trace.get_current_span().get_span_context().is_valid,
                    "a place in the pool": transport._pool._admitted or transport._pool._queue,
                }.items()
                if is_left
            ]
            assert not left, (moment, where, left)
            assert api.product.get_product("A").part_number == "A"
            assert another_thread.submit(api.product.get_product, "A").result(5).part_number == "A"
    faulthandler.cancel_dump_traceback_later()
    print(moment - 1)


def interrupt(api: pyWATS, part: str, moment: int) -> str:
    """Interrupt a call at the n-th moment and return where that is; "" if it ended before."""
    count = 0
    where = ""

    def profile(frame: FrameType, event: str, _: object) -> None:
        nonlocal count, where
        if event not in {"call", "c_return"} or is_closed_unbegun(frame):
            return
        count += 1
        if count == moment:
            where = f"{frame.f_code.co_filename}:{frame.f_lineno} {event}"
            raise KeyboardInterrupt

    try:
        sys.setprofile(profile)
        api.product.get_product(part)
    except KeyboardInterrupt:
        assert where
    else:
        sys.setprofile(None)
        assert not where, f"the interrupt was lost at {where}"
    finally:
        sys.setprofile(None)
    return where


def is_closed_unbegun(frame: FrameType) -> bool:
    """Return whether a generator is dropped before it began, for which Python runs no code."""
    return bool(frame.f_code.co_flags & inspect.CO_GENERATOR) and frame.f_code.co_name == (
        "exponential_backoff"
    )


if __name__ == "__main__":
    main(sys.argv[1])
