"""What cannot be asked of a face in the words of the async object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pywats.sync.face import SyncFace

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sync.context import SyncContext

__all__ = ["awaited", "entering", "unwrap"]

T = TypeVar("T")


def unwrap(face: SyncFace[T]) -> T:
    """Return the async object of a face, to ask isinstance or to await something of it.

    Args:
        face: A face or a `pywats.SyncServiceWrapper`.

    Raises:
        TypeError: It is neither.
    """
    if not isinstance(face, SyncFace):
        raise TypeError(f"face={face!r}: must be a synchronous face, not {type(face).__name__}")
    return face._wrapped  # noqa: SLF001 - its own package


def awaited(face: SyncFace[Any]) -> Any:
    """Await the object of a face, as some clients are to connect, and return what that gives.

    Args:
        face: The face of an awaitable object.

    Raises:
        TypeError: The object is not awaitable.
    """
    wrapped: Any = unwrap(face)
    if not hasattr(type(wrapped), "__await__"):
        raise TypeError(f"{type(wrapped).__qualname__} cannot be awaited")

    async def wait() -> Any:
        return await wrapped

    return face._call("await", wait, (), {})  # noqa: SLF001 - its own package


def entering(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> SyncContext:
    """Return a context manager for what a method returns that could be awaited as well.

    ``async with pool.acquire() as connection`` and ``connection = await pool.acquire()`` differ
    in who gives the connection back. On a face, ``pool.acquire()`` is the second of them, and
    ``with entering(pool.acquire) as connection`` the first.

    Args:
        method: A method of a face.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        TypeError: It is no method of a face.
    """
    face = getattr(method, "__self__", None)
    if not isinstance(face, SyncFace):
        raise TypeError(f"method={method!r}: must be a method of a synchronous face")
    return face._entering(method.__name__, args, kwargs)  # noqa: SLF001 - its own package
