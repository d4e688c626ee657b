"""Methods of requests in spans and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from pywats import CallTransport, DirectTransport, SyncServiceWrapper
from pywats.observability import request_method
from pywats.observability.request_method import recorded_method
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.observability.measuring import Measurements
    from tests.tracing import Spans

OK = b"HTTP/1.1 204 No Content\r\n\r\n"
VARIABLE = "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS"


@pytest.fixture(autouse=True)
def _read_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(VARIABLE, raising=False)
    request_method._known_methods.cache_clear()
    yield
    request_method._known_methods.cache_clear()


@pytest.mark.parametrize(
    ("known", "method", "recorded"),
    [
        ("", "GET", "GET"),
        ("", "PATCH", "PATCH"),
        ("", "QUERY", "QUERY"),
        ("", "get", "_OTHER"),
        ("", "PROPFIND", "_OTHER"),
        (" GET , PROPFIND,", "PROPFIND", "PROPFIND"),
        # The variable replaces the list.
        ("GET,PROPFIND", "POST", "_OTHER"),
    ],
)
def test_methods_that_are_not_known_are_one_value(
    monkeypatch: pytest.MonkeyPatch, known: str, method: str, recorded: str
) -> None:
    monkeypatch.setenv(VARIABLE, known)
    assert recorded_method(method) == recorded


@pytest.mark.parametrize("transport", [DirectTransport, CallTransport])
@pytest.mark.parametrize("template", ["", "/files/{name}"])
def test_an_unknown_method_is_sent_as_it_is_and_told_beside(
    transport: type[DirectTransport | CallTransport],
    template: str,
    spans: Spans,
    measurements: Measurements,
    log_lines: list[str],
) -> None:
    extensions = {"template": template} if template else {}
    with (
        RawServer(saying(OK)) as server,
        SyncServiceWrapper(
            httpx.AsyncClient(transport=transport()),
            name="files",
            runner=DirectRunner() if transport is DirectTransport else None,
        ) as files,
    ):
        files.request("PURGE", f"{server.base_url}/files/a", extensions=extensions)
    (head,) = server.heads
    assert head.startswith(b"PURGE /files/a HTTP/1.1\r\n")
    (span,) = (each for each in spans.finished if each.kind.name == "CLIENT")
    assert span.name == ("HTTP /files/{name}" if template else "HTTP")
    assert span.attributes is not None
    assert span.attributes["http.request.method"] == "_OTHER"
    assert span.attributes["http.request.method_original"] == "PURGE"
    (point,) = measurements.histogram("http.client.request.duration")
    assert point.attributes is not None
    assert point.attributes["http.request.method"] == "_OTHER"
    assert "http.request.method_original" not in point.attributes
    assert any("PURGE" in line for line in log_lines)
