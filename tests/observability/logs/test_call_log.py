"""One structured line at the end of a call."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.trace import INVALID_SPAN

from pywats import (
    RetryConfig,
    SyncClientConfig,
    SyncConfig,
    SyncServiceWrapper,
    SyncWATSClient,
    pyWATS,
)
from pywats.errors import NotFoundError, ServerError, WATSTimeoutError
from pywats.observability.call import Call
from pywats.observability.logs.call_log import log_call
from pywats.sandbox import Fault
from pywats.sync import DirectRunner
from tests.sync.flaky import Flaky

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sandbox import Sandbox

ROUTE = "/api/Product/{partNumber}"
NAME = "pywats.product.get_product"


def ends(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, Any]]]:
    names = ("call", "outcome", "attempts", "status", "stop_reason", "server_request_id")
    return [
        (record.levelname, {name: getattr(record, name) for name in names if hasattr(record, name)})
        for record in caplog.records
        if record.name == "pywats.call"
    ]


def test_a_call_that_fails_has_one_line(
    connect: Callable[..., pyWATS], sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api = connect()
    with pytest.raises(NotFoundError):
        api.product.get_product("missing")
    sandbox.inject("GET", ROUTE, Fault.status(503), times=2)
    with pytest.raises(ServerError):
        connect(retry_config=RetryConfig(max_retries=1, max_backoff=0.01)).product.get_product("A")
    sandbox.inject("GET", ROUTE, Fault.hang(), times=1)
    with pytest.raises(WATSTimeoutError) as raised:
        connect(timeout=0.2).product.get_product("A")
    assert ends(caplog) == [
        ("INFO", {"call": NAME, "outcome": "failed", "attempts": 1, "status": 404,
                  "stop_reason": "retry_disabled"}),
        ("WARNING", {"call": NAME, "outcome": "failed", "attempts": 2, "status": 503,
                     "stop_reason": "retries_exhausted"}),
        ("WARNING", {"call": NAME, "outcome": "failed", "attempts": 1,
                     "stop_reason": "retry_disabled"}),
    ]  # fmt: skip
    assert raised.value.server_request_id is None  # type: ignore[attr-defined]  # set on every error
    line = [each.getMessage() for each in caplog.records if each.name == "pywats.call"][-1]
    assert line.startswith(f"{NAME} failed in 0.")
    assert ", 1 attempt: WATSTimeoutError: GET " in line


def test_a_call_that_succeeds_has_a_line_at_debug(
    api: pyWATS, caplog: pytest.LogCaptureFixture
) -> None:
    api.product.create_product("A")
    assert ends(caplog) == []
    caplog.set_level(logging.DEBUG)
    api.product.get_product("A")
    assert ends(caplog) == [
        ("DEBUG", {"call": NAME, "outcome": "succeeded", "attempts": 1, "status": 200})
    ]


@pytest.mark.parametrize(
    ("error", "seconds", "level", "outcome"),
    [
        (None, 10.0, "WARNING", "succeeded"),
        (None, 9.9, "DEBUG", "succeeded"),
        (TimeoutError(), 1.0, "WARNING", "failed"),
        (ConnectionError(), 1.0, "WARNING", "failed"),
        (ServerError("a", status=500), 1.0, "WARNING", "failed"),
        (ServerError("a", status=429), 1.0, "WARNING", "failed"),
        (NotFoundError("a", status=404), 1.0, "INFO", "failed"),
        (ValueError("a"), 1.0, "INFO", "failed"),
        (SystemExit(), 1.0, "INFO", "interrupted"),
    ],
)
def test_the_level_says_whom_it_concerns(
    caplog: pytest.LogCaptureFixture,
    error: BaseException | None,
    seconds: float,
    level: str,
    outcome: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    log_call(Call("c", None, None, INVALID_SPAN, server_request_id="r"), seconds, error, 10.0)
    ((found, facts),) = ends(caplog)
    assert (found, facts["outcome"], facts["server_request_id"]) == (level, outcome, "r")


def test_from_when_on_a_call_is_slow_can_be_chosen(
    connect: Callable[..., pyWATS],
    sandbox: Sandbox,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def levels(**settings: object) -> list[str]:
        caplog.clear()
        sandbox.inject("GET", ROUTE, Fault.delay(0.1), times=1)
        with pytest.raises(NotFoundError):
            connect().product.get_product("missing")
        caplog.clear()
        sandbox.inject("GET", "/api/Product/Query", Fault.delay(0.1), times=1)
        connect(sync_config=SyncConfig(**settings)).product.get_products()  # type: ignore[arg-type]  # of the config
        return [level for level, _ in ends(caplog)]

    assert levels() == []
    assert levels(slow_call=0.05) == ["WARNING"]
    assert levels(slow_call=timedelta(milliseconds=50)) == ["WARNING"]
    monkeypatch.setenv("PYWATS_SLOW_CALL", "0.05")
    assert levels() == ["WARNING"]
    assert levels(slow_call=None) == []
    monkeypatch.setenv("PYWATS_SLOW_CALL", "none")
    assert levels() == []
    for wrong in (0, -1, "soon"):
        with pytest.raises((TypeError, ValueError), match="slow_call"):
            SyncConfig(slow_call=wrong)  # type: ignore[arg-type]  # wrong on purpose


def test_a_flat_client_has_the_setting_too(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token, slow_call=0.05)
    sandbox.inject("GET", "/api/Product/Query", Fault.delay(0.1), times=1)
    with SyncWATSClient(config) as client:
        client.get_products()
    assert [level for level, _ in ends(caplog)] == ["WARNING"]


class Outer:
    """A service whose method makes a call of its own."""

    def __init__(self, inner: Callable[[], object], *, other: bool) -> None:
        self._inner = inner
        self._other = other

    async def work(self) -> object:
        try:
            return self._inner()
        except ConnectionError as error:
            if self._other:
                raise TimeoutError("of its own") from error
            raise


@pytest.mark.parametrize(
    ("other", "levels"), [(False, ["WARNING", "INFO"]), (True, ["WARNING", "WARNING"])]
)
def test_a_failure_that_leaves_two_calls_is_told_once(
    caplog: pytest.LogCaptureFixture,
    other: bool,  # noqa: FBT001 - of the parameters
    levels: list[str],
) -> None:
    caplog.set_level(logging.INFO)
    inner = SyncServiceWrapper(
        Flaky(ConnectionError("down"), ConnectionError("down")),
        SyncConfig(retry_enabled=True, retry=RetryConfig(max_retries=1, max_backoff=0.01)),
        name="inner",
        runner=DirectRunner(),
    )
    outer = SyncServiceWrapper(Outer(inner.work, other=other), name="outer", runner=DirectRunner())
    with pytest.raises(OSError) as caught:  # noqa: PT011 - which it is, is a parameter
        outer.work()
    assert [(level, facts["call"]) for level, facts in ends(caplog)] == list(
        zip(levels, ["inner.work", "outer.work"], strict=True)
    )
    told = [record for record in caplog.records if record.levelname == "WARNING"]
    # One for the attempt that was retried.
    assert len(told) == 1 + levels.count("WARNING")
    del caught


def test_the_failures_of_a_call_are_one_warning_for_each_attempt_and_one_for_the_end(
    connect: Callable[..., pyWATS], sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    retry = RetryConfig(max_retries=2, max_backoff=0.01)
    sandbox.inject("GET", ROUTE, Fault.status(503), times=3)
    with pytest.raises(ServerError):
        connect(retry_config=retry).product.get_product("A")
    sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
    with pytest.raises(NotFoundError):
        connect(retry_config=retry).product.get_product("missing")
    warnings = [record for record in caplog.records if record.levelno >= logging.WARNING]
    told = [(record.name, record.getMessage()) for record in warnings]
    assert [name for name, _ in told] == [
        *("pywats.sync", "pywats.sync", "pywats.call"),
        *("pywats.sync", "pywats.call"),
    ]
    assert " 3 attempts (retries_exhausted): ServerError: " in told[2][1]
    assert " 2 attempts (not_retryable): NotFoundError: " in told[4][1]
