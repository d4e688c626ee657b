"""Read the log lines of a trace from Loki's query API (GET /loki/api/v1/query_range)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, JsonValue

from pywats.cli.trace.ask import ask, understanding
from pywats.cli.trace.span_id import span_id
from pywats.waterfall import LogRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pywats.waterfall import SpanRecord

__all__ = ["ALL_SERVICES", "MOST_LINES", "log_lines"]

ALL_SERVICES: Final = '{service_name=~".+"}'
"""Selects the streams of all services; Loki 3 labels each stream with its service."""
MOST_LINES: Final = 500
"""Maximum number of log lines that are read."""

_NAME: Final = "Loki"
_AROUND: Final = 300_000_000_000  # nanoseconds before and after the trace
_LATEST: Final = 2**63 - 1
_LEVELS: Final = ("severity_text", "level", "detected_level")
_SPAN_ID: Final = re.compile(r"[0-9a-fA-F]{16}")


class _Stream(BaseModel):
    stream: dict[str, str] = {}
    # Each value: the time, the line, and optionally its structured metadata.
    values: list[list[JsonValue]] = []


class _Data(BaseModel):
    result: list[_Stream] = []


class _Response(BaseModel):
    data: _Data = _Data()


def log_lines(
    base_url: str, trace_id: str, spans: Sequence[SpanRecord], selector: str, timeout: float
) -> list[LogRecord]:
    """Return the log lines of a trace by their time, at most `MOST_LINES`.

    Lines that arrived over OTLP have the id in their structured metadata as ``trace_id``. If Loki
    has no such lines, lines with the id in their text are searched.

    Args:
        base_url: Address of Loki.
        trace_id: The id as 32 hex digits.
        spans: The spans of the trace; they give the period to search.
        selector: Selects the streams to search.
        timeout: Limit of each exchange in seconds.

    Raises:
        StoreError: Loki was not reached, or its response is not understood.
    """
    start = max(0, min(span.start for span in spans) - _AROUND)
    end = min(max(span.end for span in spans) + _AROUND, _LATEST)
    for condition in (f'| trace_id="{trace_id}"', f'|= "{trace_id}"'):
        parameters = {
            "query": f"{selector} {condition}",
            "start": str(start),
            "end": str(end),
            "limit": str(MOST_LINES),
            "direction": "forward",
        }
        body = ask(_NAME, base_url, "/loki/api/v1/query_range", parameters, timeout)
        with understanding(_NAME, base_url):
            found = [] if body is None else _read(body)
        if found:
            return found
    return []


def _read(body: bytes) -> list[LogRecord]:
    response = _Response.model_validate_json(body)
    found = [
        _record(stream.stream, value) for stream in response.data.result for value in stream.values
    ]
    return sorted(found, key=lambda each: each.time)[:MOST_LINES]


def _record(labels: Mapping[str, str], value: list[JsonValue]) -> LogRecord:
    if len(value) < 2:  # noqa: PLR2004 - time and line
        raise ValueError("a log line has a time and a text")
    time, line, *_ = value
    if not isinstance(time, str) or not isinstance(line, str):
        raise ValueError("time and text of a log line are strings")  # noqa: TRY004 - of a response
    facts: dict[str, object] = {**_fields(line), **labels}
    level = next((facts[name] for name in _LEVELS if facts.get(name)), "")
    found = facts.get("span_id")
    is_id = isinstance(found, str) and _SPAN_ID.fullmatch(found)
    return LogRecord(
        time=int(time),
        level=str(level).upper(),
        logger=str(facts.get("scope_name") or facts.get("logger") or ""),
        text=str(facts.get("message") or line),
        span_id=span_id(str(found)) if is_id else None,
    )


def _fields(line: str) -> dict[str, object]:
    """Return the fields of a line in JSON, as ``configure_logging(json=True)`` writes it."""
    if not line.startswith("{"):
        return {}
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
