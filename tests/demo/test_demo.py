"""The demo, run as a user runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pywats.waterfall import EventRecord, SpanRecord, waterfall
from tests.otlp import OTLPReceiver

WITHOUT_SDK = """
import sys
sys.modules["opentelemetry.sdk"] = None  # as if it were not installed
import runpy
runpy.run_module("pywats.demo", run_name="__main__")
"""


def run_demo(*arguments: str, **environment: str) -> str:
    settings = {name: text for name, text in os.environ.items() if not name.startswith("OTEL_")}
    done = subprocess.run(  # noqa: S603 - our own demo
        [sys.executable, "-W", "error", *(arguments or ("-m", "pywats.demo"))],
        env=settings | {"PYTHONIOENCODING": "utf-8"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
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


def test_the_scenes_show_what_their_titles_say(output: str) -> None:
    success, failures, timeout, permanent = scenes(output)
    assert "retry" not in success
    assert failures.count("↻ retry") == 2
    assert failures.count("→ 503") == 2
    assert failures.count("→ 200") == 1
    assert timeout.count("⏱ timeout") == 3
    assert timeout.count("→ no answer") == 3
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
    assert [event.name for event in call.events] == ["retry", "retry"]
    assert len(retried) == 4


def shape(text: str) -> str:
    """Return the text without what differs from run to run."""
    return " ".join(re.sub(r"[0-9a-f]{16,}|\d+|[━↻│─]", " ", text).split())


def test_the_readme_shows_what_the_demo_prints(output: str) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```text\n(.*?)^```$", readme, flags=re.MULTILINE | re.DOTALL)
    printed = "╭─ 2" + output.split("╭─ 2")[1].split("╭─ 3", maxsplit=1)[0]
    assert shape(block) == shape(printed)


def record(
    name: str, start: int, end: int, *events: EventRecord, failed: bool = False
) -> SpanRecord:
    return SpanRecord(name, start + 1, None, start, end, failed, {}, events)


def test_the_waterfall_draws_spans_that_are_not_the_librarys_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from rich.console import Console  # noqa: PLC0415 - after capsys has replaced the stream

    odd = EventRecord("odd", 5, {})
    Console(width=100).print(waterfall([record("a", 0, 10, odd, failed=True), record("b", 10, 10)]))
    first, event, second = capsys.readouterr().out.splitlines()
    assert first.split()[0] == "a"
    assert first.split()[-1] == "error"
    assert event.split() == ["◆", "odd", "◆"]
    assert second.split()[0] == "b"
