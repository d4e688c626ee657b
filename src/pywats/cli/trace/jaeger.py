"""Traces as Jaeger's query API gives them (GET /api/traces/{id})."""

from __future__ import annotations

from pydantic import BaseModel, Field, JsonValue

from pywats.waterfall import EventRecord, SpanRecord

__all__ = ["read_jaeger"]


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
    spans: list[_Span] = []


class _Answer(BaseModel):
    data: list[_Trace] | None = None


def read_jaeger(body: bytes) -> list[SpanRecord]:
    """Return the spans of the answer, by their start.

    Raises:
        ValueError: It is no answer of Jaeger.
    """
    answer = _Answer.model_validate_json(body)
    spans = [_record(span) for trace in answer.data or () for span in trace.spans]
    return sorted(spans, key=lambda span: span.start)


def _record(span: _Span) -> SpanRecord:
    parent = next((each for each in span.references or () if each.kind == "CHILD_OF"), None)
    attributes = _attributes(span.tags or [])
    # Jaeger counts in microseconds.
    start = span.start * 1000
    return SpanRecord(
        name=span.name,
        span_id=int(span.span_id, 16),
        parent_id=int(parent.span_id, 16) if parent else None,
        start=start,
        end=start + span.duration * 1000,
        failed=attributes.get("error") in {True, "true"},
        attributes=attributes,
        events=tuple(_event(log) for log in span.logs or ()),
    )


def _event(log: _Log) -> EventRecord:
    attributes = _attributes(log.fields)
    return EventRecord(str(attributes.pop("event", "log")), log.timestamp * 1000, attributes)


def _attributes(tags: list[_Tag]) -> dict[str, object]:
    return {tag.key: tag.value for tag in tags}
