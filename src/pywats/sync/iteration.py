"""A generator made of an async iterator."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Final

from pywats.sync.batches import Batches

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from pywats.sync.engine import Engine

__all__ = ["iterate"]

_END: Final = object()


def iterate(
    engine: Engine, name: str, iterator: AsyncIterator[Any], outward: Callable[[Any], Any]
) -> Generator[Any, None, None]:
    """Yield the items of an async iterator; closing the generator closes the iterator.

    Each item is a call of its own, and is not retried: an async generator that raised has ended.
    `Batches` can do better: each batch is a call, which is retried like any other.

    Args:
        engine: Runs the calls.
        name: Name of the calls in spans.
        iterator: What to iterate over.
        outward: Turns an item into what the caller gets.
    """
    if isinstance(iterator, Batches):
        while batch := engine.run(name, iterator.next_batch):
            yield from map(outward, batch)
        return
    step = functools.partial(anext, iterator, _END)
    try:
        while (item := engine.run(name, step, repeatable=False)) is not _END:
            yield outward(item)
    finally:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            engine.release(name, close)
