"""No record is lost over OTLP, and each keeps the ids that it was written with."""

from __future__ import annotations

import logging
import logging.handlers
import pickle
import queue
import struct
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import InMemoryLogRecordExporter, SimpleLogRecordProcessor

from pywats import CorrelationFilter, SyncServiceWrapper, correlation_id
from pywats.telemetry.log_handler import OTLPHandler
from tests.http.tcp_server import TcpServer
from tests.observability.scripts import run
from tests.otlp import OTLPReceiver

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from opentelemetry._logs import LogRecord

    from pywats.observability.logs.fields import FieldNames
    from tests.tracing import Spans


class Exported:
    def __init__(self) -> None:
        self._exporter = InMemoryLogRecordExporter()  # type: ignore[no-untyped-call]
        self.provider = LoggerProvider()
        self.provider.add_log_record_processor(SimpleLogRecordProcessor(self._exporter))

    @property
    def records(self) -> list[LogRecord]:
        return [each.log_record for each in self._exporter.get_finished_logs()]


@pytest.fixture
def receiver() -> Iterator[OTLPReceiver]:
    with OTLPReceiver() as running:
        yield running


@pytest.fixture
def exported() -> Iterator[Exported]:
    made = Exported()
    yield made
    made.provider.shutdown()


@pytest.fixture
def logger() -> logging.Logger:
    # Not from getLogger(): pytest puts handlers of its own on the loggers that it finds.
    return logging.Logger("station")  # noqa: LOG001


@pytest.mark.parametrize("exc_info", [False, 0, (), (None, None, None), True, 7, None])
def test_exc_info_without_an_exception_costs_no_record(
    exported: Exported, logger: logging.Logger, exc_info: Any
) -> None:
    logger.addHandler(OTLPHandler(exported.provider))
    logger.error("stuck", exc_info=exc_info)
    (record,) = exported.records
    assert (record.body, dict(record.attributes or {})) == ("stuck", {})


@pytest.mark.parametrize(
    "value",
    [10**5000, object, {"a": [1]}, [float("nan")], b"\xff", {1: 2}],
    ids=["large", "class", "mapping", "nan", "bytes", "key"],
)
def test_odd_values_cost_no_record(
    exported: Exported, logger: logging.Logger, value: object
) -> None:
    logger.addHandler(OTLPHandler(exported.provider))
    logger.error("%d of %s", "three", extra={"value": value})
    (record,) = exported.records
    assert record.body == "%d of %s (arguments that do not fit: ['three'])"
    assert set(record.attributes or {}) == {"value"}


def test_sizes_are_bounded(exported: Exported, logger: logging.Logger) -> None:
    logger.addHandler(OTLPHandler(exported.provider))
    text = "x" * 5_000_000
    logger.error(text, extra={"text": text}, exc_info=ValueError(text))
    (record,) = exported.records
    values = [record.body, *(record.attributes or {}).values()]
    assert sum(len(str(value)) for value in values) < 200_000


FIELDS: list[FieldNames] = ["otel", "ecs", "datadog"]


@pytest.mark.parametrize("fields", FIELDS)
@pytest.mark.parametrize("pickled", [False, True])
def test_a_record_that_passes_a_queue_keeps_its_ids(
    exported: Exported,
    logger: logging.Logger,
    spans: Spans,
    fields: FieldNames,
    *,
    pickled: bool,
) -> None:
    records: queue.SimpleQueue[Any] = queue.SimpleQueue()
    handler = logging.handlers.QueueHandler(records)
    handler.addFilter(CorrelationFilter(fields))
    logger.addHandler(handler)

    class Service:
        async def call(self) -> None:
            logger.error("counting", exc_info=KeyError("a"))

    SyncServiceWrapper(Service(), name="s").call()
    span = spans.named("s.call").get_span_context()
    assert span is not None
    record = records.get()
    if pickled:
        record = pickle.loads(pickle.dumps(record))  # noqa: S301 - made here
    with correlation_id("another"):
        OTLPHandler(exported.provider).handle(record)
    (got,) = exported.records
    assert (got.trace_id, got.span_id) == (span.trace_id, span.span_id)
    attributes = dict(got.attributes or {})
    assert attributes["correlation_id"] == format(span.trace_id, "032x")
    # The handler of the queue has put the traceback into the text.
    assert str(got.body).startswith("counting\nKeyError: 'a'")


def test_a_record_that_comes_over_a_socket_keeps_its_stack_trace(
    exported: Exported, logger: logging.Logger
) -> None:
    def receive(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            (size,) = struct.unpack(">L", stream.read(4))
            received.put(stream.read(size))

    received: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    with TcpServer(receive) as server:
        sender = logging.handlers.SocketHandler("127.0.0.1", server.port)
        logger.addHandler(sender)
        logger.error("counting", exc_info=KeyError("a"))
        data = received.get(timeout=120)
        sender.close()
    record = logging.makeLogRecord(pickle.loads(data))  # noqa: S301 - made here
    OTLPHandler(exported.provider).handle(record)
    (got,) = exported.records
    assert got.body == "counting"
    assert dict(got.attributes or {}) == {"exception.stacktrace": "KeyError: 'a'"}


@pytest.mark.parametrize(
    "odd", [{"trace_id": 7}, {"trace_id": "zz"}, {"dd.trace_id": "x"}, {"dd.trace_id": "1"}]
)
def test_ids_that_are_not_valid_are_attributes_at_most(
    exported: Exported, logger: logging.Logger, odd: dict[str, object]
) -> None:
    logger.addHandler(OTLPHandler(exported.provider))
    logger.error("a", extra=odd)
    (record,) = exported.records
    assert not record.trace_id


def test_where_a_record_was_written_is_exported_if_asked_for(
    exported: Exported, logger: logging.Logger
) -> None:
    logger.addHandler(OTLPHandler(exported.provider, code=True))
    logger.error("a", stack_info=True)
    logger.error("b")
    with_stack, without = (dict(record.attributes or {}) for record in exported.records)
    assert str(with_stack.pop("code.stacktrace")).startswith("Stack (most recent call last)")
    assert with_stack["code.file.path"] == __file__
    assert with_stack["code.function.name"] == (
        "test_where_a_record_was_written_is_exported_if_asked_for"
    )
    assert without["code.line.number"] == int(str(with_stack["code.line.number"])) + 1
    assert without.keys() == with_stack.keys()


KEPT = """
import logging, logging.config, sys
from pywats import telemetry
telemetry.configure("station-7", code_attributes=True)
logging.getLogger("a").warning("one")
{set_up}
logging.getLogger("a").warning("two")
telemetry.configure()
print(telemetry.flush(10.0))
"""
SET_UPS = [
    "logging.basicConfig(stream=sys.stdout, format='%(message)s')",
    "logging.basicConfig(stream=sys.stdout, format='%(message)s', force=True)",
    "logging.root.handlers = [logging.StreamHandler(sys.stdout)]",
    "logging.root.handlers[:] = [logging.StreamHandler(sys.stdout)]",
    "logging.config.dictConfig({'version': 1, 'disable_existing_loggers': False, 'handlers': {'c':"
    " {'class': 'logging.StreamHandler', 'stream': sys.stdout}}, 'root': {'handlers': ['c']}})",
]


@pytest.mark.parametrize("set_up", SET_UPS)
def test_logging_that_is_set_up_afterwards_works_and_the_export_goes_on(
    receiver: OTLPReceiver, set_up: str
) -> None:
    done = run(KEPT.format(set_up=set_up), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert (done.out, done.err) == (["two", "True"], "one\n")
    assert [record.body.string_value for _, record in receiver.logs] == ["one", "two"]


NO_HANDLERS = """
import logging
from pywats import telemetry
telemetry.configure("station-7")
logging.lastResort = {resort}
logging.getLogger("a").info("too low")
logging.getLogger("a").warning("one")
logging.getLogger().warning("two")
quiet = logging.getLogger("quiet")
quiet.addHandler(logging.NullHandler())
quiet.warning("three")
"""


@pytest.mark.parametrize(("resort", "err"), [("logging.lastResort", "one\ntwo\n"), ("None", "")])
def test_without_a_handler_records_go_where_they_go_without_telemetry(
    receiver: OTLPReceiver, resort: str, err: str
) -> None:
    done = run(NO_HANDLERS.format(resort=resort), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert done.err == err
    bodies = [record.body.string_value for _, record in receiver.logs]
    assert bodies == ["one", "two", "three"]


AT_EXIT = """
import atexit, logging, threading
from pywats import telemetry
atexit.register(lambda: logging.getLogger("a").error("at exit, registered before"))
telemetry.configure("station-7")
atexit.register(lambda: logging.getLogger("a").error("at exit, registered after"))
logging.getLogger("a").error("in the end")
"""


def test_at_exit_the_last_records_go_out_without_a_traceback(receiver: OTLPReceiver) -> None:
    done = run(AT_EXIT, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert "Traceback" not in done.err
    bodies = [record.body.string_value for _, record in receiver.logs]
    assert bodies == ["in the end", "at exit, registered after", "at exit, registered before"]


KEEP = """
from opentelemetry import trace, metrics
from opentelemetry._logs import get_logger_provider
from opentelemetry.sdk.trace import TracerProvider
from pywats import telemetry
own = TracerProvider()
trace.set_tracer_provider(own)
telemetry.configure("station-7", existing="keep")
print(trace.get_tracer_provider() is own, type(metrics.get_meter_provider()).__name__)
print(type(get_logger_provider()).__name__)
"""


def test_providers_that_are_there_are_kept_if_asked_for(receiver: OTLPReceiver) -> None:
    done = run(KEEP, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert done.out == ["True MeterProvider", "LoggerProvider"]


REFUSED = """
import logging
from opentelemetry import trace
from pywats import SyncServiceWrapper, telemetry
telemetry.configure("station-7")
class Meter:
    async def read(self): logging.getLogger("a").warning("read")
for _ in range(3):
    SyncServiceWrapper(Meter()).read()
    print(telemetry.flush(10.0))
"""


def test_a_signal_that_the_endpoint_does_not_take_is_given_up_with_one_line(
    receiver: OTLPReceiver,
) -> None:
    receiver.refuse("/v1/logs", "/v1/metrics")
    done = run(REFUSED, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    lines = [line for line in done.err.splitlines() if line != "read"]
    assert sorted(lines) == [
        f"the OTLP endpoint does not take {signal.lower()} (it returned 404), and no more are sent:"
        f" set OTEL_{signal}_EXPORTER=none, or OTEL_EXPORTER_OTLP_{signal}_ENDPOINT to an endpoint "
        "that does"
        for signal in ("LOGS", "METRICS")
    ]
    assert len(receiver.spans) == 3


SLOW = """
import logging, time
from pywats import telemetry
telemetry.configure("station-7", exit_timeout=0.1)
logging.getLogger("a").error("a")
begun = time.monotonic()
print(telemetry.flush(0.2))
print(time.monotonic() < begun + 5)
"""


def test_flushing_takes_no_longer_than_its_limit() -> None:
    done = run(SLOW, OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9")
    assert done.out == ["False", "True"]
