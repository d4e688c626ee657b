"""Texts of the environment."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

import pywats
from pywats import pyWATS
from pywats.telemetry.environment import is_exported
from tests.hostile.told import PASSWORD, TOKEN, Told, assert_clean, each_text
from tests.redaction.hostile import HOSTILE

if TYPE_CHECKING:
    from pywats.telemetry.environment import Signal
    from tests.tracing import Spans

ENVIRONMENT = (
    "PYWATS_BASE_URL",
    "PYWATS_CERT",
    "PYWATS_DEADLINE",
    "PYWATS_LOCATION",
    "PYWATS_MAX_CONNECTION_AGE",
    "PYWATS_MAX_RETRIES",
    "PYWATS_OUTBOX",
    "PYWATS_PASSWORD",
    "PYWATS_REQUEST_ID_HEADERS",
    "PYWATS_RETRY_BACKOFF",
    "PYWATS_SLOW_CALL",
    "PYWATS_STATION",
    "PYWATS_TIMEOUT",
    "PYWATS_TOKEN",
    "PYWATS_USERNAME",
)
OF_OTHERS = (
    "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
    "all_proxy",
    "http_proxy",
    "no_proxy",
)


@each_text
@pytest.mark.parametrize("variable", [*ENVIRONMENT, *OF_OTHERS])
def test_environment(
    kind: str,
    variable: str,
    told: Told,
    spans: Spans,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYWATS_BASE_URL", "http://127.0.0.1:1")
    if variable in {"PYWATS_USERNAME", "PYWATS_PASSWORD"}:
        monkeypatch.setenv("PYWATS_USERNAME", "station")
        monkeypatch.setenv("PYWATS_PASSWORD", PASSWORD)
    else:
        monkeypatch.setenv("PYWATS_TOKEN", TOKEN)
    monkeypatch.setenv(variable, HOSTILE[kind].replace("\0", ""))

    def call() -> None:
        with pyWATS() as api:
            report = api.report.create_uut_report("me", "A", "1", "S", 100)
            told.by(lambda: api.report.submit_report(report))
            api.product.get_product("A")

    told.by(call)
    assert_clean(told, spans)


@each_text
@pytest.mark.parametrize(
    "variable",
    [
        "OTEL_TRACES_EXPORTER",
        "OTEL_METRICS_EXPORTER",
        "OTEL_LOGS_EXPORTER",
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    ],
)
def test_environment_of_telemetry(
    kind: str, variable: str, told: Told, spans: Spans, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, HOSTILE[kind].replace("\0", ""))
    signal = variable.split("_")[1] if variable.endswith("EXPORTER") else "TRACES"
    told.by(lambda: is_exported(cast("Signal", signal)))
    assert told.errors
    assert_clean(told, spans)


def test_the_table_has_every_variable_of_the_library() -> None:
    source = "".join(
        file.read_text(encoding="utf-8") for file in Path(pywats.__file__).parent.rglob("*.py")
    )
    read = set(re.findall(r"\bPYWATS_[A-Z_]+[A-Z]\b", source))
    # The purpose of a report, which goes to the server.
    assert read - set(ENVIRONMENT) <= {"PYWATS_PURPOSE"}
