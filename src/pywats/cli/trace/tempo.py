"""Traces as Tempo's query API gives them: OTLP in JSON (GET /api/v2/traces/{id})."""

from __future__ import annotations

import base64
import re

from pydantic import BaseModel, Field, JsonValue

from pywats.waterfall import EventRecord, SpanRecord

__all__ = ["read_tempo"]

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


class _Answer(BaseModel):
    trace: _Trace = _Trace()


def read_tempo(body: bytes) -> list[SpanRecord]:
    """Return the spans of the answer, by their start.

    Raises:
        ValueError: It is no answer of Tempo.
    """
    answer = _Answer.model_validate_json(body)
    spans = [
        _record(span)
        for resource in answer.trace.resources
        for scope in resource.scopes
        for span in scope.spans
    ]
    return sorted(spans, key=lambda span: span.start)


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
    # OTLP writes ids in hex; Tempo, by the general rule of protobuf, in base64.
    if _HEX_ID.fullmatch(text):
        return int(text, 16)
    return int.from_bytes(base64.b64decode(text, validate=True), "big")


def _attributes(attributes: list[_Attribute]) -> dict[str, object]:
    return {each.key: next(iter(each.value.values()), None) for each in attributes}
