"""Which errors of other libraries are worth another attempt."""

from __future__ import annotations

import asyncio
import ssl
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import aiohttp
import elastic_transport
import httpx
import openai
import pytest
import redis
import requests
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from pywats import RetryConfig
from pywats.errors import (
    CallTimeoutError,
    NotFoundError,
    ServerError,
    StopReason,
    WATSError,
    WATSStatusError,
)
from pywats.sync.policies.retry import GiveUp, Retry, decide

if TYPE_CHECKING:
    from collections.abc import Callable

ON = RetryConfig()
GET: Any = httpx.Request("GET", "http://127.0.0.1/")
# The SDK of openai has requests of its own fork of httpx.
POST: Any = httpx.Request("POST", "http://127.0.0.1/")


def of_httpx(status: int, request: Any = GET, **headers: str) -> Exception:
    response = httpx.Response(status, headers=headers, request=request)
    return httpx.HTTPStatusError("", request=request, response=response)


def of_aiohttp(status: int, method: str = "GET", **headers: str) -> Exception:
    sent = CIMultiDictProxy(CIMultiDict[str]())
    info = aiohttp.RequestInfo(URL("http://127.0.0.1/"), method, sent, URL("http://127.0.0.1/"))
    return aiohttp.ClientResponseError(info, (), status=status, headers=CIMultiDict(headers))


def of_openai(status: int, request: Any = GET, **headers: str) -> Exception:
    response = httpx.Response(status, headers=headers, request=request)
    kinds: dict[int, type[openai.APIStatusError]] = {
        404: openai.NotFoundError,
        429: openai.RateLimitError,
    }
    kind: Any = kinds.get(status, openai.InternalServerError)
    made: Exception = kind("", response=response, body=None)
    return made


class ClientError(Exception):
    """What botocore raises, which has neither a request nor an attribute of the status."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__("An error occurred")
        metadata = {"HTTPStatusCode": status, "HTTPHeaders": headers}
        self.response = {"Error": {"Code": "Throttling"}, "ResponseMetadata": metadata}


class GenAIError(Exception):
    """What google-genai raises: ``status`` is a text, and the code stands beside a response."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__()
        self.code = status
        self.status = "UNAVAILABLE"
        self.response = SimpleNamespace(headers=headers)


class PlainError(Exception):
    def __init__(self, status: int, **headers: str) -> None:
        super().__init__()
        self.status_code = status
        self.headers = {name.title(): value.encode() for name, value in headers.items()}


STATUS_ERRORS: list[Callable[..., Exception]] = [
    *(of_httpx, of_aiohttp, of_openai, ClientError, GenAIError, PlainError),
]
RETRY_AFTER = "retry-after"


def decision(error: Exception, config: RetryConfig = ON, **given: Any) -> Retry | GiveUp:
    known = {"attempt": 1, "remaining": None, "requests_known": False} | given
    return decide(config, error, **known)


@pytest.mark.parametrize("make", STATUS_ERRORS)
@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_the_status_of_any_exception_counts(make: Callable[..., Exception], status: int) -> None:
    assert decision(make(status)) == Retry(2.0, f"status {status}")
    only = RetryConfig(retry_on_status={status}, retry_on_errors=())
    assert decision(make(status), only) == Retry(2.0, f"status {status}")


@pytest.mark.parametrize("make", STATUS_ERRORS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 500, 501])
def test_other_statuses_do_not(make: Callable[..., Exception], status: int) -> None:
    assert decision(make(status)) == GiveUp(StopReason.NOT_RETRYABLE)


@pytest.mark.parametrize("make", STATUS_ERRORS)
def test_retry_after_of_any_exception_counts(make: Callable[..., Exception]) -> None:
    assert decision(make(429, **{RETRY_AFTER: "7"})) == Retry(7.0, "status 429")
    assert decision(make(503, **{RETRY_AFTER: "61"})) == GiveUp(StopReason.RETRY_AFTER_TOO_LONG)
    unheeded = RetryConfig(respect_retry_after=False)
    assert decision(make(429, **{RETRY_AFTER: "7"}), unheeded) == Retry(2.0, "status 429")


@pytest.mark.parametrize(
    ("named", "error", "retried"),
    [
        (httpx.HTTPError, of_httpx(404), False),
        (httpx.HTTPStatusError, of_httpx(404), False),
        (httpx.HTTPError, of_httpx(408), True),
        (httpx.HTTPError, of_httpx(500), True),
        (httpx.HTTPError, httpx.ConnectError(""), True),
        (httpx.HTTPError, httpx.UnsupportedProtocol(""), True),
        (openai.OpenAIError, of_openai(404), False),
        (openai.APIStatusError, of_openai(404), False),
        (openai.NotFoundError, of_openai(404), True),
        (openai.OpenAIError, of_openai(500), True),
        (aiohttp.ClientError, of_aiohttp(404), False),
        (aiohttp.ClientError, of_aiohttp(500), True),
        (aiohttp.ClientError, of_aiohttp(200), True),
        (ClientError, ClientError(404), False),
        (OSError, requests.HTTPError(response=requests.Response()), True),
        (Exception, of_httpx(500), False),
        (Exception, KeyError("x"), True),
        (WATSError, NotFoundError("x", status=404), False),
        (WATSStatusError, NotFoundError("x", status=404), False),
        (NotFoundError, NotFoundError("x", status=404), True),
        (WATSError, ServerError("x", status=500), True),
    ],
)
def test_a_named_base_does_not_retry_errors_of_the_caller(
    named: type[Exception], error: Exception, *, retried: bool
) -> None:
    config = RetryConfig(retry_on_errors=named)
    assert isinstance(decision(error, config), Retry) is retried


def openai_connection(cause: Exception, request: Any = POST) -> Exception:
    error = openai.APIConnectionError(request=request)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ConnectError("refused"), "ConnectError"),
        (httpx.ReadError("reset", request=GET), "ReadError"),
        (httpx.RemoteProtocolError("Server disconnected", request=GET), "RemoteProtocolError"),
        (httpx.ConnectTimeout(""), "timeout"),
        (httpx.ReadTimeout("", request=GET), "timeout"),
        (httpx.PoolTimeout("", request=POST), "timeout"),
        (httpx.ConnectError("", request=POST), "ConnectError"),
        (openai_connection(httpx.ConnectError("refused")), "APIConnectionError"),
        (aiohttp.ServerDisconnectedError(), "ServerDisconnectedError"),
        (aiohttp.ClientPayloadError(), "ClientPayloadError"),
        (aiohttp.ServerTimeoutError(), "timeout"),
        (asyncio.TimeoutError(), "timeout"),  # noqa: UP041 - the name that libraries raise
        (redis.ConnectionError(), "ConnectionError"),
        (redis.TimeoutError(), "timeout"),
        (elastic_transport.ConnectionError("x"), "ConnectionError"),
        (elastic_transport.ConnectionTimeout("x"), "timeout"),
        (requests.ConnectionError(), "ConnectionError"),
        (requests.ReadTimeout(), "timeout"),
    ],
    ids=lambda value: f"{type(value).__module__}.{type(value).__name__}",
)
def test_connection_errors_and_timeouts_of_other_libraries_count(
    error: Exception, reason: str
) -> None:
    assert decision(error) == Retry(2.0, reason)
    assert isinstance(decision(error, RetryConfig(retry_on_errors=OSError)), Retry)
    only = RetryConfig(retry_on_errors=ValueError)
    assert decision(error, only) == GiveUp(StopReason.NOT_RETRYABLE)


def certificate(error: Exception) -> Exception:
    error.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    return error


@pytest.mark.parametrize(
    "error",
    [
        certificate(httpx.ConnectError("certificate verify failed")),
        certificate(ConnectionError("wrapped")),
        certificate(openai_connection(httpx.ConnectError(""))),
        httpx.UnsupportedProtocol("ftp"),
        httpx.TooManyRedirects(""),
        httpx.InvalidURL(""),
        aiohttp.InvalidURL("x"),
        ValueError(),
        KeyError(),
    ],
    ids=repr,
)
def test_what_another_attempt_cannot_fix_is_not_retried(error: Exception) -> None:
    assert decision(error) == GiveUp(StopReason.NOT_RETRYABLE)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout("", request=POST),
        httpx.WriteError("", request=POST),
        httpx.RemoteProtocolError("", request=POST),
        of_httpx(502, POST),
        of_httpx(504, POST),
        of_aiohttp(502, "POST"),
        of_openai(502, POST),
        openai.APITimeoutError(request=POST),
        openai_connection(httpx.ReadError("")),
        CallTimeoutError("cut off", may_have_been_executed=True),
        ExceptionGroup("", [TimeoutError(), httpx.ReadTimeout("", request=POST)]),
    ],
    ids=repr,
)
def test_what_may_have_been_executed_is_repeated_only_where_that_is_allowed(
    error: Exception,
) -> None:
    assert decision(error) == GiveUp(StopReason.UNSAFE_TO_REPEAT)
    assert isinstance(decision(error, may_repeat=lambda: True), Retry)
    assert isinstance(decision(error, RetryConfig(retry_unsafe=True)), Retry)
    # Over transports of pywats it is known what was sent.
    assert isinstance(decision(error, requests_known=True), Retry)


@pytest.mark.parametrize(
    "error",
    [
        *(of_httpx(429, POST), of_httpx(503, POST), of_openai(503, POST)),
        httpx.ReadTimeout("", request=GET),
        httpx.ReadTimeout("no request is set"),
        CallTimeoutError("not begun"),
        ConnectionResetError(),
    ],
    ids=repr,
)
def test_what_was_not_executed_is_repeated(error: Exception) -> None:
    assert isinstance(decision(error), Retry)


def test_an_error_that_is_named_by_its_class_is_retried_as_its_owner_asked() -> None:
    config = RetryConfig(retry_on_errors=httpx.TransportError)
    assert decision(httpx.ReadTimeout("", request=POST), config) == Retry(2.0, "TransportError")


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (True, Retry(2.0, "predicate")),
        (0, Retry(0.0, "predicate")),
        (0.5, Retry(0.5, "predicate")),
        (90, Retry(90.0, "predicate")),
        (timedelta(minutes=1), Retry(60.0, "predicate")),
        (False, GiveUp(StopReason.NOT_RETRYABLE)),
    ],
)
def test_a_predicate_says_whether_or_when(returned: float | timedelta, expected: object) -> None:
    def predicate(_: Exception) -> float | timedelta:
        return returned

    for config in (
        RetryConfig(retry_on_errors=predicate, max_backoff=10),
        RetryConfig(retry_on_errors=[KeyError, predicate], max_backoff=10),
    ):
        assert decision(ValueError(), config) == expected


def test_a_predicate_is_asked_first_and_limits_hold() -> None:
    config = RetryConfig(retry_on_errors=[ConnectionError, lambda _: 5.0], max_retries=2)
    assert decision(ConnectionError(), config) == Retry(5.0, "predicate")
    assert decision(of_httpx(404), config) == Retry(5.0, "predicate")
    assert decision(ConnectionError(), config, attempt=3) == GiveUp(StopReason.RETRIES_EXHAUSTED)
    assert decision(ConnectionError(), config, remaining=5.0) == GiveUp(StopReason.DEADLINE)
    asked = of_httpx(429, **{RETRY_AFTER: "9"})
    assert decision(asked, config) == Retry(9.0, "predicate")
    cut_off = CallTimeoutError("cut off", may_have_been_executed=True)
    assert decision(cut_off, config) == GiveUp(StopReason.UNSAFE_TO_REPEAT)


@pytest.mark.parametrize("returned", [None, "yes", -1, float("nan"), float("inf"), [True]])
def test_a_predicate_that_returns_something_else_is_at_fault(returned: object) -> None:
    def predicate(_: Exception) -> Any:
        return returned

    found = decision(ConnectionError(), RetryConfig(retry_on_errors=predicate))
    assert isinstance(found, GiveUp)
    assert found.reason is StopReason.NOT_RETRYABLE
    assert str(found.fault) == (
        f"{predicate!r} returned {returned!r}: must be True, False, or seconds of at least 0"
    )


def test_a_group_is_retried_if_all_its_leaves_would_be() -> None:
    inner = ExceptionGroup("", [of_httpx(503, **{RETRY_AFTER: "9"}), ConnectionResetError()])
    group = ExceptionGroup("", [TimeoutError(), inner, ConnectionError()])
    assert decision(group) == Retry(9.0, "timeout, status 503, ConnectionError")
    mixed = ExceptionGroup("", [TimeoutError(), ExceptionGroup("", [of_httpx(404)])])
    assert decision(mixed) == GiveUp(StopReason.NOT_RETRYABLE)
    everything = RetryConfig(retry_on_errors=Exception)
    assert decision(mixed, everything) == GiveUp(StopReason.NOT_RETRYABLE)
    groups = RetryConfig(retry_on_errors=ExceptionGroup)
    assert decision(mixed, groups) == Retry(2.0, "ExceptionGroup")

    def seconds(error: Exception) -> float | bool:
        return {TimeoutError: 3.0, KeyError: 4.0}.get(type(error), False)

    leaves = ExceptionGroup("", [TimeoutError(), KeyError()])
    assert decision(leaves, RetryConfig(retry_on_errors=seconds)) == Retry(4.0, "predicate")


@given(st.integers(-1000, 1000), st.sampled_from(STATUS_ERRORS), st.sets(st.integers(400, 599)))
def test_whatever_is_named_a_4xx_is_retried_by_its_status_alone(
    status: int, make: Callable[..., Exception], statuses: set[int]
) -> None:
    error = make(status)
    config = RetryConfig(retry_on_errors=(Exception, OSError), retry_on_status=statuses)
    found = decision(error, config)
    if status in statuses:
        assert found == Retry(2.0, f"status {status}")
    elif 400 <= status < 500:
        assert found == GiveUp(StopReason.NOT_RETRYABLE)


@pytest.mark.parametrize("depth", [14, 15, 16, 1000])
def test_causes_of_causes_are_looked_at_as_far_as_it_makes_sense(depth: int) -> None:
    error: Exception = ssl.SSLCertVerificationError()
    for _ in range(depth):
        wrapped = ConnectionError("refused")
        wrapped.__cause__ = error
        error = wrapped
    assert isinstance(decision(error), GiveUp if depth < 16 else Retry)


def test_an_error_that_is_its_own_cause_does_not_hang_a_call() -> None:
    error = ConnectionError("refused")
    error.__cause__ = error
    assert isinstance(decision(error), Retry)
