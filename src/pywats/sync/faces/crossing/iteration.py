"""A generator over the items of an async iterator."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from pywats.sync.faces.crossing.batches import Batches
from pywats.sync.faces.crossing.errors import prepare
from pywats.sync.faces.crossing.inward import inward, inward_error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Generator

    from opentelemetry.util.types import Attributes

    from pywats.sync.engine.engine import Engine

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

    Each item is a call of its own. It is not retried, because an async generator that has raised
    has ended. With `Batches` each batch is a call, which is retried like any other call. All items
    are produced in one task, which sees the context variables of the code that requests the next
    item. Values sent and errors thrown into this generator are passed to an async generator.

    Args:
        engine: Runs the calls.
        name: Name of the calls in spans.
        iterator: The async iterator.
        outward: Converts an item to the value that the caller gets.
        attributes: Attributes of the spans.
        close: Whether closing the generator closes the iterator.
    """
    if isinstance(iterator, Batches):
        try:
            while batch := _run_step(
                engine, name, iterator.next_batch, attributes, repeatable=True
            ):
                iterator.told(len(batch))
                yield from map(outward, batch)
        finally:
            iterator.close_progress()
        return
    in_task, task = engine.one_task(getattr(iterator, "aclose", None) if close else None)
    step: Callable[[], Awaitable[Any]] = functools.partial(anext, iterator, _END)
    try:
        while (item := _run_step(in_task, name, step, attributes)) is not _END:
            try:
                sent = yield outward(item)
            except GeneratorExit:
                raise
            except BaseException as error:  # noqa: BLE001 - thrown into the async generator
                step = _resume(iterator, "athrow", error)
            else:
                if sent is None:
                    step = functools.partial(anext, iterator, _END)
                else:
                    step = _resume(iterator, "asend", sent)
    finally:
        task.end(name)


def _run_step(
    engine: Engine,
    name: str,
    start: Callable[[], Awaitable[Any]],
    attributes: Attributes,
    *,
    repeatable: bool = False,
) -> Any:
    try:
        # A failed batch may be fetched again, even if it may have been executed: see `Batches`.
        return engine.run(
            name,
            start,
            repeatable=repeatable,
            may_repeat=lambda: repeatable,
            attributes=attributes,
        )
    except BaseException as error:
        prepare(error)
        raise


def _resume(iterator: Any, method: str, value: object) -> Callable[[], Awaitable[Any]]:
    """Return a step that sends or throws a value into an async generator and gets its next item."""
    resume = getattr(iterator, method, None)
    if resume is None:
        try:
            if isinstance(value, BaseException):
                raise value
            raise TypeError(f"cannot send(): {type(iterator).__name__} is not an async generator")
        finally:
            # Avoid a reference cycle: the traceback of the error refers to this frame.
            del value
    given = [value]

    async def step() -> Any:
        value = given.pop()
        try:
            if isinstance(value, BaseException):
                with inward_error(value):
                    return await resume(value)
            return await resume(inward(value))
        except StopAsyncIteration:
            return _END
        finally:
            # Avoid a reference cycle, as above.
            del value

    return step
