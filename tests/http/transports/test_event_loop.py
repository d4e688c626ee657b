"""Whether an event loop runs, whatever is imported."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType, SimpleNamespace

import pytest

from pywats.http.transports.event_loop import current_event_loop


async def test_the_loop_that_runs_is_found() -> None:
    assert current_event_loop() is asyncio.get_running_loop()


def test_no_loop_runs() -> None:
    assert current_event_loop() is None


@pytest.mark.parametrize("present", [False, True])
def test_asyncio_is_not_imported_or_only_in_part(
    monkeypatch: pytest.MonkeyPatch, *, present: bool
) -> None:
    if present:
        monkeypatch.setitem(sys.modules, "asyncio", ModuleType("asyncio"))
    else:
        monkeypatch.delitem(sys.modules, "asyncio")
    assert current_event_loop() is None


def test_the_token_of_trio_stands_for_its_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    token = object()
    trio = SimpleNamespace(lowlevel=SimpleNamespace(current_trio_token=lambda: token))
    monkeypatch.setitem(sys.modules, "trio", trio)
    assert current_event_loop() is token


def test_trio_without_a_loop_or_imported_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise RuntimeError("must be called from async context")

    for trio in (
        SimpleNamespace(lowlevel=SimpleNamespace(current_trio_token=refuse)),
        SimpleNamespace(),
    ):
        monkeypatch.setitem(sys.modules, "trio", trio)
        assert current_event_loop() is None
