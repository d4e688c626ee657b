"""`pywats.telemetry.configure`, each time in a process of its own: providers are set once."""

from __future__ import annotations

import os
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from pywats import telemetry
from pywats.telemetry.environment import is_exported
from tests.observability.scripts import run
from tests.otlp import OTLPReceiver, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats.sandbox import Sandbox
    from pywats.telemetry.environment import Signal

CALL = """
import logging
from pywats import pyWATS, telemetry
logging.getLogger().setLevel(logging.DEBUG)
{setup}
with pyWATS() as api:
    api.product.create_product("A")
{end}
"""
CALL_SPANS = ["PUT /api/Product", "pywats.product.create_product"]


def call(setup: str = "telemetry.configure('station-7')", end: str = "") -> str:
    return CALL.format(setup=setup, end=end)


@pytest.fixture(autouse=True)
def _server(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a server to the programs, which saves them the import of their own."""
    monkeypatch.setenv("PYWATS_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("PYWATS_TOKEN", sandbox.token)


@pytest.fixture
def receiver() -> Iterator[OTLPReceiver]:
    with OTLPReceiver() as running:
        yield running


def names(receiver: OTLPReceiver) -> list[str]:
    return [span.name for _, span in receiver.spans]


def test_all_three_signals_are_exported_before_the_process_has_ended(
    receiver: OTLPReceiver,
) -> None:
    run(call(), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    received = [*receiver.spans, *receiver.metrics, *receiver.logs]
    assert {service for service, _ in received} == {"station-7"}
    assert names(receiver) == CALL_SPANS
    assert {metric.name for _, metric in receiver.metrics} >= {"http.client.request.duration"}
    infos = [record for _, record in receiver.logs if record.severity_text == "INFO"]
    (record,) = infos
    assert record.body.string_value.startswith("PUT /api/Product: 200 in ")
    assert record.trace_id == receiver.spans[0][1].trace_id
    assert record.span_id == receiver.spans[0][1].span_id
    # What the exporters log while they export (urllib3: POST /v1/traces) would never end.
    bodies = [record.body.string_value for _, record in receiver.logs]
    assert not any("/v1/" in body for body in bodies)


def test_text_that_is_no_utf_8_is_exported_escaped_and_spoils_no_other(
    receiver: OTLPReceiver,
) -> None:
    source = r"""
import logging
from pywats import SyncServiceWrapper, telemetry
latin = "caf\udce9"  # what os.fsdecode makes of the bytes caf\xe9
telemetry.configure("station-7")

class Files:
    async def check(self, path): pass
    async def load(self, path): raise ValueError(f"no step in {path}")

def told(method, args, kwargs):
    return {"path": args[0], "count": 1} if args else {}

files = SyncServiceWrapper(Files(), name=f"files-{latin}", span_attributes=told)
logger = logging.getLogger(f"app.{latin}")
logging.addLevelName(35, latin)
files.check("innocent")
logging.error("innocent")
try:
    files.load(latin)
except ValueError:
    logger.exception("cannot load %s", latin, extra={"path": latin, latin: 1})
logger.log(35, "odd level")
print(telemetry.shutdown())
"""
    done = run(source, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert done.out == ["True"]
    # With no other handler the lines go where they go without telemetry; none of them failed.
    assert done.err.startswith("ERROR:root:innocent\n")
    assert "Logging error" not in done.err
    innocent, failed = (span for _, span in receiver.spans)
    assert innocent.name == r"files-caf\udce9.check"
    assert values(innocent.attributes) == {"path": "innocent", "count": 1}
    assert failed.name == r"files-caf\udce9.load"
    assert failed.status.message == r"ValueError: no step in caf\udce9"
    assert values(failed.attributes)["path"] == r"caf\udce9"
    (event,) = failed.events
    of_span = values(event.attributes)
    assert of_span["exception.message"] == r"no step in caf\udce9"
    bodies = {record.body.string_value: record for _, record in receiver.logs}
    assert set(bodies) == {"innocent", r"cannot load caf\udce9", "odd level"}
    assert bodies["odd level"].severity_text == r"caf\udce9"
    of_record = values(bodies[r"cannot load caf\udce9"].attributes)
    assert (of_record["path"], of_record[r"caf\udce9"]) == (r"caf\udce9", 1)
    assert of_record["exception.message"] == r"no step in caf\udce9"
    assert of_record["exception.type"] == of_span["exception.type"] == "ValueError"
    for told in (of_span, of_record):
        assert r"ValueError: no step in caf\udce9" in str(told["exception.stacktrace"])


def test_once_configured_the_name_is_settled_and_shutting_down_ends_exporting(
    receiver: OTLPReceiver,
) -> None:
    setup = """
telemetry.configure()
telemetry.configure()
telemetry.configure("line-3")
try:
    telemetry.configure("line-4")
except ValueError as error:
    print(error)
"""
    end = """
    print(len(list(logging.getLogger().handlers)))
    print(telemetry.shutdown(), telemetry.shutdown())
    print(len(list(logging.getLogger().handlers)))
    api.product.get_product("A")
"""
    done = run(
        call(setup, end),
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint,
        OTEL_SERVICE_NAME="line-3",
        OTEL_RESOURCE_ATTRIBUTES="site=Oslo",
    )
    assert done.out == [
        "service_name='line-4': this process is configured as 'line-3', and it can be that once",
        "1",
        "True True",
        "0",
    ]
    assert {service for service, _ in receiver.spans} == {"line-3"}
    assert names(receiver) == CALL_SPANS


def test_signals_can_be_switched_off(receiver: OTLPReceiver) -> None:
    end = "    print(telemetry.shutdown(), logging.getLogger().handlers)"
    done = run(
        call(end=end),
        OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint,
        OTEL_TRACES_EXPORTER="none",
        OTEL_METRICS_EXPORTER="none",
        OTEL_LOGS_EXPORTER="none",
    )
    assert done.out == ["True []"]
    assert [*receiver.spans, *receiver.metrics, *receiver.logs] == []


def test_a_provider_of_the_application_is_not_replaced() -> None:
    source = """
import logging
from opentelemetry import _logs, metrics, trace
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.trace import TracerProvider
from pywats import telemetry

def configure():
    try:
        telemetry.configure("station-7")
    except RuntimeError as error:
        print(error)

_logs.set_logger_provider(LoggerProvider())
configure()
metrics.set_meter_provider(MeterProvider())
configure()
trace.set_tracer_provider(TracerProvider())
configure()
print(logging.getLogger().handlers)
"""
    *refusals, handlers = run(source).out
    for what, refusal in zip(("logger", "meter", "tracer"), refusals, strict=True):
        assert refusal.startswith(
            f"there is a {what} provider already ({what.title()}Provider), and it is not "
            "replaced: leave out pywats.telemetry.configure()"
        )
    assert handlers == "[]"


@pytest.mark.parametrize("collector", ["down", "silent"])
def test_a_collector_that_is_no_use_does_not_hold_up_the_exit(collector: str) -> None:
    setup = """
import atexit, time

def report():
    print(round(time.monotonic() - ended, 2), flush=True)

atexit.register(report)  # the first registered is the last to run
telemetry.configure("station-7", exit_timeout=0.5)
"""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepted: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    accepted.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        if collector == "silent":
            thread.start()
        else:
            listener.shutdown(socket.SHUT_RDWR)
        done = run(
            call(setup, "ended = time.monotonic()"),
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{listener.getsockname()[1]}",
        )
    for connection in accepted:
        connection.close()
    assert bool(accepted) is (collector == "silent")
    (seconds,) = done.out
    # By default it would be held up for five seconds.
    assert float(seconds) < 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_exports_what_it_did_itself(receiver: OTLPReceiver) -> None:
    end = """
    import os, sys, warnings
    warnings.simplefilter("ignore", DeprecationWarning)  # of a fork with threads around
    child = os.fork()
    if child == 0:
        api.product.get_product("A")
        sys.stdout.flush()
        os._exit(0 if telemetry.shutdown() else 1)
    print(os.waitpid(child, 0)[1])
"""
    done = run(call(end=end), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert done.out == ["0"]
    assert sorted(names(receiver)) == sorted(
        [*CALL_SPANS, "GET /api/Product/{partNumber}", "pywats.product.get_product"]
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_child_of_multiprocessing_exports_as_it_ends(receiver: OTLPReceiver) -> None:
    end = """
    import multiprocessing, warnings
    warnings.simplefilter("ignore", DeprecationWarning)  # of a fork with threads around
    fork = multiprocessing.get_context("fork")
    child = fork.Process(target=api.product.get_product, args=["A"])
    child.start()
    child.join()
    print(child.exitcode)
"""
    done = run(call(end=end), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert done.out == ["0"]
    assert sorted(names(receiver)) == sorted(
        [*CALL_SPANS, "GET /api/Product/{partNumber}", "pywats.product.get_product"]
    )


def test_without_the_sdk_it_is_said_what_to_install() -> None:
    source = """
import os, sys
sys.modules["opentelemetry.sdk"] = None  # as if it were not installed
from pywats import telemetry
try:
    telemetry.configure("station-7")
except ModuleNotFoundError as error:
    print(error)
os.environ["OTEL_SDK_DISABLED"] = "true"
telemetry.configure("station-7")
"""
    (line,) = run(source).out
    assert line == (
        "pywats.telemetry.configure() needs the package opentelemetry: pip install 'pywats[otel]'"
    )


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("OTEL_TRACES_EXPORTER", "zipkin", "must be 'otlp' or 'none'"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "must be 'http/protobuf'"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", "must be 'http/protobuf'"),
    ],
)
def test_what_the_environment_asks_for_and_is_not_here_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, message: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValueError, match=f"{variable}={value!r} in the environment: {message}"):
        is_exported("TRACES")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OTEL_BSP_MAX_QUEUE_SIZE", "-5"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "-5"),
        ("OTEL_METRICS_EXEMPLAR_FILTER", "some"),
        ("OTEL_BLRP_MAX_QUEUE_SIZE", "-5"),
    ],
)
def test_after_a_failure_nothing_is_set_or_running_and_it_can_be_tried_again(
    receiver: OTLPReceiver, variable: str, value: str
) -> None:
    setup = f"""
import os, threading
from opentelemetry import _logs, metrics, trace
providers = trace.get_tracer_provider, metrics.get_meter_provider, _logs.get_logger_provider
before = [get() for get in providers]
os.environ["{variable}"] = "{value}"
try:
    telemetry.configure("station-7")
except ValueError:
    print("refused")
print([get() for get in providers] == before, logging.getLogger().handlers)
print([thread.name for thread in threading.enumerate()])
del os.environ["{variable}"]
telemetry.configure("station-7")
"""
    done = run(call(setup), OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    assert done.out == ["refused", "True []", "['MainThread']"]
    assert names(receiver) == CALL_SPANS
    assert receiver.metrics
    assert receiver.logs


@pytest.mark.parametrize("signal", ["TRACES", "METRICS", "LOGS"])
def test_the_protocol_of_a_signal_wins_over_that_of_all(
    monkeypatch: pytest.MonkeyPatch, signal: Signal
) -> None:
    own = f"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    monkeypatch.setenv(own, "http/protobuf")
    assert is_exported(signal)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    monkeypatch.setenv(own, "grpc")
    with pytest.raises(ValueError, match=f"{own}='grpc' in the environment"):
        is_exported(signal)


@pytest.mark.parametrize("signal", ["TRACES", "METRICS", "LOGS"])
def test_each_signal_is_exported_unless_it_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, signal: Signal
) -> None:
    assert is_exported(signal)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
    monkeypatch.setenv(f"OTEL_{signal}_EXPORTER", "otlp")
    assert is_exported(signal)
    monkeypatch.setenv(f"OTEL_{signal}_EXPORTER", "none")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
    assert not is_exported(signal)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"service_name": 7}, TypeError, "service_name=7: must be a string, not int"),
        ({"service_name": " "}, ValueError, "service_name=' ': must not be empty"),
        ({"service_name": "a", "exit_timeout": 0}, ValueError, "exit_timeout=0: must be"),
        ({"service_name": "a", "exit_timeout": "1"}, TypeError, "exit_timeout='1': must be"),
        ({"existing": "replace"}, ValueError, "existing='replace': must be 'refuse' or 'keep'"),
    ],
)
def test_bad_arguments_are_refused(
    arguments: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        telemetry.configure(**arguments)  # type: ignore[arg-type]  # the mistake under test


def test_shutting_down_what_was_never_configured_is_done_at_once() -> None:
    assert telemetry.shutdown() is True
    with pytest.raises(ValueError, match="timeout=0: must be"):
        telemetry.shutdown(0)
