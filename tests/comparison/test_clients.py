"""What the page says of clients of an HTTP service, cell by cell."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest
from opentelemetry.instrumentation.logging import LoggingInstrumentor

from pywats import CorrelationHandler
from pywats.sandbox import Fault
from tests.comparison.clients import ATTEMPTS, CLIENTS, PART, client
from tests.comparison.tables import ROOT
from tests.forking import in_child
from tests.tracing import PROVIDER
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from tests.comparison.clients import Client
    from tests.tracing import Spans

    IsTrueThat = Callable[[bool], None]

ROUTE = "/api/Product/{partNumber}"
on_every_client = pytest.mark.parametrize("subject", CLIENTS)


@pytest.fixture
def made(subject: str, sandbox: Sandbox, api: pyWATS, spans: Spans) -> Iterator[Client]:
    """Return the client, traced, of a server that knows one product."""
    api.product.create_product(part_number=PART)
    sandbox.clear()
    spans.exporter.clear()
    with client(subject, sandbox.base_url, sandbox.token) as each:
        yield each


class Fields(logging.Handler):
    """Keeps the trace ids of records: that of OpenTelemetry's instrumentation, and ours."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.ids.append((vars(record)["otelTraceID"], vars(record)["trace_id"]))


@pytest.fixture
def logged() -> Iterator[Fields]:
    fields = Fields()
    handler = CorrelationHandler(fields)
    LoggingInstrumentor().instrument(
        tracer_provider=PROVIDER, inject_trace_context=True, enable_log_auto_instrumentation=False
    )
    loggers = [logging.getLogger(name) for name in ("httpx", "pywats.http")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
    yield fields
    for logger in loggers:
        logger.removeHandler(handler)
        logger.setLevel(logging.NOTSET)
    LoggingInstrumentor().uninstrument()


@on_every_client
def test_the_log_line_of_a_response_has_the_trace_id(
    made: Client, spans: Spans, logged: Fields, is_true_that: IsTrueThat
) -> None:
    made.read()
    ((instrumented, stamped),) = logged.ids
    (trace_id,) = spans.trace_ids()
    # Either stamp would do.
    is_true_that(trace_id in {instrumented, stamped})


@on_every_client
def test_all_attempts_are_one_trace(
    made: Client, sandbox: Sandbox, spans: Spans, is_true_that: IsTrueThat
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503), times=2)
    assert made.read() == PART
    assert len(sandbox.requests) == ATTEMPTS
    is_true_that(len(spans.trace_ids()) == 1)


@on_every_client
def test_a_retry_is_an_event_of_a_span(
    made: Client, sandbox: Sandbox, spans: Spans, is_true_that: IsTrueThat
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
    assert made.read() == PART
    events = [event.name for span in spans.finished for event in span.events]
    is_true_that("retry" in events)


@on_every_client
def test_the_trace_id_goes_out(
    made: Client, sandbox: Sandbox, spans: Spans, is_true_that: IsTrueThat
) -> None:
    made.read()
    (request,) = sandbox.requests
    (trace_id,) = spans.trace_ids()
    is_true_that((request.header("traceparent") or "").split("-")[1:2] == [trace_id])


@on_every_client
def test_a_server_without_opentelemetry_can_log_it(
    made: Client, sandbox: Sandbox, spans: Spans, is_true_that: IsTrueThat
) -> None:
    made.read()
    (request,) = sandbox.requests
    (trace_id,) = spans.trace_ids()
    is_true_that(request.header("X-Correlation-ID") == trace_id)


@on_every_client
def test_an_error_shows_the_trace_id(
    made: Client, sandbox: Sandbox, spans: Spans, is_true_that: IsTrueThat
) -> None:
    sandbox.inject("GET", ROUTE, Fault.status(500))
    with pytest.raises(Exception, match="500") as caught:
        made.read()
    (trace_id,) = spans.trace_ids()
    is_true_that(trace_id in "".join(traceback.format_exception(caught.value)))


@on_every_client
def test_a_post_that_timed_out_is_sent_once(
    subject: str, sandbox: Sandbox, api: pyWATS, is_true_that: IsTrueThat
) -> None:
    api.product.create_product(part_number=PART)
    sandbox.clear()
    sandbox.inject("GET", "*", Fault.hang(), times=1)
    sandbox.inject("POST", "*", Fault.hang())
    with client(subject, sandbox.base_url, sandbox.token, timeout=0.2) as made:
        # By the same policy a GET that timed out is sent again.
        assert made.read() == PART
        assert len(sandbox.requests) == 2
        sandbox.clear()
        with pytest.raises((TimeoutError, httpx.TimeoutException)):
            made.add()
    is_true_that(len(sandbox.requests) == 1)


@on_every_client
def test_a_response_that_drips_is_cut_off(
    subject: str, sandbox: Sandbox, api: pyWATS, is_true_that: IsTrueThat
) -> None:
    api.product.create_product(part_number=PART)
    # Some 300 bytes: longer than the limit, and never a pause as long as it.
    sandbox.inject("GET", ROUTE, Fault.drip(0.002))
    with client(subject, sandbox.base_url, sandbox.token, timeout=0.2) as made:
        try:
            made.read()
        except (TimeoutError, httpx.TimeoutException):
            cut_off = True
        else:
            cut_off = False
    is_true_that(cut_off)


@on_every_client
@pytest.mark.filterwarnings("ignore::pywats.SyncInLoopWarning")
def test_it_works_in_a_running_loop(made: Client, is_true_that: IsTrueThat) -> None:
    async def main() -> str:
        return made.read()

    is_true_that(asyncio.run(main()) == PART)


@on_every_client
def test_eight_threads_share_a_client(made: Client, is_true_that: IsTrueThat) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = list(pool.map(lambda _: made.read(), range(80)))
    is_true_that(read == [PART] * 80)


@on_every_client
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork.*:DeprecationWarning")
def test_a_forked_child_has_a_connection_of_its_own(
    made: Client, sandbox: Sandbox, is_true_that: IsTrueThat
) -> None:
    made.read()
    assert in_child(made.read) == repr(PART)
    of_parent, of_child = [request.connection for request in sandbox.requests]
    is_true_that(of_parent != of_child)


@on_every_client
@pytest.mark.skipif(sys.platform == "win32", reason="SIGINT is sent as on POSIX")
def test_ctrl_c_ends_the_request(subject: str, is_true_that: IsTrueThat) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(120)
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        child = subprocess.Popen(  # noqa: S603 - our own program
            [
                sys.executable,
                "-m",
                "tests.comparison.programs.interrupted_client",
                subject,
                base_url,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=untraced(),
        )
        with child, listener.accept()[0] as connection:
            connection.settimeout(120)
            assert connection.recv(65536).startswith(f"GET /api/Product/{PART} ".encode())
            time.sleep(0.1)  # until the child waits in its read, where Ctrl-C finds a user
            child.send_signal(signal.SIGINT)
            connection.settimeout(2)
            try:
                # The connection ends while the process lives on.
                ended = connection.recv(1) == b"" and child.poll() is None
            except TimeoutError:
                ended = False
            child.communicate("")
    is_true_that(ended)
