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
    """Return the async object of a face, for `isinstance` or to await its methods.

    Args:
        face: A face or a `pywats.SyncServiceWrapper`.

    Raises:
        TypeError: ``face`` is not a synchronous face.
    """
    if not isinstance(face, SyncFace):
        raise TypeError(f"face={face!r}: must be a synchronous face, not {type(face).__name__}")
    return face._wrapped  # noqa: SLF001 - its own package


def face_of(face: SyncFace[Any], value: Any) -> Any:
    """Return the face of an object that did not come from a method of a face.

    An example is the response in an exception, which is still the async object of its library:
    ``except openai.APIStatusError as error: face_of(client, error.response).read()``.

    Args:
        face: The face that the object belongs to; its settings and its event loop are used.
        value: The object.

    Returns:
        The face declared for the object's class, otherwise a wrapper. A value without async
        members is returned as it is.

    Raises:
        TypeError: ``face`` is not a synchronous face.
    """
    unwrap(face)
    found = face._outward.face_of(value)  # noqa: SLF001 - its own package
    if found is value and not isinstance(value, SyncFace) and has_async_members(value):
        return SyncServiceWrapper._derived(value, face._family, face._faces, None)  # noqa: SLF001 - its own package
    return found


def awaited(face: SyncFace[Any]) -> Any:
    """Await the object of a face and return the result; some clients connect when awaited.

    The call is not retried: an awaitable that has failed would fail again.

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
    """Return a context manager for the result of a method that can be awaited or entered.

    ``async with pool.acquire() as connection`` returns the connection to the pool at its end;
    after ``connection = await pool.acquire()`` the caller must return it. In
    ``with pool.acquire() as connection`` the face sees that the result is entered. If the call is
    not part of the ``with`` statement, use this function:
    ``stack.enter_context(entering(pool.acquire))``.

    Args:
        method: A method of a face.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        TypeError: ``method`` is not a method of a face, or its result cannot be entered.
    """
    face = _face_of(method)
    return face._entering(_name_of(method), args, kwargs)  # noqa: SLF001 - its own package


def unawaited(method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Return the face of a method's result without awaiting the result.

    Use it for results that can be awaited and also have methods, such as a call of gRPC:
    ``call = unawaited(stub.Upload); call.write(part); call.done_writing(); awaited(call)``.

    Args:
        method: A method of a face.
        args: Its positional arguments.
        kwargs: Its keyword arguments.

    Raises:
        TypeError: ``method`` is not a method of a face, or it is a coroutine function, whose
            result has no methods.
    """
    face = _face_of(method)
    return face._unawaited(_name_of(method), args, kwargs, SyncServiceWrapper)  # noqa: SLF001 - its own package


def _face_of(method: object) -> SyncFace[Any]:
    # A callable face is passed as its own method.
    face = method if isinstance(method, SyncFace) else getattr(method, "__self__", None)
    if not isinstance(face, SyncFace):
        raise TypeError(f"method={method!r}: must be a method of a synchronous face")
    return face


def _name_of(method: object) -> str:
    name: str = "__call__" if isinstance(method, SyncFace) else getattr(method, "__name__", "")
    return name
