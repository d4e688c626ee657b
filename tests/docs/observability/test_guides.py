"""The guides do what they say: their programs run as pasted, and end at a correlated trace."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.http.raw_server import RawServer, saying
from tests.observability.scripts import run
from tests.otlp import OTLPReceiver

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

ROOT = Path(__file__).parents[3]
GUIDES = {
    name: (ROOT / "docs" / "guides" / name)
    for name in ("plain-logging.md", "production-debugging.md")
}


def blocks(name: str, language: str = "python") -> list[str]:
    text = GUIDES[name].read_text(encoding="utf-8")
    return re.findall(
        rf"^```{language}(?: title=[^\n]*)?\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL
    )


def environment(sandbox: Sandbox) -> dict[str, str]:
    return {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}


@pytest.mark.parametrize("number", range(6))
def test_a_block_on_plain_logging_runs_as_pasted(number: int, sandbox: Sandbox) -> None:
    assert len(blocks("plain-logging.md")) == 6
    done = run(blocks("plain-logging.md")[number], **environment(sandbox))
    if number == 0:
        assert "INFO    [order-4711] pywats.http: PUT /api/Product: 200 in " in done.err
        assert sandbox.requests[0].header("x-correlation-id") == "order-4711"


def test_the_guide_on_debugging_leads_to_a_correlated_trace(sandbox: Sandbox) -> None:
    program, job, inbound = blocks("production-debugging.md")
    with OTLPReceiver() as receiver:
        done = run(program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint, **environment(sandbox))
    (printed,) = done.out  # there is no such product, so that the call fails
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert [line["logger"] for line in lines] == ["pywats.http", "pywats.call"]
    assert {line["trace_id"] for line in lines} == {printed}
    assert {span.trace_id.hex() for _, span in receiver.spans} == {printed}
    assert sandbox.requests[0].header("x-correlation-id") == printed
    assert run(inbound).out == []
    with OTLPReceiver() as receiver:
        run(job, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint, **environment(sandbox))
    assert sandbox.requests[-1].header("x-correlation-id") == "job-42"


REAL_LINES = """
from pywats import RetryConfig, configure_logging, pyWATS
from pywats.errors import ServerError
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
trace.set_tracer_provider(TracerProvider())
configure_logging(json=True)
with pyWATS(retry_config=RetryConfig(max_retries=1, max_backoff=0.01)) as api:
    try:
        api.product.get_product("PCBA-100")
    except ServerError:
        pass
"""


def masked(value: object) -> str:
    """Return a value without what differs from run to run, but with its type."""
    text = re.sub(r"https?://[^ ]+", "<url>", str(value))
    return f"{type(value).__name__} {re.sub(r'[0-9a-f]{16,}|[0-9.]+', '<number>', text)}"


def test_the_log_lines_of_the_guide_are_those_of_a_real_call() -> None:
    shown = [json.loads(block) for block in blocks("production-debugging.md", "json")]
    response = b"HTTP/1.1 503 Busy\r\nX-Request-ID: srv-8f3a\r\nContent-Length: 0\r\n\r\n"
    with RawServer(saying(response)) as server:
        done = run(REAL_LINES, PYWATS_BASE_URL=server.base_url, PYWATS_TOKEN="c3RhdGlvbjp4")
    real = [
        line
        for each in done.err.splitlines()
        if (line := json.loads(each))["logger"] != "pywats.http"
    ]
    assert [list(line) for line in shown] == [list(line) for line in real]
    for line, other in zip(shown, real, strict=True):
        differing = {name for name in line if masked(line[name]) != masked(other[name])}
        assert differing <= {"timestamp"}


@pytest.mark.parametrize("name", GUIDES)
def test_links_and_files_of_the_guides_exist(name: str) -> None:
    text = GUIDES[name].read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (GUIDES[name].parent / target).exists(), target
    for path in re.findall(r"`((?:examples|docs|tests)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path
