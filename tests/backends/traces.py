"""A trace, as Jaeger or Tempo gives it out, in one form."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

NOT_FOUND = 404


@dataclass(frozen=True)
class StoredSpan:
    """A span; the values of attributes as text."""

    span_id: str
    parent_id: str
    name: str
    kind: str
    attributes: dict[str, str]
    events: list[tuple[str, dict[str, str]]] = field(default_factory=list)


class TraceStore(Protocol):
    """Where traces are looked up."""

    def spans(self, trace_id: str) -> list[StoredSpan]:
        """Return what is stored of a trace, nothing if it is not known."""
        ...

    def find(self, service: str, attribute: str, value: str) -> set[str]:
        """Return the ids of the traces with a span that has the attribute."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class Jaeger:
    """Jaeger's query API (its own JSON, ``/api/traces``)."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url)

    def close(self) -> None:
        self._client.close()

    def spans(self, trace_id: str) -> list[StoredSpan]:
        response = self._client.get(f"/api/traces/{trace_id}")
        if response.status_code == NOT_FOUND:
            return []
        # A store with Jaeger's API may know no such trace with status 200 and without data.
        traces = response.raise_for_status().json().get("data") or []
        return [self._span(span) for trace in traces for span in trace["spans"]]

    def find(self, service: str, attribute: str, value: str) -> set[str]:
        query = {"service": service, "tags": json.dumps({attribute: value}), "lookback": "1h"}
        response = self._client.get("/api/traces", params=query)
        found = response.raise_for_status().json().get("data") or []
        return {trace["traceID"] for trace in found}

    @staticmethod
    def _span(span: dict[str, Any]) -> StoredSpan:
        attributes = _texts(span["tags"])
        events = [_texts(log["fields"]) for log in span["logs"]]
        return StoredSpan(
            span_id=span["spanID"],
            parent_id=next((each["spanID"] for each in span["references"]), ""),
            name=span["operationName"],
            kind=attributes.get("span.kind", "internal"),
            attributes=attributes,
            events=[(event.pop("event"), event) for event in events],
        )


def _texts(pairs: list[dict[str, Any]]) -> dict[str, str]:
    return {pair["key"]: str(pair["value"]) for pair in pairs}


class Tempo:
    """Tempo's query API (OTLP as JSON with ids in base64, ``/api/v2/traces``)."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url)

    def close(self) -> None:
        self._client.close()

    def spans(self, trace_id: str) -> list[StoredSpan]:
        headers = {"Accept": "application/json"}
        response = self._client.get(f"/api/v2/traces/{trace_id}", headers=headers)
        if response.status_code == NOT_FOUND:
            return []
        return [
            self._span(span)
            for by_resource in response.raise_for_status()
            .json()
            .get("trace", {})
            .get("resourceSpans", [])
            for by_scope in by_resource.get("scopeSpans", [])
            for span in by_scope.get("spans", [])
        ]

    def find(self, service: str, attribute: str, value: str) -> set[str]:
        query = f'{{ resource.service.name = "{service}" && span.{attribute} = "{value}" }}'
        response = self._client.get("/api/search", params={"q": query})
        return {
            trace["traceID"].rjust(32, "0")
            for trace in response.raise_for_status().json().get("traces") or []
        }

    @staticmethod
    def _span(span: dict[str, Any]) -> StoredSpan:
        return StoredSpan(
            span_id=_hex(span["spanId"]),
            parent_id=_hex(span.get("parentSpanId", "")),
            name=span["name"],
            kind=span["kind"].removeprefix("SPAN_KIND_").lower(),
            attributes=_values(span.get("attributes", [])),
            events=[
                (event["name"], _values(event.get("attributes", [])))
                for event in span.get("events", [])
            ],
        )


def _hex(span_id: str) -> str:
    # OTLP writes ids in hex; Tempo, by the general rule of protobuf, in base64.
    if re.fullmatch("[0-9a-fA-F]{16}", span_id):
        return span_id.lower()
    return base64.b64decode(span_id).hex()


def _values(pairs: list[dict[str, Any]]) -> dict[str, str]:
    return {pair["key"]: str(next(iter(pair["value"].values()))) for pair in pairs}


def wait_for_spans(
    store: TraceStore, trace_id: str, count: int, *, limit: float = 30.0, pause: float = 0.5
) -> list[StoredSpan]:
    """Return the spans of a trace once there are so many, for a store takes its time."""
    ends = time.monotonic() + limit
    while len(spans := store.spans(trace_id)) < count:
        assert time.monotonic() < ends, f"{len(spans)} of {count} spans of {trace_id} arrived"
        time.sleep(pause)
    return spans


def wait_for_trace(
    store: TraceStore, service: str, attribute: str, value: str, *, limit: float = 30.0
) -> set[str]:
    """Return the traces with the attribute once there is one."""
    ends = time.monotonic() + limit
    while not (found := store.find(service, attribute, value)):
        assert time.monotonic() < ends, f"no trace with {attribute}={value} arrived"
        time.sleep(0.5)
    return found
