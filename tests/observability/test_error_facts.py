"""The facts of a call on exceptions whose classes refuse them."""

from __future__ import annotations

import logging

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import DirectRunner


class UnchangeableError(Exception):
    """Refuses attributes with an error of its own, as classes of validation libraries do."""

    def __setattr__(self, name: str, value: object) -> None:
        raise ValueError(f"{name}: not a field")


class Station:
    async def measure(self) -> None:
        raise UnchangeableError("no probe")


@pytest.fixture(params=["direct", "portal"])
def runner(request: pytest.FixtureRequest) -> DirectRunner | None:
    return DirectRunner() if request.param == "direct" else None


def fails(error: Exception) -> bool:
    raise ZeroDivisionError(str(error))


def test_a_class_that_refuses_attributes_with_any_error(
    runner: DirectRunner | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pywats")
    retry = RetryConfig(max_retries=1, retry_on_errors=fails)
    config = SyncConfig(timeout=5, retry_enabled=True, retry=retry)
    with pytest.raises(UnchangeableError, match="^no probe$") as caught:
        SyncServiceWrapper(Station(), config, runner=runner).measure()
    assert caught.value.__context__ is None
    assert "UnchangeableError: no probe" in caplog.text
    assert "station.measure failed" in caplog.text
