"""Requests to operations that no service has a method for, on each face."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pywats import AsyncWATS, RetryConfig, SyncClientConfig, SyncWATSClient, pyWATS
from pywats.errors import NotFoundError, WATSDecodeError
from pywats.sandbox import Fault
from pywats.testing import no_backoff
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sandbox import Sandbox


def test_a_request_has_an_id_a_span_and_retries(
    sandbox: Sandbox, trace_with: Callable[[Spans], Spans]
) -> None:
    with pyWATS(
        sandbox.base_url, sandbox.token, retry_config=RetryConfig(max_retries=1, backoff=1.0)
    ) as api:
        api.product.create_product("A/B#1", name="Board")
        spans = trace_with(Spans())
        sandbox.clear()
        path = "/api/Product/{partNumber}"
        sandbox.inject("GET", path, Fault.status(503), times=1)
        with no_backoff():
            response = api.request("get", path, parameters={"partNumber": "A/B#1"})
    product = response.json()
    assert isinstance(product, dict)
    assert (response.status, product["name"]) == (200, "Board")
    assert (response.content_type, '"name":"Board"' in response.text) == ("application/json", True)
    assert repr(response) == "RawResponse(status=200, content_type='application/json')"
    assert spans.tree() == [
        "pywats.api.request [INTERNAL UNSET]",
        f"  GET {path} [CLIENT ERROR http.response.status_code=503 error.type=503]",
        "  * retry: attempt=1, delay=1.0, error.type=503, reason=status 503",
        f"  GET {path} [CLIENT UNSET http.response.status_code=200 http.request.resend_count=1]",
    ]
    ids = {request.header("x-correlation-id") for request in sandbox.requests}
    assert ids == spans.trace_ids()
    assert [request.target for request in sandbox.requests] == ["/api/Product/A%2FB%231"] * 2


def test_what_is_sent_is_what_was_given(sandbox: Sandbox) -> None:
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        api.request("PUT", "/api/Product", json={"partNumber": "P", "name": "\u00e9"})
        assert sandbox.requests[-1].body == '{"partNumber":"P","name":"\u00e9"}'.encode()
        with pytest.raises(NotFoundError):
            api.request(
                "DELETE",
                "/api/No/Such?a=1&a=2&b=",
                query={"c": True, "d": None},
                content=b"<x/>",
                content_type="application/xml",
                accept="*/*",
            )
    last = sandbox.requests[-1]
    assert (last.method, last.target, last.body) == (
        "DELETE",
        "/api/No/Such?a=1&a=2&b=&c=true",
        b"<x/>",
    )
    assert (last.header("content-type"), last.header("accept")) == ("application/xml", "*/*")


async def test_the_asynchronous_client_has_it_too(sandbox: Sandbox) -> None:
    async with AsyncWATS(sandbox.base_url, sandbox.token) as api:
        assert (await api.request("GET", "/api/App/Version")).json() == "25.1.0"


def test_the_flat_client_has_it_with_a_limit_for_one_call(sandbox: Sandbox) -> None:
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
    with SyncWATSClient(config) as client:
        assert client.request("GET", "/api/App/Version").json() == "25.1.0"
        sandbox.inject("GET", "/api/App/Version", Fault.hang())
        with pytest.raises(TimeoutError):
            client.request("GET", "/api/App/Version", timeout=0.05)


def test_a_body_that_is_not_json_says_what_came(sandbox: Sandbox) -> None:
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        sandbox.inject("GET", "/api/x", Fault.status(200, body=b"<html>", content_type="text/html"))
        response = api.request("GET", "/api/x")
        assert response.content == b"<html>"
        with pytest.raises(WATSDecodeError, match="6 bytes of text/html"):
            response.json()
        sandbox.inject("GET", "/api/y", Fault.status(204, body=b""))
        assert api.request("GET", "/api/y").json() is None


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ({"method": "BREW"}, ValueError, "method='BREW': must be one of GET, HEAD, OPTIONS"),
        ({"method": 7}, TypeError, "method=7"),
        ({"path": "api"}, ValueError, "path='api': must begin with one '/'"),
        ({"path": "//evil.example/x"}, ValueError, "must begin with one '/'"),
        ({"path": "http://evil.example/x"}, ValueError, "must begin with one '/'"),
        ({"path": "/a b"}, ValueError, "must begin with one '/'"),
        ({"path": "/a\r\nX: y"}, ValueError, "must begin with one '/'"),
        ({"path": "/a#b"}, ValueError, "must begin with one '/'"),
        ({"path": "/\u00e9"}, ValueError, "must begin with one '/'"),
        ({"path": "/{id}"}, ValueError, r"must be the names in parameters=\[\]"),
        ({"path": "/{id!r}", "parameters": {"id": "a"}}, ValueError, "names in braces"),
        ({"path": "/{id.x}", "parameters": {"id": "a"}}, ValueError, "names in braces"),
        ({"path": "/{", "parameters": {}}, ValueError, "names in braces"),
        ({"path": "/x", "parameters": {"id": "a"}}, ValueError, r"parameters=\['id'\]"),
        ({"path": "/{id}", "parameters": {"id": ".."}}, ValueError, "cannot be a path segment"),
        ({"path": "/{id}", "parameters": {"id": 7}}, TypeError, r"parameters\['id'\]=7"),
        ({"json": 1, "content": b"x"}, ValueError, "give either json or content"),
        ({"json": object()}, ValueError, "valid JSON"),
        ({"content": "x"}, TypeError, "content: must be bytes"),
        ({"content_type": ""}, ValueError, "content_type=''"),
        ({"content_type": "a\r\nX: y"}, ValueError, r"content_type='a\\r\\nX: y': must be a media"),
        ({"content_type": "é"}, ValueError, "content_type='é': must be a media type"),
        ({"accept": ""}, ValueError, "accept=''"),
        ({"accept": " a/b"}, ValueError, "accept=' a/b': must be a media type"),
        ({"accept": "a/b, é"}, ValueError, "accept='a/b, é': must be a media type"),
        ({"query": {"a": "\ud800"}}, ValueError, r"query\['a'\]='.*': UTF-8 cannot encode it"),
        ({"query": {"a": ["b", "\ud800"]}}, ValueError, r"query\['a'\]='.*': UTF-8 cannot"),
        ({"query": {"\ud800": 7}}, ValueError, "a name in query='.*': UTF-8 cannot encode it"),
        ({"idempotent": "no"}, TypeError, "idempotent='no'"),
    ],
)
def test_nothing_is_sent_that_is_not_as_described(
    sandbox: Sandbox, arguments: dict[str, object], error: type[Exception], said: str
) -> None:
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        request: Callable[..., Any] = api.request
        with pytest.raises(error, match=said):
            request(**{"method": "GET", "path": "/api/App/Version", **arguments})
    assert sandbox.requests == ()
