"""What a client sent, as a test reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pywats import RetryConfig, correlation_id
from pywats.sandbox import Fault
from pywats.testing import CapturedCalls

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats import pyWATS
    from pywats.sandbox import Sandbox


def test_a_call_is_a_record(api: pyWATS, sandbox: Sandbox) -> None:
    calls = CapturedCalls(sandbox)
    assert calls == []
    assert not calls
    with correlation_id("job-42"):
        api.product.create_product(part_number="Ä/B", name="a board")
    api.process.get_processes()
    assert [str(call) for call in calls] == ["PUT /api/Product", "GET /api/App/Processes"]
    assert calls == ["PUT /api/Product", "GET /api/App/Processes"]
    assert calls == list(calls)
    assert calls != ["PUT /api/Product"]
    assert calls != ["PUT /api/Product", "GET /"]
    assert calls != "PUT"
    assert repr(calls) == "['PUT /api/Product', 'GET /api/App/Processes']"
    first, second = calls
    assert isinstance(first.json, dict)
    assert first.json["partNumber"] == "Ä/B"
    assert (first.correlation_id, first.status) == ("job-42", 200)
    assert first.headers["authorization"] == "REDACTED"
    assert "authorization" not in repr(first)
    assert calls[-1] == second
    assert calls[1:] == [second]
    with pytest.raises(
        ValueError, match=r"^GET /api/App/Processes: the body is not a JSON document"
    ):
        _ = second.json
    calls.clear()
    assert len(calls) == 0


def test_each_attempt_is_one(connect: Callable[..., pyWATS], sandbox: Sandbox) -> None:
    calls = CapturedCalls(sandbox)
    api = connect(retry_config=RetryConfig(max_backoff=0.01))
    api.product.create_product(part_number="A/1")
    calls.clear()
    sandbox.inject("GET", "/api/Product/{partNumber}", Fault.reset(), times=1)
    api.product.get_product("A/1")
    assert calls == ["GET /api/Product/A/1"] * 2
    assert [call.status for call in calls] == [None, 200]
    assert len({call.correlation_id for call in calls}) == 1


def test_the_query_is_decoded(api: pyWATS, sandbox: Sandbox) -> None:
    api.report.query_headers(filter="partNumber eq 'A&B'", top=3)
    (call,) = CapturedCalls(sandbox)
    assert call.query == {"$filter": "partNumber eq 'A&B'", "$top": "3"}


def test_calls_have_no_hash(sandbox: Sandbox) -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(CapturedCalls(sandbox))
