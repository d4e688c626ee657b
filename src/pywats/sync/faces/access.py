"""Operations without a counterpart on the async object: unwrap, await, enter, and their reverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pywats.sync.faces.face import SyncFace
from pywats.sync.faces.objects.introspection import has_async_members
from pywats.sync.faces.wrapper import SyncServiceWrapper

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sync.faces.crossing.context_manager import SyncContext

__all__ = ["awaited", "entering", "face_of", "unawaited", "unwrap"]

T = TypeVar("T")


def unwrap(face: SyncFace[T]) -> T:
    """Return the async object of a face, for isinstance or to be awaited.

    Args:
        face: A face or a `pywats.SyncServiceWrapper`.

    Raises:
        TypeError: It is neither.
    """
    if not isinstance(face, SyncFace):
        raise TypeError(f"face={face!r}: must be a synchronous face, not {type(face).__name__}")
    return face._wrapped  # noqa: SLF001 - its own package


def face_of(face: SyncFace[Any], value: Any) -> Any:
    """Return the face of an object that did not come from a method of a face.

    Such as the response in an exception, which stays as its library has made it:
    ``except openai.APIStatusError as error: face_of(client, error.response).read()``.

    Args:
        face: The face whose object it belongs to; its settings and its loop are used.
        value: The object.

    Returns:
        The face that was declared for its class, or else a wrapper; a value without async
        members as it is.

    Raises:
        TypeError: ``face`` is not a synchronous face.
    """
    unwrap(face)
    found = face._outward.face_of(value)  # noqa: SLF001 - its own package
    if found is value and not isinstance(value, SyncFace) and has_async_members(value):
        return SyncServiceWrapper._derived(value, face._family, face._faces, None)  # noqa: SLF001 - its own package
    return found


def awaited(face: SyncFace[Any]) -> Any:
    """Await the object of a face, as some clients are to connect, and return what that gives.

    It is not retried: an awaitable that has failed would fail again.

    Args:
        face: The face of an awaitable object.

    Raises:
        TypeError: The object is not awaitable.
    """
    wrapped: Any = unwrap(face)
    if not hasattr(type(wrapped), "__await__"):
        raise TypeError(f"{type(wrapped).__qualname__} cannot be awaited")
    return face._awaited()  # noqa: SLF001 - its own package


def entering(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> SyncContext:
    """Return a context manager for what a method returns that could be awaited as well.

    ``async with pool.acquire() as connection`` and ``connection = await pool.acquire()`` differ
    in who gives the connection back. A face sees which of them is meant in
    ``with pool.acquire() as connection``. Where the call and the ``with`` statement are apart, say
    so: ``stack.enter_context(entering(pool.acquire))``.

    Args:
        method: A method of a face.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        TypeError: It is not a method of a face, or returns something that cannot be entered.
    """
    face = _face_of(method)
    return face._entering(_name_of(method), args, kwargs)  # noqa: SLF001 - its own package


def unawaited(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Return the face of what a method returns, without awaiting it.

    For results that can be awaited and have methods of their own, such as a call of gRPC:
    ``call = unawaited(stub.Upload); call.write(part); call.done_writing(); awaited(call)``.

    Args:
        method: A method of a face.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        TypeError: It is not a method of a face, or a coroutine function, whose result has no
            methods.
    """
    face = _face_of(method)
    return face._unawaited(_name_of(method), args, kwargs, SyncServiceWrapper)  # noqa: SLF001 - its own package


def _face_of(method: object) -> SyncFace[Any]:
    # A face that is called is its own method.
    face = method if isinstance(method, SyncFace) else getattr(method, "__self__", None)
    if not isinstance(face, SyncFace):
        raise TypeError(f"method={method!r}: must be a method of a synchronous face")
    return face


def _name_of(method: object) -> str:
    name: str = "__call__" if isinstance(method, SyncFace) else getattr(method, "__name__", "")
    return name
