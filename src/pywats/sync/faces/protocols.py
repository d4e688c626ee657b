"""Give a face the special methods of its object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pywats.sync.faces.crossing.inward import inward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pywats.sync.faces.face import SyncFace

__all__ = ["install_protocols"]

# Special methods without I/O, which need no event loop: without arguments, and with arguments.
_CONVERSIONS: Final = (
    *("__bool__", "__bytes__", "__complex__", "__float__", "__fspath__", "__hash__", "__index__"),
    *("__int__", "__len__", "__length_hint__", "__reversed__", "__str__"),
)
_OPERATIONS: Final = (
    *("__contains__", "__delitem__", "__format__", "__getitem__", "__missing__", "__setitem__"),
    *("__eq__", "__ge__", "__gt__", "__le__", "__lt__", "__ne__"),
)


def install_protocols(face: type[SyncFace[Any]], of: type) -> None:
    """Add the special methods of the async class that the face does not define itself.

    Args:
        face: The class of the face.
        of: The async class.
    """
    own = {name for kind in of.__mro__[:-1] for name in vars(kind)}
    taken = {name for kind in face.__mro__[:-1] for name in vars(kind)}
    for name, member in _MEMBERS.items():
        if name in own and name not in taken:
            setattr(face, name, member if getattr(of, name) else None)
    if "__aiter__" in own and "__iter__" not in taken:
        face.__iter__ = _iterate  # type: ignore[attr-defined]  # only some faces are iterable
    if "__anext__" in own and "__next__" not in taken:
        face.__next__ = _next  # type: ignore[attr-defined]  # only some faces are iterators


def _iterate(self: SyncFace[Any]) -> Iterator[Any]:
    return self._iterate()


def _next(self: SyncFace[Any]) -> Any:
    steps = self.__dict__.get("_steps")
    if steps is None:
        steps = self.__dict__["_steps"] = self._iterate()
    try:
        return next(steps)
    except BaseException:
        # A generator that has raised has ended, but the object may be able to continue.
        self.__dict__.pop("_steps", None)
        raise


def _call_object(self: SyncFace[Any], /, *args: Any, **kwargs: Any) -> Any:
    return self._call_method("call", self._wrapped, args, kwargs)


def _iter(self: SyncFace[Any]) -> Iterator[Any]:
    return (self._outward("iter", each) for each in self._wrapped)


def _conversion(name: str) -> Callable[[SyncFace[Any]], Any]:
    def method(self: SyncFace[Any]) -> Any:
        wrapped = self._wrapped
        return self._outward(name, getattr(type(wrapped), name)(wrapped))

    method.__name__ = name
    return method


def _operation(name: str) -> Callable[..., Any]:
    def method(self: SyncFace[Any], *args: Any) -> Any:
        wrapped = self._wrapped
        result = getattr(type(wrapped), name)(wrapped, *map(inward, args))
        return self._outward(name, result)

    method.__name__ = name
    return method


_MEMBERS: Final[Mapping[str, Callable[..., Any]]] = {
    "__call__": _call_object,
    "__iter__": _iter,
    **{name: _conversion(name) for name in _CONVERSIONS},
    **{name: _operation(name) for name in _OPERATIONS},
}
