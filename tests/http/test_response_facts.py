"""What a response says of the server's side: on the exception, the CLIENT span and the log line."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, pyWATS
from pywats.errors import WATSError
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.tracing import Spans

REQUEST_IDS = "PYWATS_REQUEST_ID_HEADERS"
CAPTURE = "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE"
PREFIX = "http.response.header."
TOKEN = "c3RhdGlvbjpodW50ZXIy"
HEADERS = {
    "X-Request-ID": "srv-1",
    "X-MS-Request-ID": "ms-2",
    "X-Own": "own-3",
    "X-Cache": "HIT",
    "Set-Cookie": "session=secret",
    "X-Echo": f"Basic {TOKEN}",
}


class Told:
    """What a failed request has left behind."""

    def __init__(self, error: WATSError, spans: Spans, caplog: pytest.LogCaptureFixture) -> None:
        facts = vars(error)
        self.request_id: object = facts["server_request_id"]
        self.on_error: Mapping[str, str] = facts["response_headers"]
        (client,) = [span for span in spans.finished if span.kind.name == "CLIENT"]
        self.on_span = {
            name.removeprefix(PREFIX): value
            for name, value in (client.attributes or {}).items()
            if name.startswith(PREFIX)
        }
        self.on_line: list[dict[str, object]] = [
            vars(record) for record in caplog.records if record.name == "pywats.call"
        ]


def failing(
    headers: Mapping[str, str],
    spans: Spans,
    caplog: pytest.LogCaptureFixture,
    *,
    awaited: bool = False,
) -> Told:
    caplog.set_level(logging.INFO)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    response = f"HTTP/1.1 500 Oops\r\n{lines}Content-Length: 0\r\n\r\n".encode()

    async def work(url: str) -> None:
        async with AsyncWATS(url, TOKEN) as client:
            await client.product.get_products()

    def ask(url: str) -> None:
        if awaited:
            asyncio.run(work(url))
        else:
            with pyWATS(url, TOKEN) as api:
                api.product.get_products()

    with RawServer(saying(response)) as server, pytest.raises(WATSError) as caught:
        ask(server.base_url)
    return Told(caught.value, spans, caplog)


@pytest.mark.parametrize("awaited", [False, True])
def test_the_request_id_of_the_server(
    spans: Spans, caplog: pytest.LogCaptureFixture, *, awaited: bool
) -> None:
    told = failing({"X-Request-ID": "srv-1", "X-Other": "x"}, spans, caplog, awaited=awaited)
    assert told.request_id == "srv-1"
    assert told.on_error == {"x-request-id": "srv-1"}
    assert told.on_span == {"x-request-id": ("srv-1",)}
    if not awaited:
        (line,) = told.on_line
        assert line["server_request_id"] == "srv-1"
        assert line[f"{PREFIX}x-request-id"] == "srv-1"


@pytest.mark.parametrize(
    "name", ["X-Request-ID", "X-MS-Request-ID", "x-amzn-RequestId", "traceresponse"]
)
def test_every_header_that_may_hold_it_is_told_everywhere(
    name: str, spans: Spans, caplog: pytest.LogCaptureFixture
) -> None:
    told = failing({name: "an id"}, spans, caplog)
    assert told.request_id == "an id"
    assert told.on_error == {name.lower(): "an id"}
    assert told.on_span == {name.lower(): ("an id",)}


def test_names_are_chosen_by_the_environment(
    spans: Spans, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REQUEST_IDS, " X-Missing , X-Own ")
    monkeypatch.setenv(CAPTURE, "x-cache,X-Missing")
    told = failing(HEADERS, spans, caplog)
    assert told.request_id == "own-3"
    assert told.on_error == {"x-own": "own-3", "x-cache": "HIT"}
    assert told.on_span == {"x-own": ("own-3",), "x-cache": ("HIT",)}
    (line,) = told.on_line
    assert {name for name in line if name.startswith(PREFIX)} == {
        f"{PREFIX}x-own",
        f"{PREFIX}x-cache",
    }


def test_no_secret_is_told(
    spans: Spans, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(REQUEST_IDS, "Set-Cookie,X-Echo")
    monkeypatch.setenv(CAPTURE, "set-cookie,WWW-Authenticate,X-Echo")
    told = failing(HEADERS, spans, caplog)
    for text in (told.request_id, told.on_error, told.on_span, told.on_line):
        assert TOKEN not in repr(text)
        assert "session" not in repr(text)
    assert told.on_error == {"x-echo": "Basic REDACTED"}


def test_without_any_nothing_is_told(spans: Spans, caplog: pytest.LogCaptureFixture) -> None:
    told = failing({"Server": "x"}, spans, caplog)
    assert (told.request_id, told.on_error, told.on_span) == (None, {}, {})
    assert "server_request_id" not in told.on_line[0]


def test_long_values_and_control_characters_are_bounded(
    spans: Spans, caplog: pytest.LogCaptureFixture
) -> None:
    told = failing({"X-Request-ID": "a\x85b" + "c" * 50_000}, spans, caplog)
    assert isinstance(told.request_id, str)
    assert len(told.request_id) < 2500
    assert "\x85" not in told.request_id
