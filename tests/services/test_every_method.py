"""Every service method: without suspending, the same on both ports, as the API files declare."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.services import scenarios
from tests.services.bench import Scenario, on_async_port, on_blocking_port

NAMES = sorted(
    path.stem for path in Path(scenarios.__path__[0]).glob("*.py") if not path.stem.startswith("_")
)


def service_of(name: str) -> type[Any]:
    service: type[Any] = import_module(f"{scenarios.__name__}.{name}").SERVICE
    return service


def scenarios_of(name: str) -> list[Scenario]:
    found: list[Scenario] = import_module(f"{scenarios.__name__}.{name}").SCENARIOS
    return found


ALL = [
    pytest.param(name, scenario, id=f"{name}-{scenario.__name__}")
    for name in NAMES
    for scenario in scenarios_of(name)
]


@pytest.mark.parametrize(("name", "scenario"), ALL)
def test_both_ports_give_equal_results_without_suspending(name: str, scenario: Scenario) -> None:
    blocking = on_blocking_port(service_of(name), scenario)
    awaited = on_async_port(service_of(name), scenario)
    assert blocking.results == awaited.results
    assert blocking.operations == awaited.operations


@pytest.mark.parametrize("name", NAMES)
def test_scenarios_call_every_method(name: str) -> None:
    called = {
        method
        for scenario in scenarios_of(name)
        for method, _ in on_blocking_port(service_of(name), scenario).results
    }
    assert called == {method for method in dir(service_of(name)) if not method.startswith("_")}
