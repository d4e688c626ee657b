"""The synchronous face of any async object, whose members are looked up as they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar
from weakref import WeakValueDictionary

from pywats.sync.face import SyncFace, inward
from pywats.sync.members import install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["SyncServiceWrapper"]

T = TypeVar("T")


class SyncServiceWrapper(SyncFace[T]):
    """Call the methods of any async object without ``await``.

    Every call opens a span, carries a correlation id, and is limited and retried as the
    configuration says. Coroutines run in an event loop in the background, see `PortalRunner`.
    Attributes that are no methods are those of the object. What comes out of it changes on its
    way: the object itself becomes its wrapper, another object with async members gets a wrapper,
    always the same one, an async iterator becomes a generator, and a bare async context manager
    one for ``with``. Type checkers know nothing of the methods: for that generate a face, see
    `pywats.sync.stubs`.

    Args:
        wrapped: The async object; a module or a class will do as well.
        config: How calls run; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: How coroutines run; a `PortalRunner` if None. The `DirectRunner` is for objects
            that never suspend.
        engine: An engine to share instead of making one from ``config`` and ``runner``.
        faces: For some classes the face that their instances get on their way out, or a function
            that returns it for an object; None for none.
        span_attributes: Gives attributes to the span of a call: a function of the method's name,
            its positional and its keyword arguments.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncConfig`.
    """

    _reach = 2

    if TYPE_CHECKING:
        # Wrappers have the protocols that their objects have, which nobody knows here.
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            """Call the object."""

        def __contains__(self, item: object) -> bool: ...
        def __delattr__(self, attribute: str) -> None: ...
        def __getattr__(self, attribute: str) -> Any: ...
        def __getitem__(self, key: Any) -> Any: ...
        def __iter__(self) -> Iterator[Any]: ...
        def __len__(self) -> int: ...
        def __next__(self) -> Any: ...
        def __setattr__(self, attribute: str, value: Any) -> None: ...
        def __setitem__(self, key: Any, value: Any) -> None: ...

    if not TYPE_CHECKING:  # pragma: no branch - nothing that runs checks types

        def __new__(cls, wrapped=None, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN204 - type checkers shall read __init__
            """Return an instance of a subclass that has the members of the object's class."""
            del args, kwargs
            of = type(inward(wrapped))
            return object.__new__(cls if wrapped is None else _class_for(cls, of))

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._wrapped)})


SyncServiceWrapper._automatic = SyncServiceWrapper  # noqa: SLF001 - its own class

_classes: WeakValueDictionary[tuple[type, type], type[SyncFace[Any]]] = WeakValueDictionary()


def _class_for(cls: type[SyncFace[Any]], of: type) -> type[SyncFace[Any]]:
    """Return the subclass for objects of a class: with its members, so that help() shows them."""
    general: type[SyncFace[Any]] = vars(cls).get("_general", cls)
    found = _classes.get((general, of))
    if found is None:
        state = {"__doc__": of.__doc__, "__module__": general.__module__, "_general": general}
        found = type(general.__name__, (general,), state)
        install(found, of)
        protocols = {name for kind in of.__mro__[:-1] for name in vars(kind)}
        for name, member in _PROTOCOLS.items():
            if name in protocols and name not in vars(found):
                setattr(found, name, member if getattr(of, name) else None)
        if "__anext__" in protocols:
            found.__next__ = _next  # type: ignore[attr-defined]  # only some wrappers are iterators
        found = _classes.setdefault((general, of), found)
    return found


def _next(self: SyncFace[Any]) -> Any:
    steps = self.__dict__.get("_steps")
    if steps is None:
        steps = self.__dict__["_steps"] = self._iterate()
    try:
        return next(steps)
    except BaseException:
        # A generator that has raised has ended for good; the object may go on.
        self.__dict__.pop("_steps", None)
        raise


def _call(self: SyncFace[Any], /, *args: Any, **kwargs: Any) -> Any:
    return self._call("call", self._wrapped, args, kwargs)


def _iter(self: SyncFace[Any]) -> Iterator[Any]:
    return (self._outward("iter", each) for each in self._wrapped)


def _plain(name: str) -> Callable[..., Any]:
    """Return a method for a protocol that does no I/O."""

    def method(self: SyncFace[Any], *args: Any) -> Any:
        wrapped = self._wrapped
        result = getattr(type(wrapped), name)(wrapped, *map(inward, args))
        return self._outward(name, result)

    method.__name__ = name
    return method


_PROTOCOLS: Final[Mapping[str, Callable[..., Any]]] = {
    "__call__": _call,
    "__iter__": _iter,
    **{
        f"__{name}__": _plain(f"__{name}__")
        for name in (
            *("bool", "contains", "delitem", "getitem", "len", "setitem", "str"),
            *("eq", "ge", "gt", "hash", "le", "lt", "ne"),
        )
    },
}
