"""What the exporters of `pywats.telemetry` say in the log of what goes wrong."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

from pywats.telemetry.exporters import LogExporter
from pywats.telemetry.log_handler import OTLPHandler
from tests.otlp import OTLPReceiver

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def receiver() -> Iterator[OTLPReceiver]:
    with OTLPReceiver() as running:
        yield running


@pytest.fixture
def exporter(receiver: OTLPReceiver) -> Iterator[LogExporter]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.endpoint)
        made = LogExporter()
    yield made
    made.shutdown()  # type: ignore[no-untyped-call]  # so in the SDK
    logging.getLogger(LogExporter.__mro__[1].__module__).removeFilter(made._refusal)


@pytest.fixture
def logger(exporter: LogExporter) -> logging.Logger:
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    made = logging.Logger("station")  # noqa: LOG001 - pytest finds those from getLogger()
    made.addHandler(OTLPHandler(provider))
    return made


def test_an_attempt_that_another_one_makes_good_is_not_told(
    receiver: OTLPReceiver, logger: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.be_busy("/v1/logs")
    logger.info("done")
    assert [record.body.string_value for _, record in receiver.logs] == ["done"]
    assert [record for record in caplog.records if "otlp" in record.name] == []


def test_a_batch_that_is_dropped_is_told(
    receiver: OTLPReceiver,
    exporter: LogExporter,
    logger: logging.Logger,
    caplog: pytest.LogCaptureFixture,
) -> None:
    # 64 MiB by default, which a batch of large records reaches.
    exporter._max_request_size = 10
    logger.info("done")
    assert receiver.logs == []
    (told,) = [record for record in caplog.records if "otlp" in record.name]
    assert told.getMessage().startswith("Dropping logs batch: serialized size ")
