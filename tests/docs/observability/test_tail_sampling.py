"""The collector that samples by the tail, judged by the spans that calls really leave."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import WATSError
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opentelemetry.sdk.trace import ReadableSpan

    from pywats import pyWATS
    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / "docs" / "observability"
COLLECTOR = yaml.safe_load((CONFIGS / "collector-tail-sampling.yaml").read_text(encoding="utf-8"))
PLAIN = yaml.safe_load((CONFIGS / "collector.yaml").read_text(encoding="utf-8"))
TAIL = COLLECTOR["processors"]["tail_sampling"]
PIPELINES = COLLECTOR["service"]["pipelines"]
RETRY = RetryConfig(max_retries=2, max_backoff=0.01)
REST = {"of-the-rest"}


def failed(spans: Sequence[ReadableSpan], settings: dict[str, Any]) -> bool:
    return any(span.status.status_code.name in settings["status_codes"] for span in spans)


def has_event(spans: Sequence[ReadableSpan], settings: dict[str, Any]) -> bool:
    assert settings.keys() == {"error_mode", "spanevent"}
    conditions = [re.fullmatch(r'name == "([a-z_]+)"', each) for each in settings["spanevent"]]
    names = {condition[1] for condition in conditions if condition}
    assert len(names) == len(conditions)
    return any(event.name in names for span in spans for event in span.events)


def was_slow(spans: Sequence[ReadableSpan], settings: dict[str, Any]) -> bool:
    begun = min(span.start_time or 0 for span in spans)
    ended = max(span.end_time or 0 for span in spans)
    return bool((ended - begun) / 1e6 > settings["threshold_ms"])


def some(_: Sequence[ReadableSpan], settings: dict[str, Any]) -> bool:
    return bool(0 < settings["sampling_percentage"] < 100)


# What the processor does, as its documentation says, for the kinds of policies that are used here.
POLICIES: dict[str, Callable[[Sequence[ReadableSpan], dict[str, Any]], bool]] = {
    "latency": was_slow,
    "ottl_condition": has_event,
    "probabilistic": some,
    "status_code": failed,
}


def keepers(spans: Spans) -> set[str]:
    """Return the names of the policies that keep the trace."""
    assert len(spans.trace_ids()) == 1
    return {
        policy["name"]
        for policy in TAIL["policies"]
        if POLICIES[policy["type"]](spans.finished, policy[policy["type"]])
    }


def test_a_policy_has_a_name_of_its_own_and_the_settings_of_its_kind() -> None:
    for policy in TAIL["policies"]:
        assert policy.keys() == {"name", "type", policy["type"]}
        assert policy["type"] in POLICIES
    names = [policy["name"] for policy in TAIL["policies"]]
    assert len(set(names)) == len(names)


def test_a_call_that_went_well_is_one_of_the_rest(
    sandbox: Sandbox, api: pyWATS, spans: Spans
) -> None:
    del sandbox
    api.product.create_product("A")
    assert keepers(spans) == REST


@pytest.mark.parametrize(
    "fault", [Fault.status(503), Fault.hang(), Fault.reset()], ids=["status", "timeout", "reset"]
)
def test_a_call_that_was_retried_is_kept_even_if_it_ended_well(
    sandbox: Sandbox, connect: Callable[..., pyWATS], spans: Spans, fault: Fault
) -> None:
    sandbox.inject("GET", "*", fault, times=1)
    connect(retry_config=RETRY, timeout=0.3).product.get_products()
    assert keepers(spans) == REST | {"errors", "retries-and-timeouts"}


@pytest.mark.parametrize(("fault", "by_event"), [(Fault.status(500), False), (Fault.hang(), True)])
def test_a_call_that_failed_is_kept(
    sandbox: Sandbox, connect: Callable[..., pyWATS], spans: Spans, fault: Fault, *, by_event: bool
) -> None:
    sandbox.inject("GET", "*", fault)
    with pytest.raises(WATSError):
        connect(timeout=0.3).product.get_products()
    expected = REST | {"errors"}
    assert keepers(spans) == (expected | {"retries-and-timeouts"} if by_event else expected)


def test_an_object_without_spans_of_attempts_is_kept_by_its_events(spans: Spans) -> None:
    class Flaky:
        failures = 1

        async def read(self) -> None:
            if self.failures:
                self.failures -= 1
                raise ConnectionError

    SyncServiceWrapper(Flaky(), SyncConfig(retry_enabled=True, retry=RETRY)).read()
    assert keepers(spans) == REST | {"retries-and-timeouts"}


def test_a_slow_call_is_kept(spans: Spans, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        async def read(self) -> None:
            await asyncio.sleep(0.05)

    (slow,) = [policy for policy in TAIL["policies"] if policy["type"] == "latency"]
    assert 0 < slow["latency"]["threshold_ms"] < 30_000  # the timeout of an attempt
    monkeypatch.setitem(slow["latency"], "threshold_ms", 40)
    SyncServiceWrapper(Slow()).read()
    assert keepers(spans) == REST | {"slow"}


def test_all_spans_of_a_trace_meet_in_one_collector() -> None:
    balanced = COLLECTOR["exporters"]["loadbalancing"]
    assert balanced["routing_key"] == "traceID"
    assert PIPELINES["traces"]["exporters"] == ["loadbalancing"]
    assert "tail_sampling" not in PIPELINES["traces"]["processors"]
    assert "tail_sampling" in PIPELINES["traces/sampling"]["processors"]
    (receiver,) = PIPELINES["traces/sampling"]["receivers"]
    listens = COLLECTOR["receivers"][receiver]["protocols"]["grpc"]["endpoint"]
    assert listens == f"0.0.0.0:{balanced['resolver']['dns']['port']}"
    assert (
        PIPELINES["traces/sampling"]["exporters"]
        == PLAIN["service"]["pipelines"]["traces"]["exporters"]
    )


def test_the_stack_takes_it_in_place_of_its_own() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    (volume,) = compose["services"]["otel-collector"]["volumes"]
    folder, default = "./docs/observability/", "${COLLECTOR_CONFIG:-collector.yaml}"
    assert volume == f"{folder}{default}:/etc/collector.yaml:ro"
    guide = (ROOT / "docs" / "guides" / "scaling-out.md").read_text(encoding="utf-8")
    assert "\n$ COLLECTOR_CONFIG=collector-tail-sampling.yaml make observe\n" in guide


def test_the_memory_of_a_decision_outlasts_the_spans() -> None:
    for size in TAIL["decision_cache"].values():
        assert size >= 10 * TAIL["num_traces"]
    assert TAIL["num_traces"] >= TAIL["expected_new_traces_per_sec"] * int(
        TAIL["decision_wait"].removesuffix("s")
    )


def test_but_for_the_sampling_it_is_the_collector_of_the_stack() -> None:
    for kind in ("exporters", "extensions"):
        assert COLLECTOR[kind].items() >= PLAIN[kind].items()
    assert COLLECTOR["receivers"]["otlp"] == PLAIN["receivers"]["otlp"]
    for signal in ("metrics", "logs"):
        mine, other = PIPELINES[signal], PLAIN["service"]["pipelines"][signal]
        assert (mine["receivers"], mine["exporters"]) == (other["receivers"], other["exporters"])
