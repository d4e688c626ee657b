"""Read traces from Jaeger's query API (``/api/traces``)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field, JsonValue

from pywats.cli.trace.found import ATTRIBUTE, MOST_FOUND, Found, newest_first, trace_id_of
from pywats.cli.trace.span_id import span_id
from pywats.waterfall import EventRecord, SpanRecord

if TYPE_CHECKING:
    from pywats.cli.trace.ask import Ask
    from pywats.cli.trace.found import Window

__all__ = ["read_jaeger", "search_jaeger"]

_MOST_SERVICES: Final = 50


class _Tag(BaseModel):
    key: str
    value: JsonValue = None


class _Log(BaseModel):
    timestamp: int
    fields: list[_Tag] = []


class _Reference(BaseModel):
    kind: str = Field(alias="refType")
    span_id: str = Field(alias="spanID")


class _Span(BaseModel):
    span_id: str = Field(alias="spanID")
    name: str = Field(alias="operationName")
    references: list[_Reference] | None = None
    start: int = Field(alias="startTime")
    duration: int
    tags: list[_Tag] | None = None
    logs: list[_Log] | None = None


class _Trace(BaseModel):
    trace_id: str = Field(default="", alias="traceID")
    spans: list[_Span] = []


class _Response(BaseModel):
    data: list[_Trace] | None = None


def read_jaeger(body: bytes) -> list[SpanRecord]:
    """Return the spans of a response, by their start.

    Args:
        body: Body of the response.

    Raises:
        ValueError: The body is not a response of Jaeger.
    """
    response = _Response.model_validate_json(body)
    spans = [_record(span) for trace in response.data or () for span in trace.spans]
    return sorted(spans, key=lambda span: span.start)


class _Services(BaseModel):
    data: list[str] | None = None


def search_jaeger(ask: Ask, own_id: str, window: Window) -> list[Found]:
    """Return the traces with an id that the program has set itself.

    Jaeger can only search within one service, so there is a request for each service.

    Args:
        ask: Sends a request.
        own_id: The id.
        window: Period in which they began.

    Raises:
        StoreError: The store was not reached.
        ValueError: A response is not from Jaeger.
    """
    body = ask("/api/services", {})
    services = [] if body is None else _Services.model_validate_json(body).data or []
    found: list[Found] = []
    for service in services[:_MOST_SERVICES]:
        parameters = {
            "service": service,
            "tags": json.dumps({ATTRIBUTE: own_id}),
            "start": str(window.start * 1_000_000),
            "end": str(window.end * 1_000_000),
            "limit": str(MOST_FOUND),
        }
        body = ask("/api/traces", parameters)
        response = _Response() if body is None else _Response.model_validate_json(body)
        found += [_found(trace, service) for trace in response.data or () if trace.spans]
    return newest_first(found)


def _found(trace: _Trace, service: str) -> Found:
    first = min(trace.spans, key=lambda span: span.start)
    end = max(span.start + span.duration for span in trace.spans)
    return Found(
        trace_id_of(trace.trace_id),
        first.start * 1000,
        (end - first.start) * 1000,
        first.name,
        service,
    )


def _record(span: _Span) -> SpanRecord:
    parent = next((each for each in span.references or () if each.kind == "CHILD_OF"), None)
    attributes = _attributes(span.tags or [])
    error = attributes.get("error")
    # Jaeger has microseconds, a SpanRecord nanoseconds.
    start = span.start * 1000
    return SpanRecord(
        name=span.name,
        span_id=span_id(span.span_id),
        parent_id=span_id(parent.span_id) if parent else None,
        start=start,
        end=start + span.duration * 1000,
        failed=error is True or error == "true",
        attributes=attributes,
        events=tuple(_event(log) for log in span.logs or ()),
    )


def _event(log: _Log) -> EventRecord:
    attributes = _attributes(log.fields)
    name = attributes.pop("event", None)
    return EventRecord(name if isinstance(name, str) else "log", log.timestamp * 1000, attributes)


def _attributes(tags: list[_Tag]) -> dict[str, object]:
    return {tag.key: tag.value for tag in tags}
