"""Where signals go, as it may be shown."""

from __future__ import annotations

import pytest

from pywats.telemetry.endpoint import SignalEndpoint, Taken


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://collector:4318/v1/traces", "collector:4318"),
        ("https://user:hunter2@collector/v1/traces", "collector"),
        ("http://[::1]:4318", "[::1]:4318"),
        ("http://[hunter2", "the address in OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("http://collector:hunter2", "the address in OTEL_EXPORTER_OTLP_ENDPOINT"),
        ("hunter2", "the address in OTEL_EXPORTER_OTLP_ENDPOINT"),
    ],
)
def test_host_and_port_are_shown_and_nothing_else(url: str, host: str) -> None:
    assert SignalEndpoint("OTEL_EXPORTER_OTLP_ENDPOINT", url).host == host


@pytest.mark.parametrize(
    ("taken", "summary"),
    [
        (Taken(taken=("TRACES", "LOGS")), "takes traces and logs"),
        (Taken(refused=("LOGS",)), "does not take logs"),
        (Taken(unknown=("METRICS",)), "did not respond for metrics"),
        (
            Taken(("TRACES",), ("LOGS",), ("METRICS",)),
            "takes traces, but does not take logs, but did not respond for metrics",
        ),
    ],
)
def test_what_an_endpoint_takes_is_one_sentence(taken: Taken, summary: str) -> None:
    assert taken.summary == summary
