"""One id, wherever one looks: log lines, headers, exception, span."""

from __future__ import annotations

import logging
import re
import traceback
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import TraceFlags

from pywats import RetryConfig, SyncConfig, correlation_id, pyWATS
from pywats.errors import NotFoundError, ServerError, WATSTimeoutError
from pywats.sandbox import Fault
from tests.skipped_time import LIMIT, SkippedTime
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sandbox import Sandbox

ROUTE = "/api/Product/{partNumber}"
FAST = SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=2, max_backoff=0.01))


@pytest.fixture
def part(api: pyWATS, sandbox: Sandbox) -> str:
    api.product.create_product(part_number="A")
    sandbox.clear()
    return "A"


def headers(sandbox: Sandbox, name: str) -> list[str | None]:
    return [request.header(name) for request in sandbox.requests]


def test_one_id_in_every_log_line_header_and_span_over_all_retries(
    sandbox: Sandbox,
    connect: Callable[..., pyWATS],
    part: str,
    trace_with: Callable[[Spans], Spans],
    log_lines: list[str],
) -> None:
    spans = trace_with(Spans())
    log_lines.clear()
    sandbox.inject("GET", ROUTE, Fault.status(503), times=2)
    product = connect(sync_config=FAST).product.get_product(part)
    assert product.part_number == "A"

    (trace_id,) = spans.trace_ids()
    assert re.fullmatch(r"[0-9a-f]{32}", trace_id)
    assert headers(sandbox, "x-correlation-id") == [trace_id] * 3
    parents = [(header or "").split("-") for header in headers(sandbox, "traceparent")]
    assert [parts[1] for parts in parents] == [trace_id] * 3
    assert len({parts[2] for parts in parents}) == 3
    stamp = f"{trace_id} {trace_id}"
    name = "pywats.product.get_product"
    failed = (
        f"GET {ROUTE} at {sandbox.base_url} returned 503 Service Unavailable: A fault was injected."
    )
    assert [re.sub(r"in [0-9.]+ ms", "in T ms", line) for line in log_lines] == [
        f"{stamp} pywats.http INFO GET {ROUTE}: 503 in T ms (attempt 1, new connection)",
        f"{stamp} pywats.sync WARNING {name}: attempt 1 failed (ServerError: {failed}), "
        "next attempt in 0.01 s",
        f"{stamp} pywats.http INFO GET {ROUTE}: 503 in T ms (attempt 2, reused connection)",
        f"{stamp} pywats.sync WARNING {name}: attempt 2 failed (ServerError: {failed}), "
        "next attempt in 0.01 s",
        f"{stamp} pywats.http INFO GET {ROUTE}: 200 in T ms (attempt 3, reused connection)",
    ]
    assert spans.tree() == [
        f"{name} [INTERNAL UNSET]",
        f"  GET {ROUTE} [CLIENT ERROR http.response.status_code=503 error.type=503]",
        "  * retry: attempt=1, delay=0.01, error.type=503, reason=status 503",
        f"  GET {ROUTE} [CLIENT ERROR http.response.status_code=503 "
        "http.request.resend_count=1 error.type=503]",
        "  * retry: attempt=2, delay=0.01, error.type=503, reason=status 503",
        f"  GET {ROUTE} [CLIENT UNSET http.response.status_code=200 http.request.resend_count=2]",
    ]


def test_the_exception_and_its_message_carry_the_id_of_the_header(
    api: pyWATS, sandbox: Sandbox, spans: Spans
) -> None:
    with pytest.raises(NotFoundError) as caught:
        api.product.get_product("missing")
    (trace_id,) = spans.trace_ids()
    assert headers(sandbox, "x-correlation-id") == [trace_id]
    assert caught.value.correlation_id == trace_id
    shown = "".join(traceback.format_exception_only(caught.value))
    assert (shown.count(trace_id), str(caught.value).count(trace_id)) == (1, 1)
    assert spans.tree() == [
        "pywats.product.get_product [INTERNAL ERROR error.type=404]",
        f"  GET {ROUTE} [CLIENT ERROR http.response.status_code=404 error.type=404]",
        "  * exception: exception.type=pywats.errors.NotFoundError",
    ]


def test_each_root_call_has_an_id_of_its_own(
    api: pyWATS, sandbox: Sandbox, part: str, spans: Spans
) -> None:
    for _ in range(3):
        api.product.get_product(part)
    ids = headers(sandbox, "x-correlation-id")
    assert len(set(ids)) == 3
    assert set(ids) == spans.trace_ids()


def test_calls_inside_an_outer_span_join_its_trace(
    api: pyWATS, sandbox: Sandbox, part: str, spans: Spans
) -> None:
    with spans.provider.get_tracer("app").start_as_current_span("job"):
        api.product.get_product(part)
        api.product.get_product(part)
    (trace_id,) = spans.trace_ids()
    assert headers(sandbox, "x-correlation-id") == [trace_id, trace_id]
    assert [line.split(" [")[0] for line in spans.tree()] == [
        "job",
        "  pywats.product.get_product",
        f"    GET {ROUTE}",
        "  pywats.product.get_product",
        f"    GET {ROUTE}",
    ]


def test_several_requests_of_one_call_share_its_id(
    api: pyWATS, sandbox: Sandbox, part: str
) -> None:
    api.product.add_product_tag(part, "Site", "01")
    methods = [request.method for request in sandbox.requests]
    assert methods == ["GET", "PUT"]
    assert len(set(headers(sandbox, "x-correlation-id"))) == 1


def test_an_unsampled_call_is_correlated_all_the_same(
    api: pyWATS,
    sandbox: Sandbox,
    part: str,
    trace_with: Callable[[Spans], Spans],
    log_lines: list[str],
) -> None:
    spans = trace_with(Spans(ALWAYS_OFF))
    log_lines.clear()
    api.product.get_product(part)
    (sent,) = headers(sandbox, "x-correlation-id")
    (parent,) = headers(sandbox, "traceparent")
    assert spans.finished == ()
    assert parent is not None
    assert parent.split("-")[1] == sent
    assert int(parent.split("-")[3], 16) & TraceFlags.SAMPLED == 0
    assert [line.split()[0] for line in log_lines] == [sent]


def test_without_an_sdk_log_lines_header_and_exception_share_a_made_id(
    api: pyWATS, sandbox: Sandbox, log_lines: list[str]
) -> None:
    log_lines.clear()
    with pytest.raises(NotFoundError) as caught:
        api.product.get_product("missing")
    (sent,) = headers(sandbox, "x-correlation-id")
    assert headers(sandbox, "traceparent") == [None]
    assert sent is not None
    assert re.fullmatch(r"[0-9a-f]{32}", sent)
    assert caught.value.correlation_id == sent
    assert [line.split()[:2] for line in log_lines] == [[sent, sent]] * 2


def test_an_id_of_the_user_is_sent_and_logged_beside_the_trace_id(
    api: pyWATS, sandbox: Sandbox, part: str, spans: Spans, log_lines: list[str]
) -> None:
    log_lines.clear()
    with correlation_id("job-42"):
        api.product.get_product(part)
    (trace_id,) = spans.trace_ids()
    assert headers(sandbox, "x-correlation-id") == ["job-42"]
    assert [line.split()[:2] for line in log_lines] == [["job-42", trace_id]]
    call = spans.named("pywats.product.get_product")
    assert dict(call.attributes or {}) == {"pywats.correlation_id": "job-42"}


def test_the_header_can_be_renamed_or_switched_off(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    connect(sync_config=SyncConfig(correlation_header="X-Request-ID")).product.get_product(part)
    connect(sync_config=SyncConfig(correlation_id_enabled=False)).product.get_product(part)
    renamed, without = sandbox.requests
    assert renamed.header("x-request-id") is not None
    assert renamed.header("x-correlation-id") is None
    assert without.header("x-correlation-id") is None


def test_a_timeout_is_an_event_with_limit_phase_and_scope(
    sandbox: Sandbox,
    connect: Callable[..., pyWATS],
    part: str,
    spans: Spans,
    skipped_time: SkippedTime,
) -> None:
    sandbox.inject("GET", ROUTE, Fault.hang(), times=1)
    skipped_time.skip_at_requests(sandbox, 1)
    assert connect(sync_config=FAST, timeout=LIMIT).product.get_product(part).part_number == "A"
    assert spans.tree() == [
        "pywats.product.get_product [INTERNAL UNSET]",
        f"  GET {ROUTE} [CLIENT ERROR error.type=pywats.errors.WATSTimeoutError]",
        "  * timeout: error.type=pywats.errors.WATSTimeoutError, limit=60.0, phase=read, "
        "scope=attempt",
        "  * retry: attempt=1, delay=0.01, error.type=pywats.errors.WATSTimeoutError, "
        "reason=timeout",
        f"  GET {ROUTE} [CLIENT UNSET http.response.status_code=200 http.request.resend_count=1]",
    ]


def test_the_deadline_is_named_where_it_cuts_an_attempt_short(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    sandbox.inject("GET", ROUTE, Fault.drip(interval=0.05))
    with pytest.raises(WATSTimeoutError) as caught:
        connect(deadline=0.3).product.get_product(part)
    error = caught.value
    assert (error.limit, error.scope, error.stop_reason) == (0.3, "deadline", "deadline")
    assert error.elapsed is not None
    assert error.elapsed >= 0.3


def test_secrets_are_in_no_log_line_span_or_error(
    sandbox: Sandbox,
    connect: Callable[..., pyWATS],
    spans: Spans,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f'{{"Message": "bad login {sandbox.token} / {sandbox.password}"}}'.encode()
    sandbox.inject("*", "*", Fault.status(500, body=echo))
    with pytest.raises(ServerError) as caught:
        connect().product.get_product("A")
    seen = [str(caught.value), repr(caught.value), repr(vars(caught.value)), caplog.text]
    seen += [span.to_json() for span in spans.finished]
    for text in seen:
        assert sandbox.token not in text
        assert f"/ {sandbox.password}" not in text
    assert "bad login REDACTED / REDACTED" in str(caught.value)
