"""The id that a web application keeps for an inbound request becomes that of its calls."""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

import httpx
import pytest
from asgi_correlation_id import CorrelationIdFilter, CorrelationIdMiddleware
from asgi_correlation_id import correlation_id as inbound_id
from fastapi import FastAPI

from pywats import CorrelationFilter, correlation_id, current_correlation_id, use_correlation_id_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

VARIABLE: ContextVar[str] = ContextVar("request_id")


@pytest.fixture(autouse=True)
def _forget_the_variable() -> Iterator[None]:
    yield
    use_correlation_id_of(None)


async def test_the_id_of_an_inbound_request_is_that_of_calls_log_lines_and_spans(
    api: pyWATS, sandbox: Sandbox, spans: Spans, log_lines: list[str]
) -> None:
    use_correlation_id_of(inbound_id)
    app = FastAPI()
    app.add_middleware(CorrelationIdMiddleware)

    @app.get("/products/{part}")
    def product(part: str) -> str:
        api.product.create_product(part)
        logging.getLogger("app").info("made %s", part)
        return str(current_correlation_id())

    inbound = "0f8fad5b-d9cb-469f-a165-70867728950e"
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
        log_lines.clear()
        response = await client.get("/products/A", headers={"X-Request-ID": inbound})
    assert response.json() == inbound
    assert response.headers["X-Request-ID"] == inbound
    assert [request.header("x-correlation-id") for request in sandbox.requests] == [inbound]
    call = spans.named("pywats.product.create_product")
    assert dict(call.attributes or {}) == {"pywats.correlation_id": inbound}
    assert [line.split()[0] for line in log_lines if " app " in line] == [inbound]


def test_the_filter_of_asgi_correlation_id_and_ours_agree() -> None:
    use_correlation_id_of(inbound_id)
    record = logging.makeLogRecord({})
    token = inbound_id.set("abc")
    try:
        CorrelationIdFilter().filter(record)
        CorrelationFilter().filter(record)
    finally:
        inbound_id.reset(token)
    assert vars(record)["correlation_id"] == "abc"
    assert vars(record)["trace_id"] == "-"


def test_an_id_set_for_a_block_wins_over_that_of_the_application() -> None:
    use_correlation_id_of(VARIABLE)
    assert current_correlation_id() is None  # the variable has neither value nor default
    token = VARIABLE.set("request-1")
    try:
        assert current_correlation_id() == "request-1"
        with correlation_id("job-42"):
            assert current_correlation_id() == "job-42"
        use_correlation_id_of(None)
        assert current_correlation_id() is None
    finally:
        VARIABLE.reset(token)


@pytest.mark.parametrize("forged", ["a\r\nX-Evil: 1", "x" * 129, "job 42"])
def test_an_id_that_could_forge_a_header_is_not_used_and_that_is_said_once(
    api: pyWATS, sandbox: Sandbox, log_lines: list[str], forged: str
) -> None:
    use_correlation_id_of(VARIABLE)
    token = VARIABLE.set(forged)
    try:
        log_lines.clear()
        api.product.create_product("A")
        api.product.get_product("A")
    finally:
        VARIABLE.reset(token)
    own = [request.header("x-correlation-id") or "" for request in sandbox.requests]
    assert [len(each) for each in own] == [32, 32]
    assert own[0] != own[1]
    (complaint,) = [line for line in log_lines if " WARNING " in line]
    assert "pywats.sync WARNING request_id=" in complaint
    assert complaint.endswith("It is not used: calls have ids of their own")


def test_an_empty_id_is_none_at_all(log_lines: list[str]) -> None:
    use_correlation_id_of(VARIABLE)
    token = VARIABLE.set("")
    try:
        assert current_correlation_id() is None
    finally:
        VARIABLE.reset(token)
    assert log_lines == []


def test_only_a_context_variable_will_do() -> None:
    with pytest.raises(TypeError, match=r"must be a contextvars.ContextVar or None, not builtin_"):
        use_correlation_id_of(VARIABLE.get)  # type: ignore[arg-type]  # the mistake under test
