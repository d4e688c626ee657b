"""Read traces from Tempo's query API: OTLP in JSON, and its search by TraceQL."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, JsonValue

from pywats.cli.trace.found import ATTRIBUTE, MOST_FOUND, Found, newest_first, trace_id_of
from pywats.cli.trace.span_id import span_id
from pywats.waterfall import EventRecord, SpanRecord

if TYPE_CHECKING:
    from pywats.cli.trace.ask import Ask
    from pywats.cli.trace.found import Window

__all__ = ["read_tempo", "search_tempo"]

_HEX_ID = re.compile(r"[0-9a-fA-F]{16}")


class _Attribute(BaseModel):
    key: str
    # One of stringValue, intValue, doubleValue, boolValue, arrayValue, …
    value: dict[str, JsonValue] = {}


class _Event(BaseModel):
    name: str = ""
    time: int = Field(alias="timeUnixNano")
    attributes: list[_Attribute] = []


class _Status(BaseModel):
    code: int | str = 0


class _Span(BaseModel):
    span_id: str = Field(alias="spanId")
    parent_id: str = Field(default="", alias="parentSpanId")
    name: str
    start: int = Field(alias="startTimeUnixNano")
    end: int = Field(alias="endTimeUnixNano")
    attributes: list[_Attribute] = []
    events: list[_Event] = []
    status: _Status = _Status()


class _Scope(BaseModel):
    spans: list[_Span] = []


class _Resource(BaseModel):
    scopes: list[_Scope] = Field(default=[], alias="scopeSpans")


class _Trace(BaseModel):
    resources: list[_Resource] = Field(default=[], alias="resourceSpans")


class _Response(BaseModel):
    trace: _Trace = _Trace()


def read_tempo(body: bytes) -> list[SpanRecord]:
    """Return the spans of a response, by their start.

    Args:
        body: Body of the response.

    Raises:
        ValueError: The body is not a response of Tempo.
    """
    response = _Response.model_validate_json(body)
    spans = [
        _record(span)
        for resource in response.trace.resources
        for scope in resource.scopes
        for span in scope.spans
    ]
    return sorted(spans, key=lambda span: span.start)


class _Match(BaseModel):
    trace_id: str = Field(alias="traceID")
    service: str = Field(default="", alias="rootServiceName")
    name: str = Field(default="", alias="rootTraceName")
    start: int = Field(default=0, alias="startTimeUnixNano")
    milliseconds: int = Field(default=0, alias="durationMs")


class _Matches(BaseModel):
    traces: list[_Match] | None = None


def search_tempo(ask: Ask, own_id: str, window: Window) -> list[Found]:
    """Return the traces with an id that the program has set itself.

    Args:
        ask: Sends a request.
        own_id: The id; it contains no characters that are special in TraceQL.
        window: Period in which they began. Without it, Tempo searches only the recent traces that
            are not in its storage yet.

    Raises:
        StoreError: The store was not reached.
        ValueError: The response is not from Tempo.
    """
    parameters = {
        "q": f'{{ .{ATTRIBUTE} = "{own_id}" }}',
        "start": str(window.start),
        "end": str(window.end),
        "limit": str(MOST_FOUND),
    }
    body = ask("/api/search", parameters)
    matches = _Matches() if body is None else _Matches.model_validate_json(body)
    return newest_first(
        [
            Found(
                trace_id_of(each.trace_id),
                each.start,
                each.milliseconds * 1_000_000,
                each.name,
                each.service,
            )
            for each in matches.traces or ()
        ]
    )


def _record(span: _Span) -> SpanRecord:
    return SpanRecord(
        name=span.name,
        span_id=_id(span.span_id),
        parent_id=_id(span.parent_id) if span.parent_id else None,
        start=span.start,
        end=span.end,
        failed=span.status.code in {2, "STATUS_CODE_ERROR"},
        attributes=_attributes(span.attributes),
        events=tuple(
            EventRecord(event.name, event.time, _attributes(event.attributes))
            for event in span.events
        ),
    )


def _id(text: str) -> int:
    # OTLP writes ids in hex; Tempo writes base64, which protobuf uses for bytes in JSON.
    return span_id(text if _HEX_ID.fullmatch(text) else base64.b64decode(text, validate=True).hex())


def _attributes(attributes: list[_Attribute]) -> dict[str, object]:
    return {each.key: next(iter(each.value.values()), None) for each in attributes}
