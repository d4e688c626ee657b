from __future__ import annotations

import contextvars
import traceback
from typing import TYPE_CHECKING

import pytest
from opentelemetry import baggage, context, propagate
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from pywats.http.client_span import ClientSpan, redacted_url
from pywats.observability.instrumentation import GLOBAL
from pywats.observability.propagation import propagation_headers
from tests.http.faces import FACES, GET
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.http import Response
    from tests.tracing import Spans

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://h/a?x=1&y=a%20b", "http://h/a?x=1&y=a%20b"),
        ("http://h/a", "http://h/a"),
        (
            "http://h/a?sig=abc&x=1&Token=&AWSAccessKeyId=k",
            "http://h/a?sig=REDACTED&x=1&Token=REDACTED&AWSAccessKeyId=REDACTED",
        ),
    ],
)
def test_sensitive_query_values_are_not_on_the_span(url: str, shown: str) -> None:
    assert redacted_url(url) == shown


@pytest.mark.parametrize(
    "name",
    [
        *("api_key", "apiKey", "x-api-key", "key", "subscription-key", "AWSAccessKeyId"),
        *("access_token", "sessionToken", "X-Amz-Security-Token", "client_secret", "jwt"),
        *("password", "user.password", "pwd", "X-Amz-Signature", "X-Amz-Credential", "auth"),
    ],
)
def test_names_of_credentials_in_a_query(name: str) -> None:
    shown = redacted_url(f"http://h/a?x=1&{name}=Secret1&y=2")
    assert shown == f"http://h/a?x=1&{name}=REDACTED&y=2"


@pytest.mark.parametrize("name", ["keyword", "author", "partNumber", "monkey", "passed", "tokens"])
def test_other_names_in_a_query_stay(name: str) -> None:
    assert redacted_url(f"http://h/a?{name}=1") == f"http://h/a?{name}=1"


@pytest.mark.parametrize("face", FACES)
def test_an_attempt_is_one_client_span_with_the_attributes_of_the_conventions(
    face: Callable[..., Response], spans: Spans
) -> None:
    with RawServer(saying(OK)) as server:
        face(server.base_url)
    (span,) = spans.finished
    assert span.name == "GET /api/Product/{partNumber}"
    assert span.kind.name == "CLIENT"
    told = {
        name: value
        for name, value in (span.attributes or {}).items()
        # See test_phases.
        if not name.startswith("pywats.")
    }
    assert told == {
        "network.peer.address": "127.0.0.1",
        "network.peer.port": server.port,
        "network.protocol.version": "1.1",
        "peer.service": "127.0.0.1",
        "http.request.method": "GET",
        "url.full": f"{server.base_url}/api/Product/A",
        "url.template": "/api/Product/{partNumber}",
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "http.response.status_code": 200,
    }


@pytest.mark.parametrize("face", FACES)
def test_without_a_sync_call_header_span_and_error_still_share_one_id(
    face: Callable[..., Response], spans: Spans
) -> None:
    response = b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"
    with RawServer(saying(response)) as server, pytest.raises(Exception, match="500") as caught:
        face(server.base_url)
    (trace_id,) = spans.trace_ids()
    (head,) = server.heads
    assert f"X-Correlation-ID: {trace_id}\r\n".encode() in head
    assert f"traceparent: 00-{trace_id}-".encode() in head
    assert vars(caught.value)["correlation_id"] == trace_id
    # Once in the traceback: an error of pywats has it in its message, another one in a note.
    shown = "".join(traceback.format_exception_only(caught.value))
    assert shown.count(f"correlation_id={trace_id}") == 1
    assert spans.tree() == [
        "GET /api/Product/{partNumber} [CLIENT ERROR http.response.status_code=500 error.type=500]"
    ]


def test_without_a_tracer_there_is_a_correlation_header_and_no_traceparent() -> None:
    with RawServer(saying(OK)) as server:
        FACES[0](server.base_url, GET)
    (head,) = server.heads
    assert b"\r\nX-Correlation-ID: " in head
    assert b"traceparent" not in head


def test_the_configured_propagators_decide_what_is_injected() -> None:
    previous = propagate.get_global_textmap()
    propagate.set_global_textmap(CompositePropagator([TraceContextTextMapPropagator()]))
    token = context.attach(baggage.set_baggage("line", "7"))
    try:
        assert propagation_headers() == {}
        propagate.set_global_textmap(previous)
        assert propagation_headers() == {"baggage": "line=7"}
    finally:
        context.detach(token)
        propagate.set_global_textmap(previous)


def test_a_span_that_is_left_late_leaves_the_context_alone() -> None:
    def work() -> None:
        span = ClientSpan("GET", {}, "http://wats.example/api/Product/A", GLOBAL)
        later = context.set_value("later", "call")
        context.attach(later)
        # As when Ctrl-C has kept it from being left, and another call is under way now.
        span.leave()
        span.end()
        assert context.get_current() is later

    contextvars.copy_context().run(work)
