"""What a wrapper does no differently from ``await`` and ``async for``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from unittest.mock import create_autospec

import anyio
import pytest

from pywats import CircuitBreakerConfig, SyncConfig, SyncServiceWrapper
from pywats.sync import PortalRunner, unwrap

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream


class Subscription:
    """Its own iterator, which survives an error, and which the loop must have begun."""

    def __init__(self) -> None:
        self.numbers = iter(range(1, 5))
        self.begun: asyncio.AbstractEventLoop | None = None

    def __aiter__(self) -> Self:
        self.begun = asyncio.get_running_loop()
        return self

    async def __anext__(self) -> int:
        await asyncio.sleep(0)
        number = next(self.numbers)
        if number == 2:
            raise ConnectionError("once")
        return number


def test_an_iterator_that_failed_once_goes_on() -> None:
    subscription = SyncServiceWrapper(Subscription())
    assert next(subscription) == 1
    with pytest.raises(ConnectionError, match="once"):
        next(subscription)
    assert next(subscription) == 3
    assert next(iter(subscription)) == 4


def test_an_iterator_is_made_where_the_coroutines_run() -> None:
    with PortalRunner(own_loop=True) as runner:
        subscription = SyncServiceWrapper(Subscription(), runner=runner)
        assert next(iter(subscription)) == 1
        assert unwrap(subscription).begun is runner.run_plain("loop", asyncio.get_running_loop)


def test_the_stream_of_a_library_is_left_open() -> None:
    async def filled() -> MemoryObjectReceiveStream[int]:
        send, receive = anyio.create_memory_object_stream[int](3)
        with send:
            for number in range(3):
                send.send_nowait(number)
        return receive

    runner = PortalRunner()
    stream = SyncServiceWrapper(runner.run("fill", filled), runner=runner)
    for first in stream:
        assert first == 0
        break
    assert stream.receive() == 1
    assert list(stream) == [2]
    stream.close()


class Named:
    """Whose arguments have the names that the face itself uses."""

    async def join(self, /, attribute: str, **others: object) -> str:
        await asyncio.sleep(0)
        return f"{attribute} {others}"


def test_any_name_of_an_argument() -> None:
    named = SyncServiceWrapper(Named())
    assert named.join(attribute="href", name=1) == "href {'name': 1}"
    assert named.join("href", self=1, args=2) == "href {'self': 1, 'args': 2}"


@dataclass(frozen=True)
class FrozenError(Exception):
    """Refuses to have any attribute set."""

    status: int


@pytest.mark.parametrize("enabled", [True, False])
def test_an_exception_that_cannot_be_changed_leaves_as_it_is(enabled: bool) -> None:  # noqa: FBT001 - a parameter
    class Refusing:
        async def get(self) -> None:
            raise FrozenError(404)

    wrapped = SyncServiceWrapper(
        Refusing(),
        SyncConfig(correlation_id_enabled=enabled, circuit_breaker=CircuitBreakerConfig()),
    )
    with pytest.raises(FrozenError) as caught:
        wrapped.get()
    assert caught.value == FrozenError(404)
    assert caught.value.__context__ is None


def test_a_mock_with_the_signature_of_a_class() -> None:
    mock = create_autospec(Named, instance=True)
    mock.join.return_value = "mocked"
    assert SyncServiceWrapper(mock).join("href") == "mocked"
    mock.join.assert_awaited_once_with("href")
