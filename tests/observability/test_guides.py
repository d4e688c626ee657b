"""The guides do what they say: their programs run as pasted, and end at a correlated trace."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.observability.scripts import run
from tests.otlp import OTLPReceiver

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
GUIDES = {
    name: (ROOT / "docs" / "guides" / name)
    for name in ("plain-logging.md", "production-debugging.md")
}


def blocks(name: str, language: str = "python") -> list[str]:
    text = GUIDES[name].read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def environment(sandbox: Sandbox) -> dict[str, str]:
    return {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}


@pytest.mark.parametrize("number", range(5))
def test_a_block_on_plain_logging_runs_as_pasted(number: int, sandbox: Sandbox) -> None:
    assert len(blocks("plain-logging.md")) == 5
    done = run(blocks("plain-logging.md")[number], **environment(sandbox))
    if number == 0:
        assert "INFO    [order-4711] httpx: HTTP Request: PUT " in done.err
        assert sandbox.requests[0].header("x-correlation-id") == "order-4711"


def test_the_guide_on_debugging_leads_to_a_correlated_trace(sandbox: Sandbox) -> None:
    program, inbound = blocks("production-debugging.md")
    with OTLPReceiver() as receiver:
        done = run(program, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint, **environment(sandbox))
    (printed,) = done.out  # there is no such product, so that the call fails
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert [line["trace_id"] for line in lines] == [printed]
    assert {span.trace_id.hex() for _, span in receiver.spans} == {printed}
    assert sandbox.requests[0].header("x-correlation-id") == printed
    assert run(inbound).out == []


def test_the_log_line_of_the_guide_has_the_fields_of_a_real_one() -> None:
    (line,) = [json.loads(block) for block in blocks("production-debugging.md", "json")]
    assert list(line) == [
        *("timestamp", "level", "logger", "message"),
        *("correlation_id", "trace_id", "span_id", "trace_sampled"),
    ]


@pytest.mark.parametrize("name", GUIDES)
def test_links_and_files_of_the_guides_exist(name: str) -> None:
    text = GUIDES[name].read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (GUIDES[name].parent / target).exists(), target
    for path in re.findall(r"`((?:examples|docs|tests)/[\w./-]+)`", text):
        assert (ROOT / path).exists(), path
