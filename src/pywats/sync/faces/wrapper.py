"""The synchronous face of any async object; it looks up members when they are used."""

from __future__ import annotations

import inspect
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar, overload
from weakref import WeakValueDictionary

from pywats.sync.faces.crossing.inward import inward
from pywats.sync.faces.face import SyncFace
from pywats.sync.faces.members import declared_face, install

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from pywats.config import SyncConfig
    from pywats.sync.faces.face import Faces
    from pywats.sync.faces.family import SpanAttributes
    from pywats.sync.faces.repeatable import Repeatable
    from pywats.sync.runners.direct import Runner

__all__ = ["SyncServiceWrapper"]

T = TypeVar("T")
S = TypeVar("S")


class SyncServiceWrapper(SyncFace[T]):
    """Call the methods of any async object without ``await``.

    Every call opens a span, has a correlation id, and gets the timeouts and retries of the
    configuration. Coroutines run in a background event loop, see `PortalRunner`. Attributes other
    than methods are read from the object. Values that come out of the object are converted: the
    object itself becomes its wrapper, another object with async members gets a wrapper (always the
    same one), an async iterator becomes a generator, and a bare async context manager becomes a
    context manager for ``with``. Type checkers do not know the methods; to have them typed,
    generate a face, see `pywats.sync.stubs`.

    Args:
        wrapped: The async object; may also be a module or a class.
        config: Timeouts and retries; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: Runs the coroutines; a `PortalRunner` if None. The `DirectRunner` is for objects
            that never suspend.
        engine: An engine to share instead of making one from ``config`` and ``runner``.
        faces: Face classes for instances of some classes: a mapping, or a function that returns
            the face class for an object; None for no faces.
        span_attributes: Returns attributes for the span of a call: a function of the method's
            name, its positional and its keyword arguments.
        repeatable: Names of the object's methods that may run twice, or a function that returns
            whether the method with a given name may. Other calls are not retried if they may have
            been executed; `pywats.repeatable` marks methods of your own classes.
        tracer_provider: Receives the spans; the global provider if None.
        meter_provider: Receives the metrics; the global provider if None.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncConfig`.
        ValueError: The object does not have a method that ``repeatable`` names.
    """

    _reach = 2

    if TYPE_CHECKING:

        @overload  # type: ignore[override]  # typed by what the factory makes, not by the class
        @classmethod
        def made_by(
            cls,
            factory: Callable[[], Awaitable[S]],
            config: SyncConfig | None = None,
            *,
            name: str | None = None,
            runner: Runner | None = None,
            faces: Faces | None = None,
            span_attributes: SpanAttributes | None = None,
            repeatable: Repeatable | None = None,
            tracer_provider: TracerProvider | None = None,
            meter_provider: MeterProvider | None = None,
        ) -> SyncServiceWrapper[S]: ...
        @overload
        @classmethod
        def made_by(
            cls,
            factory: Callable[[], S],
            config: SyncConfig | None = None,
            *,
            name: str | None = None,
            runner: Runner | None = None,
            faces: Faces | None = None,
            span_attributes: SpanAttributes | None = None,
            repeatable: Repeatable | None = None,
            tracer_provider: TracerProvider | None = None,
            meter_provider: MeterProvider | None = None,
        ) -> SyncServiceWrapper[S]: ...
        @classmethod
        def made_by(cls, factory: Any, config: Any = None, **settings: Any) -> Any:
            """See `SyncFace.made_by`."""

        # A wrapper has the protocols of its object, which are not known to type checkers.
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

    if not TYPE_CHECKING:  # pragma: no branch - the condition is true at run time

        def __new__(cls, wrapped=None, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN204 - type checkers shall read __init__
            """Return an instance of a subclass that has the members of the object's class."""
            del args, kwargs
            of = type(inward(wrapped))
            return object.__new__(cls if wrapped is None else _class_for(cls, of))

    @classmethod
    def _face_of(cls, wrapped: object) -> type[SyncFace[Any]]:
        # A subclass of the user is kept and not replaced with a declared face.
        return cls if cls is not SyncServiceWrapper else declared_face(wrapped) or cls

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._wrapped)})


SyncServiceWrapper._automatic = SyncServiceWrapper  # noqa: SLF001 - its own class

_classes: WeakValueDictionary[tuple[type, type], type[SyncFace[Any]]] = WeakValueDictionary()
# Making a class takes 1 ms. Results such as an httpx.Response have a face for a moment only, so the
# latest classes are kept; a program that makes classes without end does not keep all of them.
_latest: deque[type[SyncFace[Any]]] = deque(maxlen=64)


def _class_for(cls: type[SyncFace[Any]], of: type) -> type[SyncFace[Any]]:
    """Return the wrapper subclass for a class; it has the members of the class, for help()."""
    state: dict[str, object]
    bases: tuple[type[SyncFace[Any]], ...]
    general: type[SyncFace[Any]] = vars(cls).get("_general", cls)
    found = _classes.get((general, of))
    if found is None:
        state = {"__doc__": of.__doc__, "__module__": general.__module__, "_general": general}
        bases = (general,)
        if general is not SyncServiceWrapper:
            # A base class, so that super() finds the members of the object in a user's subclass.
            members = _class_for(SyncServiceWrapper, of)
            bases = (general, members)
            state = {**_of_the_user(general, members), **state}
        found = type(general.__name__, bases, state)
        install(found, of)
        found = _classes.setdefault((general, of), found)
        _latest.append(found)
    return found


def _of_the_user(general: type, members: type) -> dict[str, object]:
    """Return the members of a user's subclass and of its mixins that the object has too."""
    own = {name for kind in general.__mro__[:-1] for name in vars(kind)}
    return {name: inspect.getattr_static(general, name) for name in own & vars(members).keys()}
