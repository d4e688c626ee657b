"""Iterations of a face that are given to an async object go in as its async iterators."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pywats import SyncServiceWrapper
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator


async def suspend() -> None:
    await asyncio.sleep(0)


async def go_on() -> None:
    """Never suspend, as a service over a DirectTransport."""


class Readings:
    """Reads values one by one, and takes a stream of them."""

    def __init__(self, pause: Any) -> None:
        self.pause = pause
        self.ended: list[int] = []

    async def read(self, count: int) -> AsyncIterator[int]:
        try:
            for value in range(count):
                await self.pause()
                yield value
        finally:
            self.ended.append(count)

    async def total(self, values: AsyncIterator[int]) -> int:
        return sum([value async for value in values])

    async def totals(self, *, streams: dict[str, list[AsyncIterator[int]]]) -> list[int]:
        return [await self.total(each) for each in streams["all"]]

    def __aiter__(self) -> AsyncIterator[int]:
        return self.read(3)

    async def plain(self, values: Iterator[int]) -> int:
        return sum(values)


@pytest.fixture(params=["direct", "portal"])
def readings(request: pytest.FixtureRequest) -> Any:
    if request.param == "direct":
        return SyncServiceWrapper(Readings(go_on), runner=DirectRunner())
    return SyncServiceWrapper(Readings(suspend))


def test_an_iteration_goes_in_as_the_async_iterator(readings: Any) -> None:
    values = readings.read(4)
    assert readings.total(values) == 6
    assert list(values) == []
    assert readings.ended == [4]
    assert readings.total(iter(readings)) == 3


def test_so_does_one_inside_a_container(readings: Any) -> None:
    assert readings.totals(streams={"all": [readings.read(2), readings.read(3)]}) == [1, 3]


def test_one_that_has_begun_stays_as_it_is(readings: Any) -> None:
    values = readings.read(3)
    assert next(values) == 0
    with pytest.raises(TypeError, match="'async for' requires"):
        readings.total(values)
    assert list(values) == [1, 2]


def test_a_generator_of_the_caller_stays_as_it_is(readings: Any) -> None:
    assert readings.plain(value for value in (1, 2, 3)) == 6
