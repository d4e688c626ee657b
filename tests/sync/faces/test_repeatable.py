"""What may have been executed is repeated only where the wrapper was told that it may be."""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import pywats
from pywats import RetryConfig, SyncConfig, SyncServiceWrapper
from pywats.errors import CallTimeoutError, StopReason
from pywats.sync import wrap
from pywats.testing import no_backoff
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from collections.abc import Callable


class Weather:
    """Each method hangs until the limit of its call is over, and counts its calls.

    Args:
        hangs: Called when a method has begun to hang.
    """

    def __init__(self, hangs: Callable[[], None] = lambda: None) -> None:
        self.calls: list[str] = []
        self.hangs = hangs
        self.station = Station(self)
        self.units = "metric"

    async def forecast(self) -> None:
        await self._hang("forecast")

    async def order(self) -> None:
        await self._hang("order")

    @pywats.repeatable
    async def cities(self) -> None:
        await self._hang("cities")

    async def refuse(self) -> None:
        self.calls.append("refuse")
        raise httpx.ConnectError("refused")

    async def _hang(self, name: str) -> None:
        self.calls.append(name)
        self.hangs()
        await asyncio.sleep(3600)


class Station:
    def __init__(self, weather: Weather) -> None:
        self._weather = weather

    async def forecast(self) -> None:
        await self._weather._hang("station")

    @pywats.repeatable
    async def cities(self) -> None:
        await self._weather._hang("station")


class Proxy:
    """Has every method, as proxies of RPC libraries do."""

    version = "1"

    def __init__(self, hangs: Callable[[], None]) -> None:
        self.calls: list[str] = []
        self._hangs = hangs

    def __getattr__(self, name: str) -> Any:
        hangs = self._hangs

        async def method() -> None:
            self.calls.append(name)
            hangs()
            await asyncio.sleep(3600)

        if name == "missing" or name.startswith("_"):
            raise AttributeError(name)
        return method


def config(**retry: Any) -> SyncConfig:
    return SyncConfig(timeout=LIMIT, retry_enabled=True, retry=RetryConfig(max_retries=2, **retry))


def errors(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """Return the errors that the engine has logged."""
    return [
        each
        for each in caplog.records
        if (each.name, each.levelno) == ("pywats.sync", logging.ERROR)
    ]


def timed_out(method: Any) -> StopReason | None:
    with no_backoff(), pytest.raises(CallTimeoutError) as caught:
        method()
    return caught.value.stop_reason


def test_the_mark_leaves_the_method_as_it_is() -> None:
    async def ask() -> None: ...

    assert pywats.repeatable(ask) is ask


@pytest.mark.parametrize("make", [SyncServiceWrapper, wrap])
def test_a_call_that_was_cut_off_is_made_once(
    make: Any, caplog: pytest.LogCaptureFixture, skipped_time: SkippedTime
) -> None:
    weather = Weather(skipped_time.skip)
    face = make(weather, config())
    assert timed_out(face.order) is StopReason.UNSAFE_TO_REPEAT
    assert weather.calls == ["order"]
    (line,) = [record.getMessage() for record in caplog.records if record.name == "pywats.call"]
    assert re.sub(r"in [\d.]+ s,", "in … s,", line) == (
        "weather.order failed in … s, 1 attempt (unsafe_to_repeat): CallTimeoutError: "
        "weather.order: not done within the 60 s timeout of this attempt (it was cancelled); "
        "to repeat it, set repeatable={'order'} of the wrapper, or RetryConfig(retry_unsafe=True)"
    )


@pytest.mark.parametrize("make", [SyncServiceWrapper, wrap])
@pytest.mark.parametrize("rule", [{"forecast"}, ["forecast"], lambda name: name == "forecast"])
def test_a_repeatable_method_is_retried(make: Any, rule: Any, skipped_time: SkippedTime) -> None:
    weather = Weather(skipped_time.skip)
    face = make(weather, config(), repeatable=rule)
    assert timed_out(face.forecast) is StopReason.RETRIES_EXHAUSTED
    assert timed_out(face.order) is StopReason.UNSAFE_TO_REPEAT
    assert timed_out(face.cities) is StopReason.RETRIES_EXHAUSTED
    assert weather.calls == ["forecast"] * 3 + ["order"] + ["cities"] * 3


def test_names_are_names_of_the_object_itself(skipped_time: SkippedTime) -> None:
    weather = Weather(skipped_time.skip)
    face = SyncServiceWrapper(weather, config(), repeatable={"forecast"})
    assert timed_out(face.station.forecast) is StopReason.UNSAFE_TO_REPEAT
    assert timed_out(face.station.cities) is StopReason.RETRIES_EXHAUSTED
    by_name = SyncServiceWrapper(weather, config(), repeatable=lambda name: name == "forecast")
    assert timed_out(by_name.station.forecast) is StopReason.RETRIES_EXHAUSTED


def test_an_object_that_is_made_in_the_loop_has_repeatable_methods_too(
    skipped_time: SkippedTime,
) -> None:
    made = functools.partial(Weather, skipped_time.skip)
    face: Any = SyncServiceWrapper.made_by(made, config(), repeatable={"forecast"})
    assert timed_out(face.forecast) is StopReason.RETRIES_EXHAUSTED
    assert timed_out(face.order) is StopReason.UNSAFE_TO_REPEAT


def test_retry_unsafe_repeats_everything(skipped_time: SkippedTime) -> None:
    weather = Weather(skipped_time.skip)
    face = SyncServiceWrapper(weather, config(retry_unsafe=True))
    assert timed_out(face.order) is StopReason.RETRIES_EXHAUSTED
    assert weather.calls == ["order"] * 3


def test_what_was_not_executed_is_retried_without_being_repeatable() -> None:
    weather = Weather()
    with no_backoff(), pytest.raises(httpx.ConnectError):
        SyncServiceWrapper(weather, config()).refuse()
    assert weather.calls == ["refuse"] * 3


def test_methods_of_a_proxy_can_be_named(skipped_time: SkippedTime) -> None:
    proxy = Proxy(skipped_time.skip)
    face = SyncServiceWrapper(proxy, config(), repeatable={"ask"})
    assert timed_out(face.ask) is StopReason.RETRIES_EXHAUSTED
    assert proxy.calls == ["ask"] * 3
    for name in ("missing", "version"):
        with pytest.raises(ValueError, match=f"Proxy has no method '{name}'"):
            SyncServiceWrapper(proxy, repeatable={name})


@pytest.mark.parametrize(
    ("rule", "kind", "message"),
    [
        ({"forcast"}, ValueError, r"^repeatable: Weather has no method 'forcast'; name its own "),
        ({"units"}, ValueError, r"^repeatable: Weather has no method 'units'"),
        ({"station.forecast"}, ValueError, r"decorate the methods of other objects with pywats\."),
        ("forecast", TypeError, r"^repeatable='forecast': must be an iterable of names of methods"),
        (7, TypeError, r"^repeatable=7: must be an iterable of names"),
        ({7}, TypeError, r"^repeatable: 7 is not a string; must be"),
        (Weather.order, TypeError, r"must be a plain function, not an async one$"),
    ],
)
def test_a_wrong_rule_is_refused(rule: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        SyncServiceWrapper(Weather(), repeatable=rule)


def test_a_rule_that_fails_repeats_nothing(
    caplog: pytest.LogCaptureFixture, skipped_time: SkippedTime
) -> None:
    for rule, logged in (
        (lambda _: 1 / 0, "failed, so order is not repeated"),
        (lambda _: "yes", "returned 'yes': must be True or False"),
    ):
        weather = Weather(skipped_time.skip)
        broken: Any = rule
        face = SyncServiceWrapper(weather, config(), repeatable=broken)
        caplog.clear()
        assert timed_out(face.order) is StopReason.UNSAFE_TO_REPEAT
        assert weather.calls == ["order"]
        (error,) = errors(caplog)
        assert logged in error.getMessage()


def test_a_predicate_that_fails_does_not_hide_the_error(caplog: pytest.LogCaptureFixture) -> None:
    def broken(error: Exception) -> bool:
        return bool(error.response.status_code == 503)  # type: ignore[attr-defined]  # the mistake under test

    weather = Weather()
    face = SyncServiceWrapper(weather, config(retry_on_errors=broken))
    with no_backoff(), pytest.raises(httpx.ConnectError) as caught:
        face.refuse()
    assert weather.calls == ["refuse"]
    assert caught.value.stop_reason is StopReason.NOT_RETRYABLE  # type: ignore[attr-defined]  # set by the engine
    fault = (
        f"{broken!r} raised AttributeError(\"'ConnectError' object has no attribute 'response'\")"
    )
    assert f"not retried: {fault}" in caught.value.__notes__
    (record,) = errors(caplog)
    assert record.getMessage() == (
        "weather.refuse: a predicate of retry_on_errors failed, so the call is not retried: "
        f"PredicateError: {fault}"
    )
    assert record.exc_info is not None
    assert record.exc_info[0] is AttributeError
