"""Requests through a port, with a limit of their own."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry.trace import INVALID_SPAN

from pywats.observability.call import Call, Limit, enter_call, leave_call
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.http import BlockingPort, Request, Response


@contextmanager
def limited(seconds: float | None) -> Iterator[Call]:
    """Limit the requests of this thread or task, as one call; None for no limit."""
    call = Call("test", None, None, INVALID_SPAN)
    if seconds is not None:
        call.limit = Limit(time.monotonic() + seconds, seconds, "attempt")
    token = enter_call(call)
    try:
        yield call
    finally:
        leave_call(token)


def send(port: BlockingPort, request: Request) -> Response:
    return DirectRunner().run("send", lambda: port.send(request))
