"""A generator made of an async iterator."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from pywats.sync.batches import Batches
from pywats.sync.traceback import shorten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator

    from opentelemetry.util.types import Attributes

    from pywats.sync.engine import Engine

__all__ = ["iterate"]

_END: Final = object()


def iterate(
    engine: Engine,
    name: str,
    iterator: AsyncIterator[Any],
    outward: Callable[[Any], Any],
    attributes: Attributes = None,
    *,
    close: bool = True,
) -> Generator[Any, Any, None]:
    """Yield the items of an async iterator.

    Each item is a call of its own, and is not retried: an async generator that raised has ended.
    `Batches` can do better: each batch is a call, which is retried like any other. All items are
    made in one task, whose context variables are those of whoever asks for the next item. What is
    sent or thrown into the generator reaches an async generator.

    Args:
        engine: Runs the calls.
        name: Name of the calls in spans.
        iterator: What to iterate over.
        outward: Turns an item into what the caller gets.
        attributes: Attributes of the spans.
        close: Whether closing the generator closes the iterator.
    """
    if isinstance(iterator, Batches):
        while batch := _run(engine, name, iterator.next_batch, attributes, repeatable=True):
            yield from map(outward, batch)
        return
    in_task, task = engine.one_task(getattr(iterator, "aclose", None) if close else None)
    step: Callable[[], Awaitable[Any]] = functools.partial(anext, iterator, _END)
    try:
        while (item := _run(in_task, name, step, attributes)) is not _END:
            try:
                sent = yield outward(item)
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 - it goes on to the async generator
                step = _resume(iterator, "athrow", error)
            else:
                if sent is None:
                    step = functools.partial(anext, iterator, _END)
                else:
                    step = _resume(iterator, "asend", sent)
    finally:
        task.end(name)


def _run(
    engine: Engine,
    name: str,
    start: Callable[[], Awaitable[Any]],
    attributes: Attributes,
    *,
    repeatable: bool = False,
) -> Any:
    try:
        return engine.run(name, start, repeatable=repeatable, attributes=attributes)
    except BaseException as error:
        shorten(error)
        raise


def _resume(iterator: Any, method: str, value: object) -> Callable[[], Awaitable[Any]]:
    """Return a step that hands a value to an async generator and gets the next item."""
    resume = getattr(iterator, method, None)
    if resume is None:
        if isinstance(value, BaseException):
            raise value
        raise TypeError(f"a {type(iterator).__name__} takes no values: it is no async generator")

    async def step() -> Any:
        try:
            return await resume(value)
        except StopAsyncIteration:
            return _END

    return step
