"""The base class of all synchronous faces, typed and untyped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar

from pywats.observability.safe_text import escape_surrogates
from pywats.sync.faces.calls import MemberCalls, set_state
from pywats.sync.faces.crossing.context_manager import SyncContext
from pywats.sync.faces.crossing.errors import prepare
from pywats.sync.faces.crossing.inward import inward
from pywats.sync.faces.crossing.outward import Outward
from pywats.sync.faces.family import Family, Outcome
from pywats.sync.faces.objects.naming import default_name, described
from pywats.sync.faces.repeatable import checked
from pywats.sync.faces.settings import engine_of

if TYPE_CHECKING:
    from types import TracebackType

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from pywats.config import SyncConfig
    from pywats.sync.engine.engine import Engine
    from pywats.sync.faces.family import SpanAttributes
    from pywats.sync.faces.repeatable import Repeatable
    from pywats.sync.runners.direct import Runner

__all__ = ["Faces", "SyncFace", "reconfigured"]

T_co = TypeVar("T_co", covariant=True)
F = TypeVar("F", bound="SyncFace[Any]")

Faces = Mapping[type, "type[SyncFace[Any]] | None"] | Callable[[Any], "type[SyncFace[Any]] | None"]
"""Face class by class of object, or a function of the object that returns it; None for no face."""


class SyncFace(MemberCalls, Generic[T_co]):
    """Base of classes with the methods of an async class, called without ``await``.

    `sync_face` adds the methods. Every call opens a span, has a correlation id, and gets the
    timeouts and retries of the configuration. Results, items, entered values and attributes are
    converted: the object itself becomes its face, an instance of a class with a face becomes that
    face, an async iterator becomes a generator, and a bare async context manager becomes a context
    manager for ``with``. Lists, tuples, dicts and sets with such objects inside are copied with
    the faces inside; all other values stay as they are. If a face is passed to a method, alone or
    inside of such a container, the method gets the async object of the face.

    Args:
        wrapped: The async object.
        config: Timeouts and retries; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: Runs the coroutines; a `PortalRunner` if None. The `DirectRunner` is for objects
            that never suspend.
        engine: An engine to share instead of making one from ``config`` and ``runner``.
        faces: Face classes for instances of more classes: a mapping, or a function that returns
            the face class for an object; None for no more.
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

    _async_class: ClassVar[type] = object
    _class_faces: ClassVar[Mapping[type, type[SyncFace[Any]]]] = {}
    _automatic: ClassVar[type[SyncFace[Any]] | None] = None
    _future: ClassVar[type[SyncFace[Any]] | None] = None
    # Names with at least this many leading underscores are not forwarded.
    _reach: ClassVar[int] = 1
    _wrapped: T_co
    _name: str
    _family: Family[SyncFace[Any]]
    _faces: Faces
    _outward: Outward
    _entered: list[SyncContext]
    _begun: bool

    def __init__(
        self,
        wrapped: T_co,
        config: SyncConfig | None = None,
        *,
        name: str | None = None,
        runner: Runner | None = None,
        engine: Engine | None = None,
        faces: Faces | None = None,
        span_attributes: SpanAttributes | None = None,
        repeatable: Repeatable | None = None,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        wrapped = inward(wrapped)
        rule = checked(repeatable, wrapped)
        engine = engine or engine_of(config, runner, tracer_provider, meter_provider)
        family = Family(engine, span_attributes, self._automatic, self._future)
        family.repeatable = (type(wrapped), rule)
        _begin(self, wrapped, family, self._all_faces(faces), name)

    @classmethod
    def made_by(
        cls,
        factory: Callable[[], object],
        config: SyncConfig | None = None,
        *,
        name: str | None = None,
        runner: Runner | None = None,
        faces: Faces | None = None,
        span_attributes: SpanAttributes | None = None,
        repeatable: Repeatable | None = None,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> Self:
        """Create an object on the thread that runs its coroutines, and return its face.

        Some clients must be created in a running event loop, such as ``aiohttp.ClientSession``:
        ``made_by(aiohttp.ClientSession)``, ``made_by(lambda: asyncpg.create_pool(dsn))``.

        Args:
            factory: Makes the object; may be a coroutine function. An awaitable result is
                awaited.
            config: Timeouts and retries; see the class.
            name: Name of the object in spans and logs; its class name in snake case if None.
            runner: Runs the coroutines; a `PortalRunner` if None.
            faces: The face classes of other classes; see the class.
            span_attributes: Returns attributes for the span of a call; see the class.
            repeatable: Which methods may run twice; see the class.
            tracer_provider: Receives the spans; the global provider if None.
            meter_provider: Receives the metrics; the global provider if None.

        Raises:
            TypeError: ``config`` is not a `pywats.SyncConfig`.
            BaseException: The error of the factory.
        """
        engine = engine_of(config, runner, tracer_provider, meter_provider)
        family = Family(engine, span_attributes, cls._automatic, cls._future)
        known_as = escape_surrogates(name or default_name(factory))
        span = f"{family.engine.span_prefix}{known_as}.made_by"
        key = (type(factory), "made_by")
        try:
            made = family.call_method(span, key, factory, (), {})
        except BaseException as error:
            prepare(error)
            raise
        begun = False
        if isinstance(made, Outcome):
            begun = made.use == "other" and made.value is made.source
            made = made.value if made.use == "other" else made.source
        family.repeatable = (type(made), checked(repeatable, made))
        kind = cls._face_of(made)
        face: Any = kind._derived(made, family, kind._all_faces(faces), name)  # noqa: SLF001 - its own class
        set_state(face, _begun=begun)
        found: Self = face
        return found

    @classmethod
    def _derived(
        cls, wrapped: Any, family: Family[SyncFace[Any]], faces: Faces, name: str | None
    ) -> Self:
        """Return a face that shares the engine of another face."""
        face = cls.__new__(cls, wrapped)  # type: ignore[call-arg]  # SyncServiceWrapper takes it
        _begin(face, wrapped, family, faces, name)
        return face

    @classmethod
    def _face_of(cls, wrapped: object) -> type[SyncFace[Any]]:
        del wrapped
        return cls

    @classmethod
    def _all_faces(cls, faces: Faces | None) -> Faces:
        return faces if callable(faces) else {**cls._class_faces, **(faces or {})}

    if not TYPE_CHECKING:  # pragma: no branch - the condition is true at run time

        def __new__(cls, wrapped=None, *args, **kwargs):  # noqa: ANN001, ANN002, ANN003, ANN204 - type checkers shall read __init__
            """Return an instance; subclasses choose the class of the instance by the object."""
            del wrapped, args, kwargs
            return object.__new__(cls)

        def __getattr__(self, attribute):  # noqa: ANN001, ANN204 - type checkers shall read the stub
            # Called only for attributes that the class of the object does not have. Protocols such
            # as copy and pickle look up dunder names, even before __init__ has run.
            if attribute.startswith("_" * self._reach) or "_wrapped" not in self.__dict__:
                raise AttributeError(
                    f"{type(self).__name__!r} object has no attribute {attribute!r}"
                )
            return self._read(attribute)

        def __setattr__(self, attribute, value):  # noqa: ANN001, ANN204 - see above
            own = getattr(type(self), attribute, None)
            if isinstance(own, property) and own.fset is not None:
                super().__setattr__(attribute, value)
            else:
                setattr(self._wrapped, attribute, self._outward.inward(value))

        def __delattr__(self, attribute):  # noqa: ANN001, ANN204 - see above
            delattr(self._wrapped, attribute)

    def __enter__(self) -> Any:
        wrapped = self._wrapped
        context = SyncContext(
            self._family.engine,
            f"{self._family.engine.span_prefix}{self._name}",
            wrapped,
            self._outward,
            again=lambda: wrapped,
            entered=self._begun,
        )
        set_state(self, _begun=False)
        entered = context.__enter__()
        self._entered.append(context)
        return entered

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return self._entered.pop().__exit__(kind, error, traceback)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {described(self._wrapped)}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(
            f"cannot pickle or copy {self!r}: it holds connections; make a new client from the "
            "same settings instead, or copy the whole client"
        )


def reconfigured(face: F, config: SyncConfig) -> F:
    """Return a face of the same object with other settings; closing one closes both."""
    family = face._family  # noqa: SLF001 - its own class
    other = family.reconfigured(family.engine.reconfigured(config))
    return type(face)._derived(face._wrapped, other, face._faces, face._name)  # noqa: SLF001 - its own class


def _begin(
    face: SyncFace[Any],
    wrapped: Any,
    family: Family[SyncFace[Any]],
    faces: Faces,
    name: str | None,
) -> None:
    name = escape_surrogates(name or default_name(wrapped))
    outward = Outward(family, name, wrapped, faces, type(face))
    set_state(face, _wrapped=wrapped, _name=name, _faces=faces, _family=family, _outward=outward)
    set_state(face, _entered=[], _begun=False)
    family.adopt(wrapped, face)
