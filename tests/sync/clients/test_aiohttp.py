"""`aiohttp` behind a synchronous face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aiohttp
import pytest

from pywats import SyncServiceWrapper, correlation_id

if TYPE_CHECKING:
    from tests.sync.clients.fakes import FakeServer
    from tests.tracing import Spans


def test_requests_are_awaited_or_entered(fake: FakeServer, spans: Spans) -> None:
    fake.responses["GET /a"] = {"name": "a"}
    fake.responses["POST /b"] = lambda body: {"given": body}
    made = SyncServiceWrapper.made_by(lambda: aiohttp.ClientSession(fake.base_url), name="http")
    with made as session:
        assert session is made
        with session.get("/a") as response:
            assert response.status == 200
            assert response.json() == {"name": "a"}
        response = session.post("/b", json={"x": 1})
        assert response.json() == {"given": {"x": 1}}
        response.release()
        assert b"".join(session.get("/a").content.iter_chunked(4)) == b'{"name": "a"}'
    assert made.closed
    names = [span.name for span in spans.finished]
    assert names[:2] == ["http.enter", "http.get.enter"]


def test_the_class_and_an_error(fake: FakeServer) -> None:
    session: Any = SyncServiceWrapper(aiohttp.ClientSession)(fake.base_url, raise_for_status=True)
    with correlation_id("job-1"), pytest.raises(aiohttp.ClientResponseError) as caught:
        session.get("/none")
    assert caught.value.status == 404
    assert vars(caught.value)["correlation_id"] == "job-1"
    session.close()
