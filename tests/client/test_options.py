"""`with_options`: a view of a client with other settings, and which setting wins."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, assert_type

import pytest

from pywats import (
    CircuitBreakerConfig,
    RetryConfig,
    SyncClientConfig,
    SyncConfig,
    SyncWATSClient,
    pyWATS,
)
from pywats.client.registry import SERVICES
from pywats.errors import (
    CircuitOpenError,
    ServerError,
    StopReason,
    WATSClosedError,
    WATSTimeoutError,
)
from pywats.sandbox import Fault
from pywats.testing import no_backoff
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.models import Product
    from pywats.sandbox import Sandbox

ROUTE = "/api/Product/{partNumber}"


@pytest.fixture
def part(api: pyWATS, sandbox: Sandbox) -> str:
    api.product.create_product(part_number="A")
    sandbox.clear()
    return "A"


def test_a_view_is_typed_and_has_its_own_settings(connect: Callable[..., pyWATS]) -> None:
    base = SyncConfig(timeout=9, retry=RetryConfig(max_retries=7, jitter="full"))
    api: pyWATS = connect(sync_config=base)
    view = api.with_options(timeout=timedelta(seconds=5), deadline=60, max_retries=2)
    assert_type(view, pyWATS)
    assert view.config == SyncConfig(
        timeout=5.0,
        deadline=60.0,
        retry_enabled=True,
        retry=RetryConfig(max_retries=2, jitter="full"),
    )
    assert api.config == base
    assert (view.base_url, repr(view)) == (api.base_url, repr(api))


def test_what_a_view_returns_is_typed(api: pyWATS, part: str) -> None:
    product = api.with_options(timeout=5, max_retries=0).product.get_product(part)
    if TYPE_CHECKING:
        assert_type(product, Product)
    assert product.part_number == "A"


def test_views_share_the_connection(api: pyWATS, sandbox: Sandbox, part: str) -> None:
    api.product.get_product(part)
    api.with_options(timeout=5).product.get_product(part)
    api.with_options(timeout=6).with_options(deadline=7).product.get_product(part)
    assert len({request.connection for request in sandbox.requests}) == 1


def test_every_service_of_a_view_has_its_settings_though_the_client_was_used_before(
    api: pyWATS,
) -> None:
    before = {name: getattr(api, name)._family.engine.config.timeout for name in SERVICES}
    view = api.with_options(timeout=5)
    assert {getattr(view, name)._family.engine.config.timeout for name in SERVICES} == {5}
    assert {getattr(api, name)._family.engine.config.timeout for name in SERVICES} == {30}
    assert set(before.values()) == {30}


def test_none_lifts_a_limit_and_what_is_not_given_stays(api: pyWATS) -> None:
    first = api.with_options(timeout=None, deadline=4)
    second = first.with_options(max_retries=1)
    third = second.with_options(timeout=3, deadline=None, retry_enabled=False)
    assert (second.config.timeout, second.config.deadline) == (None, 4)
    assert (third.config.timeout, third.config.deadline) == (3, None)
    assert (third.config.retry_enabled, third.config.retry.max_retries) == (False, 1)


@pytest.mark.parametrize(
    ("options", "enabled", "retries"),
    [
        ({"max_retries": 0}, False, 0),
        ({"max_retries": 5}, True, 5),
        ({"retry_config": RetryConfig(max_retries=4)}, True, 4),
        ({"retry_config": RetryConfig(max_retries=4), "max_retries": 1}, True, 1),
        ({"retry_config": RetryConfig(max_retries=4), "max_retries": 0}, False, 0),
        ({"retry_config": RetryConfig(max_retries=4), "retry_enabled": False}, False, 4),
        ({"max_retries": 0, "retry_enabled": True}, True, 0),
        ({"retry_enabled": True}, True, 3),
    ],
)
def test_how_the_options_of_retries_combine(
    connect: Callable[..., pyWATS], options: dict[str, object], *, enabled: bool, retries: int
) -> None:
    view = connect().with_options(**options)  # type: ignore[arg-type]  # options of the table
    direct = connect(**options)
    for config in (view.config, direct.config):
        assert (config.retry_enabled, config.retry.max_retries) == (enabled, retries)


def test_a_view_may_retry_more_or_not_at_all(
    sandbox: Sandbox, connect: Callable[..., pyWATS], part: str
) -> None:
    api = connect(max_retries=1)
    sandbox.inject("GET", ROUTE, Fault.status(503))
    with no_backoff():
        for client, arrived in (
            (api.with_options(max_retries=0), 1),
            (api, 2),
            (api.with_options(max_retries=3), 4),
        ):
            sandbox.clear()
            with pytest.raises(ServerError):
                client.product.get_product(part)
            assert len(sandbox.requests) == arrived


def test_a_deadline_of_a_view_limits_its_calls(api: pyWATS, sandbox: Sandbox, part: str) -> None:
    sandbox.inject("GET", ROUTE, Fault.drip(interval=0.05), times=1)
    with pytest.raises(WATSTimeoutError) as caught:
        api.with_options(deadline=0.3).product.get_product(part)
    assert (caught.value.limit, caught.value.scope) == (0.3, "deadline")
    assert api.product.get_product(part).part_number == "A"


@pytest.mark.parametrize("closed_by", ["the view", "the client"])
def test_closing_either_closes_both(api: pyWATS, part: str, closed_by: str) -> None:
    view = api.with_options(timeout=5)
    view.product.get_product(part)
    (view if closed_by == "the view" else api).close()
    for client in (api, view):
        with pytest.raises(WATSClosedError, match="get_product was called after close"):
            client.product.get_product(part)
        assert repr(client).endswith("(closed)>")


def test_views_share_the_circuit_breaker(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> None:
    api = connect(circuit_breaker=CircuitBreakerConfig(minimum_attempts=2))
    sandbox.inject("GET", ROUTE, Fault.status(503))
    for client in (api, api.with_options(timeout=5)):
        with pytest.raises(ServerError):
            client.product.get_product("A")
    for client in (api, api.with_options(timeout=6)):
        with pytest.raises(CircuitOpenError):
            client.product.get_product("A")
    assert len(sandbox.requests) == 2


def test_views_share_the_retry_budget(sandbox: Sandbox, connect: Callable[..., pyWATS]) -> None:
    api = connect()
    sandbox.inject("GET", ROUTE, Fault.status(503))
    retries = RetryConfig(max_retries=100, max_backoff=0.001)
    for _ in range(2):
        with pytest.raises(ServerError) as caught:
            api.with_options(retry_config=retries).product.get_product("A")
        assert caught.value.stop_reason is StopReason.RETRY_BUDGET_EXHAUSTED
    assert len(sandbox.requests) < 40


def test_views_may_be_used_by_many_threads(api: pyWATS, sandbox: Sandbox, part: str) -> None:
    sandbox.inject("GET", ROUTE, Fault.delay(0.3), times=4)

    def call(timeout: float) -> str:
        try:
            return api.with_options(timeout=timeout).product.get_product(part).part_number
        except WATSTimeoutError as error:
            return f"{error.limit:g}"

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(call, [0.1, 10, 0.11, 20])) == ["0.1", "A", "0.11", "A"]


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"timeout": 0}, ValueError, "timeout=0: must be a finite number of seconds above 0"),
        ({"deadline": "soon"}, TypeError, "deadline='soon': must be a number of seconds"),
        ({"max_retries": -1}, ValueError, "max_retries=-1: must be an integer >= 0"),
        ({"max_retries": "2"}, TypeError, "max_retries='2': must be an integer >= 0, not str"),
        ({"retry_config": 3}, TypeError, "retry_config=3: must be a RetryConfig, not int"),
        ({"retry_enabled": 1}, TypeError, "retry_enabled=1: must be True or False, not int"),
        ({"timeuot": 5}, TypeError, "unexpected keyword argument 'timeuot'"),
        ({"circuit_breaker": None}, TypeError, "unexpected keyword argument 'circuit_breaker'"),
    ],
)
def test_bad_and_unknown_options_are_refused(
    api: pyWATS, options: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        api.with_options(**options)  # type: ignore[arg-type]  # the mistake under test


def test_a_bad_circuit_breaker_is_refused(connect: Callable[..., pyWATS]) -> None:
    with pytest.raises(TypeError, match="circuit_breaker=True: must be a CircuitBreakerConfig"):
        connect(circuit_breaker=True)


def test_a_view_of_a_subclass_is_of_that_class_and_has_its_state(sandbox: Sandbox) -> None:
    class Station(pyWATS):
        def __init__(self, base_url: str, token: str, line: str) -> None:
            super().__init__(base_url, token)
            self.line = line

    with Station(sandbox.base_url, sandbox.token, line="L7") as station:
        view = station.with_options(timeout=5)
        assert_type(view, Station)
        assert (type(view), view.line, view.config.timeout) == (Station, "L7", 5)


@pytest.mark.parametrize("level", ["call", "options", "client", "environment"])
def test_the_nearest_setting_wins(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    limits = {"environment": 0.14, "client": 0.13, "options": 0.12, "call": 0.11}
    given = list(limits)[: list(limits).index(level) + 1]
    monkeypatch.setenv("PYWATS_TIMEOUT", str(limits["environment"]))
    address = {"base_url": sandbox.base_url, "token": sandbox.token}
    config = SyncClientConfig(**address)  # type: ignore[arg-type]  # strings only
    if "client" in given:
        config = SyncClientConfig(timeout=limits["client"], **address)  # type: ignore[arg-type]  # strings only
    sandbox.inject("GET", ROUTE, Fault.hang())
    with SyncWATSClient(config) as client:
        chosen = client
        if "options" in given:
            chosen = client.with_options(timeout=limits["options"])
            assert_type(chosen, SyncWATSClient)
        timeout = limits["call"] if "call" in given else NOT_GIVEN
        with pytest.raises(WATSTimeoutError) as caught:
            chosen.get_product("A", timeout=timeout)
    assert caught.value.limit == limits[level]


def test_a_view_of_the_flat_client_is_closed_with_it(sandbox: Sandbox) -> None:
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
    client = SyncWATSClient(config)
    view = client.with_options(deadline=5, retry_config=RetryConfig(max_retries=2))
    view.create_product("A")
    assert view.get_product("A").part_number == "A"
    assert len({request.connection for request in sandbox.requests}) == 1
    view.close()
    with pytest.raises(WATSClosedError):
        client.get_product("A")
    with pytest.raises(TypeError, match="unexpected keyword argument 'timeuot'"):
        client.with_options(timeuot=5)  # type: ignore[call-arg]  # the mistake under test


@pytest.mark.parametrize("first", ["import pywats", "import pywats.testing"])
def test_the_modules_of_tests_import_by_themselves(first: str) -> None:
    script = f"{first}; from pywats.testing import no_backoff; no_backoff().__enter__()"
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=240)  # noqa: S603 - our own script
