"""What an attempt leaves behind: nothing where Ctrl-C kept it from beginning."""

from __future__ import annotations

import asyncio
import importlib
import re
from typing import TYPE_CHECKING, NoReturn

import httpx
import pytest
from opentelemetry import context

from pywats import CallTransport, DirectTransport
from pywats.observability.call import current_call
from tests.http.faces import FACES
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.http import Response
    from tests.tracing import Spans

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def interrupt(*_: object, **__: object) -> NoReturn:
    raise KeyboardInterrupt


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(
    ("module", "place", "names"),
    [
        ("pywats.http.attempt", "ClientSpan", []),
        ("pywats.http.attempt", "enter_call", ["GET /api/Product/{partNumber}"]),
        ("pywats.http.outgoing", "request_headers", ["GET /api/Product/{partNumber}"]),
    ],
)
def test_an_attempt_that_is_interrupted_as_it_begins_leaves_nothing_behind(
    face: Callable[..., Response],
    module: str,
    place: str,
    names: list[str],
    monkeypatch: pytest.MonkeyPatch,
    spans: Spans,
) -> None:
    outside = context.get_current()
    with RawServer(saying(OK)) as server:
        with monkeypatch.context() as patched:
            patched.setattr(importlib.import_module(module), place, interrupt)
            with pytest.raises(KeyboardInterrupt):
                face(server.base_url)
        assert server.heads == []
        assert current_call() is None
        assert context.get_current() is outside
        assert [span.name for span in spans.finished] == names
        assert face(server.base_url).content == b"{}"


def test_the_transport_leaves_nothing_behind_either(
    monkeypatch: pytest.MonkeyPatch, spans: Spans
) -> None:
    async def over_call() -> None:
        async with httpx.AsyncClient(transport=CallTransport()) as client:
            await client.get("http://127.0.0.1:9/")

    monkeypatch.setattr("pywats.http.attempt.ClientSpan", interrupt)
    outside = context.get_current()
    with (
        httpx.Client(transport=DirectTransport()) as client,
        pytest.raises(KeyboardInterrupt),
    ):
        client.get("http://127.0.0.1:9/")
    assert context.get_current() is outside
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(over_call())
    assert current_call() is None
    assert not spans.finished


def test_the_log_line_of_an_attempt_that_had_no_connection(log_lines: list[str]) -> None:
    with (
        httpx.Client(transport=DirectTransport()) as client,
        pytest.raises(httpx.UnsupportedProtocol),
    ):
        client.get("ftp://127.0.0.1/")
    (line,) = [line for line in log_lines if "pywats.http" in line]
    assert re.sub("^[0-9a-f]{32} [0-9a-f]{32} |[0-9.]+(?= ms)", "", line) == (
        "pywats.http INFO GET ftp://127.0.0.1/: failed with UnsupportedProtocol in  ms "
        "(attempt 1, no connection)"
    )
