"""Providers of a client's own: its spans and metrics go there, and nowhere else."""

from __future__ import annotations

import asyncio
import copy
import gc
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from pywats import (
    AsyncWATS,
    CircuitBreakerConfig,
    Outbox,
    RetryConfig,
    SyncClientConfig,
    SyncServiceWrapper,
    SyncWATSClient,
    pyWATS,
)
from pywats.sandbox import Fault
from pywats.testing import no_backoff
from tests.observability.measuring import measure
from tests.tracing import Spans

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pywats.sandbox import Sandbox

ROUTE = "/api/Product/Query"
TREE = [
    "pywats.product.get_products [INTERNAL UNSET]",
    "  GET /api/Product/Query [CLIENT ERROR http.response.status_code=503 error.type=503]",
    "  * retry: attempt=1, delay=2.0, error.type=503, reason=status 503",
    "  GET /api/Product/Query [CLIENT UNSET http.response.status_code=200"
    " http.request.resend_count=1]",
]
ALONE = ["GET /api/Product/Query [CLIENT UNSET http.response.status_code=200]"]


class Own:
    """Providers of a test's own, and what has come to them."""

    def __init__(self) -> None:
        self.spans = Spans()
        self._reader = InMemoryMetricReader()
        self.meters = MeterProvider([self._reader])

    def metrics(self) -> set[str]:
        data = self._reader.get_metrics_data()
        return {
            metric.name
            for resource in (() if data is None else data.resource_metrics)
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }


@pytest.fixture
def own() -> Iterator[Callable[[], Own]]:
    """Return a function that makes providers, shut down after the test."""
    made: list[Own] = []

    def make() -> Own:
        made.append(Own())
        return made[-1]

    yield make
    for each in made:
        each.meters.shutdown()
        each.spans.provider.shutdown()


def retrying(server: Sandbox, own: Own) -> pyWATS:
    return pyWATS(
        server.base_url,
        server.token,
        retry_config=RetryConfig(max_retries=1),
        tracer_provider=own.spans.provider,
        meter_provider=own.meters,
    )


def ask(api: pyWATS) -> None:
    with no_backoff():
        api.product.get_products()


def test_two_clients_have_a_provider_each(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own]
) -> None:
    measured, first, second = measure(), own(), own()
    with retrying(sandbox, first) as one, retrying(sandbox, second) as other:
        # By turns, so that nothing that is kept from the last call serves the next one.
        for api in (one, other, one):
            sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
            ask(api)
    assert first.spans.tree() == TREE * 2
    assert second.spans.tree() == TREE
    assert spans.tree() == []
    for each in (first, second):
        assert each.metrics() == {
            "http.client.request.duration",
            "pywats.client.call.duration",
            "pywats.client.retries",
        }
    assert not measured.histogram("http.client.request.duration")
    assert not measured.histogram("pywats.client.call.duration")


def test_each_thread_has_the_provider_of_the_client_that_it_calls(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own]
) -> None:
    owns = [own() for _ in range(4)]
    clients = [retrying(sandbox, each) for each in owns]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, clients * 5))
    for each, api in zip(owns, clients, strict=True):
        assert each.spans.tree() == ["pywats.product.get_products [INTERNAL UNSET]",
                                     f"  {ALONE[0]}"] * 5  # fmt: skip
        api.close()
    assert spans.tree() == []


@pytest.mark.parametrize(
    "derive",
    [lambda api: api.with_options(timeout=9), copy.copy, copy.deepcopy],
    ids=["with_options", "copy", "deepcopy"],
)
def test_views_and_copies_have_the_providers_of_their_client(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own], derive: Callable[[pyWATS], pyWATS]
) -> None:
    measured, mine = measure(), own()
    with retrying(sandbox, mine) as api, derive(api) as other:
        sandbox.inject("GET", ROUTE, Fault.status(503), times=1)
        ask(other)
    assert mine.spans.tree() == TREE
    assert "http.client.request.duration" in mine.metrics()
    assert spans.tree() == []
    assert not measured.histogram("http.client.request.duration")


def test_one_provider_can_be_given_alone(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own]
) -> None:
    measured, mine = measure(), own()
    with pyWATS(sandbox.base_url, sandbox.token, meter_provider=mine.meters) as api:
        ask(api)
    assert len(spans.tree()) == 2
    assert mine.spans.tree() == []
    assert "pywats.client.call.duration" in mine.metrics()
    assert not measured.histogram("pywats.client.call.duration")


def test_the_flat_client_has_them_too(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own]
) -> None:
    mine = own()
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
    with SyncWATSClient(
        config, tracer_provider=mine.spans.provider, meter_provider=mine.meters
    ) as client:
        client.get_products(timeout=9)
        copy.copy(client).get_products()
    line = "pywats.product.get_products [INTERNAL UNSET]"
    assert mine.spans.tree() == [line, f"  {ALONE[0]}"] * 2
    assert "http.client.request.duration" in mine.metrics()
    assert spans.tree() == []


def asynchronous(server: Sandbox, own: Own) -> AsyncWATS:
    return AsyncWATS(
        server.base_url,
        server.token,
        tracer_provider=own.spans.provider,
        meter_provider=own.meters,
    )


def test_so_has_the_asynchronous_client(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own]
) -> None:
    measured, first, second = measure(), own(), own()

    async def work() -> None:
        async with asynchronous(sandbox, first) as one, asynchronous(sandbox, second) as other:
            await asyncio.gather(*[each.product.get_products() for each in (one, other, one)])
            async with copy.copy(one) as third:
                await third.product.get_products()

    asyncio.run(work())
    assert first.spans.tree() == ALONE * 3
    assert second.spans.tree() == ALONE
    assert spans.tree() == []
    assert first.metrics() == second.metrics() == {"http.client.request.duration"}
    assert not measured.histogram("http.client.request.duration")


def test_within_a_wrapper_a_client_without_any_has_those_of_the_wrapper(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own]
) -> None:
    outer, inner = own(), own()

    def wrapped(client: AsyncWATS) -> SyncServiceWrapper[AsyncWATS]:
        return SyncServiceWrapper(
            client, name="w", tracer_provider=outer.spans.provider, meter_provider=outer.meters
        )

    with wrapped(AsyncWATS(sandbox.base_url, sandbox.token)) as api:
        api.product.get_products()
    assert outer.spans.tree()[1:3] == [
        "product_service.get_products [INTERNAL UNSET]",
        f"  {ALONE[0]}",
    ]
    outer.spans.exporter.clear()
    with wrapped(asynchronous(sandbox, inner)) as api:
        api.product.get_products()
    # The client was given others: its span is there, in the same trace.
    assert inner.spans.tree() == ALONE
    assert inner.spans.trace_ids() <= outer.spans.trace_ids()
    assert spans.tree() == []


@pytest.mark.parametrize("kind", ["service", "flat", "async"])
def test_a_pickle_has_no_provider(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own], kind: str
) -> None:
    mine = own()
    if kind == "async":
        read: AsyncWATS = pickle.loads(pickle.dumps(asynchronous(sandbox, mine)))  # noqa: S301 - made here

        async def work() -> None:
            async with read:
                await read.product.get_products()

        asyncio.run(work())
    elif kind == "flat":
        config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
        flat = SyncWATSClient(config, tracer_provider=mine.spans.provider)
        with pickle.loads(pickle.dumps(flat)) as client:  # noqa: S301 - made here
            client.get_products()
    else:
        view = retrying(sandbox, mine).with_options(timeout=9)
        with pickle.loads(pickle.dumps(view)) as api:  # noqa: S301 - made here
            api.product.get_products()
    assert mine.spans.tree() == []
    assert spans.tree()[-1].strip() == ALONE[0]


def test_an_outbox_counts_for_the_client_that_it_belongs_to(
    sandbox: Sandbox, spans: Spans, own: Callable[[], Own], tmp_path: Path
) -> None:
    gc.collect()
    measured, mine = measure(), own()
    # Of outboxes that other tests have not let go of.
    before = measured.counts("pywats.outbox.reports")
    with pyWATS(
        sandbox.base_url,
        sandbox.token,
        outbox=Outbox(tmp_path),
        tracer_provider=mine.spans.provider,
        meter_provider=mine.meters,
    ) as api:
        report = api.report.create_uut_report("op", "A", "1", "SN-1", 100)
        assert not api.report.submit_report(report).kept
        assert {"pywats.outbox.reports", "pywats.outbox.outcomes"} <= mine.metrics()
        assert measured.counts("pywats.outbox.reports") == before
        assert not measured.counts("pywats.outbox.outcomes")
    assert spans.tree() == []
    assert any("pywats.outbox.send" in line for line in mine.spans.tree())


def test_a_circuit_breaker_is_reported_to_the_provider_of_its_client(
    sandbox: Sandbox, own: Callable[[], Own]
) -> None:
    measured, mine = measure(), own()
    with pyWATS(
        sandbox.base_url,
        sandbox.token,
        circuit_breaker=CircuitBreakerConfig(),
        meter_provider=mine.meters,
    ):
        assert "pywats.client.circuit_breakers" in mine.metrics()
        states = measured.counts("pywats.client.circuit_breakers")
        assert not [key for key in states if sandbox.base_url in key]


@pytest.mark.parametrize("make", [pyWATS, AsyncWATS, SyncWATSClient, SyncServiceWrapper])
@pytest.mark.parametrize("name", ["tracer_provider", "meter_provider"])
@pytest.mark.parametrize("value", ["otel", 1, Spans().provider.get_tracer("a tracer")])
def test_what_is_no_provider_is_refused(
    monkeypatch: pytest.MonkeyPatch, make: Callable[..., object], name: str, value: object
) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PYWATS_TOKEN", "c3RhdGlvbjpodW50ZXIy")
    arguments = [object()] if make is SyncServiceWrapper else []
    with pytest.raises(TypeError, match=rf"^{name}=.*: must be an OpenTelemetry "):
        make(*arguments, **{name: value})


def test_providers_cannot_be_exchanged_later(sandbox: Sandbox, own: Callable[[], Own]) -> None:
    with retrying(sandbox, own()) as api:
        for name in ("tracer_provider", "meter_provider"):
            with pytest.raises(AttributeError, match=f"make a client with another {name}"):
                setattr(api, name, None)
