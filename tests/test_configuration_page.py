"""The page on configuration knows every setting and every variable."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

import pywats
from pywats import CircuitBreakerConfig, RetryConfig, SyncClientConfig, SyncConfig, pyWATS

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([a-z_]+)`", PAGE))


@pytest.mark.parametrize(
    "config", [RetryConfig, CircuitBreakerConfig, SyncConfig, SyncClientConfig]
)
def test_every_field_of_a_config_is_on_the_page(config: type) -> None:
    names = {field.name for field in dataclasses.fields(config)}
    assert names - WORDS - {"circuit_breaker"} == set()


@pytest.mark.parametrize("function", [pyWATS.__init__, pyWATS.with_options])
def test_every_keyword_of_a_client_is_on_the_page(function: object) -> None:
    assert callable(function)
    names = set(inspect.signature(function).parameters)
    assert names - WORDS - {"self", "sync_config", "circuit_breaker"} == set()
    assert "`sync_config=`" in PAGE
    assert "`circuit_breaker=CircuitBreakerConfig()`" in PAGE


def test_the_variables_on_the_page_are_those_that_are_read() -> None:
    read: set[str] = set()
    for path in Path(pywats.__file__).parent.rglob("*.py"):
        if "sandbox" not in path.parts:
            read |= set(re.findall(r'"(PYWATS_[A-Z_]+)"', path.read_text(encoding="utf-8")))
    assert set(re.findall(r"PYWATS_[A-Z_]+", PAGE)) == read
