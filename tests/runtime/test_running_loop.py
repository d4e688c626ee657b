"""The event loop of a thread, the stand-in of the DirectRunner told apart."""

from __future__ import annotations

import asyncio

import pytest

from pywats import SyncServiceWrapper
from pywats.runtime.running_loop import inline_loop, running_loop
from pywats.sync import DirectRunner


async def both() -> tuple[bool, bool]:
    return running_loop() is not None, inline_loop() is not None


class Service:
    async def ask(self) -> tuple[bool, bool]:
        return await both()

    async def block(self, error: type[BaseException]) -> tuple[bool, tuple[bool, bool]]:
        loop = inline_loop()
        assert loop is not None
        seen: list[bool] = []

        def function() -> None:
            seen.append(inline_loop() is not None)
            raise error

        with pytest.raises(error):
            loop.call_outside(function)
        return seen[0], await both()


def test_a_loop_of_asyncio_is_no_stand_in() -> None:
    assert asyncio.run(both()) == (True, False)


def test_a_stand_in_does_not_count_as_a_running_loop() -> None:
    assert SyncServiceWrapper(Service(), runner=DirectRunner()).ask() == (False, True)


def test_without_a_loop_there_is_neither() -> None:
    assert running_loop() is None
    assert inline_loop() is None


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_stand_in_is_there_again_after_a_function_that_blocked_and_failed(
    error: type[BaseException],
) -> None:
    block = SyncServiceWrapper(Service(), runner=DirectRunner()).block
    assert block(error) == (False, (False, True))
