"""What stands for the async types on a synchronous face."""

from __future__ import annotations

from typing import Final

from pywats.sync.stubs.names import Origin

__all__ = ["AWAITABLE", "COUNTERPARTS", "GENERATOR", "SYNC_CONTEXT", "async_name"]

_ABC = "collections.abc"

GENERATOR: Final = Origin(_ABC, "Generator")
"""What an async iterator of any class becomes."""

SYNC_CONTEXT: Final = Origin("contextlib", "AbstractContextManager")
"""What an async context manager of any class becomes."""

COUNTERPARTS: Final[dict[str, Origin]] = {
    "AsyncIterator": Origin(_ABC, "Iterator"),
    "AsyncIterable": Origin(_ABC, "Iterable"),
    "AsyncGenerator": GENERATOR,
    "AsyncContextManager": SYNC_CONTEXT,
    "AbstractAsyncContextManager": SYNC_CONTEXT,
}
"""The synchronous type for each async one."""

AWAITABLE: Final = frozenset({"Awaitable", "Coroutine", "Future", "Task"})
"""The types in the place of which the face has what they will be."""

# Those of asyncio call themselves _asyncio.Future, or asyncio.futures.Future without C.
_MODULES = frozenset(
    {
        _ABC,
        "typing",
        "typing_extensions",
        "contextlib",
        "asyncio",
        "_asyncio",
        "asyncio.futures",
        "asyncio.tasks",
    }
)


def async_name(kind: object) -> str:
    """Return the name of a type if it is of a module that has the async types, else "".

    Args:
        kind: What an annotation names.
    """
    module = getattr(kind, "__module__", "")
    name: str = getattr(kind, "__name__", "") or getattr(kind, "_name", "")
    # typing.AsyncIterator calls itself AsyncIterator of the module typing.
    return name if module in _MODULES else ""
