"""The facts of a call on exceptions whose classes refuse them."""

from __future__ import annotations

import logging
import signal

import pytest

from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.observability.error_facts import add_note
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


class SlowError(Exception):
    """A signal comes while it takes a note."""

    def add_note(self, note: str, /) -> None:
        signal.raise_signal(signal.SIGUSR1)
        super().add_note(note)


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
def test_the_exception_of_a_signal_handler_is_not_taken_for_a_refusal() -> None:
    def interrupt(*_: object) -> None:
        raise TimeoutError("the program's own limit")

    before = signal.signal(signal.SIGUSR1, interrupt)
    try:
        with pytest.raises(TimeoutError, match="^the program's own limit$"):
            add_note(SlowError("no probe"), "station 7")
    finally:
        signal.signal(signal.SIGUSR1, before)
