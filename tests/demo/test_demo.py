"""The demo, run as a user runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from rich.cells import cell_len

from tests.otlp import OTLPReceiver

WITHOUT_SDK = """
import sys
sys.modules["opentelemetry.sdk"] = None  # as if it were not installed
import runpy
runpy.run_module("pywats.demo", run_name="__main__")
"""


def run_demo(*arguments: str, code: int = 0, **environment: str) -> str:
    """Return what the demo prints; what it tells on standard error if it is to fail."""
    settings = {name: text for name, text in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(  # noqa: S603 - our own demo
        [sys.executable, "-W", "error", *(arguments or ("-m", "pywats.demo"))],
        env=settings | {"PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == code, done.stderr
    if code:
        return done.stderr
    assert done.stderr == ""
    return done.stdout


def scenes(output: str) -> list[str]:
    parts = re.split(r"╭─ \d · ", output)[1:]
    assert [part.split(" ─")[0] for part in parts] == [
        "Success",
        "Two failures, then success",
        "A timeout, again and again",
        "A permanent error",
    ]
    return parts


@pytest.fixture(scope="module")
def output() -> str:
    return run_demo()


def test_every_scene_shows_one_id_in_log_lines_and_headers(output: str) -> None:
    for scene in scenes(output):
        text = scene.split("The same in Jaeger")[0]
        assert len(set(re.findall(r"[0-9a-f]{32}", text))) == 1
        for heading in ("log lines", "what the server saw", "the trace"):
            assert heading in text
        assert "X-Correlation-ID: " in text
        assert "traceparent: " in text


def ids(scene: str) -> int:
    """Return how often the id of a scene is in it."""
    first = re.findall(r"[0-9a-f]{32}", scene)[0]
    return re.sub(r"[│\s]", "", scene).count(first)


def test_a_narrow_terminal_cuts_nothing(output: str) -> None:
    narrow = run_demo(COLUMNS="40")
    panels, _, commands = narrow.partition("The same in Jaeger")
    assert max(map(cell_len, panels.splitlines())) == 40
    assert "…" not in panels
    # Commands are to be copied, so the terminal wraps them, and not the demo.
    assert "docker run --rm -d -p 16686:16686" in commands
    for wide, scene in zip(scenes(output), scenes(narrow), strict=True):
        # An id may go on in the next line.
        assert ids(scene) == ids(wide)
        for mark in ("log lines", "↻ retry", "⏱ timeout", "# "):
            assert scene.count(mark) == wide.count(mark)


def test_the_scenes_show_what_their_titles_say(output: str) -> None:
    success, failures, timeout, permanent = scenes(output)
    assert "retry" not in success
    assert failures.count("↻ retry") == 2
    assert failures.count("⏱ timeout") == 1
    for outcome in ("no response", "503", "200"):
        assert failures.count(f"→ {outcome}") == 1
    assert timeout.count("⏱ timeout") == 3
    assert timeout.count("→ no response") == 3
    assert "✗ retry_given_up" in timeout
    assert "WATSTimeoutError: GET /api/Product/{partNumber}" in timeout
    assert permanent.count("→ 404") == 1
    assert "NotFoundError: GET" in permanent
    assert "docker run" in permanent


def test_without_the_sdk_ids_log_lines_and_headers_remain() -> None:
    output = run_demo("-c", WITHOUT_SDK)
    assert "no OpenTelemetry SDK is installed" in output
    for scene in scenes(output):
        assert len(set(re.findall(r"[0-9a-f]{32}", scene))) == 1
        assert "X-Correlation-ID: " in scene
        assert "traceparent" not in scene
        assert "the trace" not in scene


def test_with_an_endpoint_the_spans_are_exported_and_the_links_printed() -> None:
    with OTLPReceiver() as receiver:
        output = run_demo(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    links = re.findall(r"http://127\.0\.0\.1:16686/trace/([0-9a-f]{32})", output)
    assert len(links) == 4
    exported = {span.trace_id.hex() for _, span in receiver.spans}
    assert set(links) <= exported
    assert {service for service, _ in receiver.spans} == {"pywats-demo"}
    retried = [span for _, span in receiver.spans if span.trace_id.hex() == links[1]]
    (call,) = [span for span in retried if span.name == "pywats.product.get_product"]
    assert [event.name for event in call.events] == ["timeout", "retry", "retry"]
    assert len(retried) == 4


def test_an_endpoint_that_takes_traces_only_is_one_line() -> None:
    with OTLPReceiver() as receiver:
        receiver.refuse("/v1/metrics", "/v1/logs")
        output = run_demo(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    place = receiver.endpoint.removeprefix("http://")
    told = [line.strip() for line in output.splitlines() if place in line]
    assert told == [f"{place} takes traces, but does not take metrics and logs"]
    assert "ERROR" not in output.split("The same in Jaeger")[1]
    assert len(set(re.findall(r"16686/trace/([0-9a-f]{32})", output))) == 4
    assert {service for service, _ in receiver.spans} == {"pywats-demo"}


def test_an_endpoint_that_takes_nothing_is_one_line_too() -> None:
    with OTLPReceiver() as receiver:
        receiver.refuse("/v1/metrics", "/v1/logs", "/v1/traces")
        output = run_demo(OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint)
    place = receiver.endpoint.removeprefix("http://")
    told = [line.strip() for line in output.splitlines() if place in line]
    assert told == [f"{place} does not take traces, metrics and logs"]
    assert "16686" not in output.split("The same in Jaeger")[1]
