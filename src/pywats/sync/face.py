"""The synchronous face of an async object: what typed and untyped faces share."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pywats.config import SyncConfig
from pywats.sync.batches import Batches
from pywats.sync.context import SyncContext
from pywats.sync.engine import Engine
from pywats.sync.family import Family
from pywats.sync.iteration import iterate
from pywats.sync.nature import (
    has_async_members,
    is_bare_context,
    is_bare_iterator,
    is_iterator,
    is_method,
    must_await,
)
from pywats.sync.telemetry import escape_surrogates
from pywats.sync.traceback import shorten

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import TracebackType

    from pywats.sync.family import SpanAttributes
    from pywats.sync.runner import Runner

__all__ = ["Faces", "SyncFace", "reconfigured"]

T = TypeVar("T")
F = TypeVar("F", bound="SyncFace[Any]")

Faces = Mapping[type, "type[SyncFace[Any]] | None"] | Callable[[Any], "type[SyncFace[Any]] | None"]
"""Which face an object gets on its way out: by its class, or as a function says; None for none."""


class SyncFace(Generic[T]):
    """Base of classes with the methods of an async class, to be called without ``await``.

    `sync_face` adds the methods. Every call of one opens a span, carries a correlation id, and
    is limited and retried as the configuration says. What a method returns, yields or enters,
    or an attribute holds, changes on its way out: the object itself becomes its face, so does an
    instance of a class that has one, an async iterator becomes a generator, and a bare async
    context manager one for ``with``. What is inside lists and other containers stays as it is.
    A face that is given to a method reaches it as the object that it is the face of.

    Args:
        wrapped: The async object.
        config: How calls run; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: How coroutines run; a `PortalRunner` if None. The `DirectRunner` is for objects
            that never suspend.
        engine: An engine to share instead of making one from ``config`` and ``runner``.
        faces: For more classes the face that their instances get on their way out, or a function
            that returns it for an object; None for none.
        span_attributes: Gives attributes to the span of a call: a function of the method's name,
            its positional and its keyword arguments.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncConfig`.
    """

    _async_class: ClassVar[type] = object
    _class_faces: ClassVar[Mapping[type, type[SyncFace[Any]]]] = {}
    _automatic: ClassVar[type[SyncFace[Any]] | None] = None
    # Names that begin with as many underscores are not looked up on the object.
    _reach: ClassVar[int] = 1
    _wrapped: T
    _name: str
    _family: Family
    _faces: Faces
    _entered: list[SyncContext]

    def __init__(
        self,
        wrapped: T,
        config: SyncConfig | None = None,
        *,
        name: str | None = None,
        runner: Runner | None = None,
        engine: Engine | None = None,
        faces: Faces | None = None,
        span_attributes: SpanAttributes | None = None,
    ) -> None:
        if config is not None and not isinstance(config, SyncConfig):
            raise TypeError(f"config={config!r}: must be a SyncConfig, not {type(config).__name__}")
        wrapped = inward(wrapped)
        engine = engine or Engine(config or SyncConfig(), runner or _in_the_background())
        _set(
            self,
            _wrapped=wrapped,
            _name=escape_surrogates(name or _default_name(wrapped)),
            _faces=faces if callable(faces) else {**self._class_faces, **(faces or {})},
            _entered=[],
        )
        _join(self, Family(engine, span_attributes, self._automatic))

    if not TYPE_CHECKING:  # pragma: no branch - nothing that runs checks types

        def __getattr__(self, attribute):  # noqa: ANN001, ANN204 - type checkers shall read the stub
            # Reached only for what the class of the object lacks: attributes of the instance.
            # Dunder look-ups come from protocols such as copy and pickle, which may find the face
            # before __init__ has run.
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
                setattr(self._wrapped, attribute, inward(value))

        def __delattr__(self, attribute):  # noqa: ANN001, ANN204 - see above
            delattr(self._wrapped, attribute)

    def __enter__(self) -> Any:
        context = SyncContext(
            self._family.engine,
            f"pywats.{self._name}",
            self._wrapped,
            self._outward,
            repeatable=True,
        )
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
        return f"<{type(self).__name__} of {_described(self._wrapped)}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(
            f"cannot pickle or copy {self!r}: it holds connections; make a new client from the "
            "same settings instead, or copy the whole client"
        )

    def _iterate(self) -> Generator[Any, Any, None]:
        wrapped: Any = self._wrapped
        # Where the coroutines run, as all of the object does.
        iterator = self._family.engine.call(self._span("iter"), functools.partial(aiter, wrapped))
        # An object that is its own iterator is there for more than one loop, and is not closed.
        return self._generator("next", iterator, close=iterator is not wrapped)

    def _invoke(self, attribute: str, /, *args: Any, **kwargs: Any) -> Any:
        """Call a method of the object."""
        return self._call(attribute, getattr(self._wrapped, attribute), args, kwargs)

    def _call(
        self,
        attribute: str,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        args = tuple(map(inward, args))
        kwargs = {name: inward(each) for name, each in kwargs.items()}
        key = (type(self._wrapped), attribute)
        try:
            result = self._family.call(self._span(attribute), key, function, args, kwargs)
        except BaseException as error:
            shorten(error)
            raise
        return self._outward(attribute, result, args, kwargs)

    def _read(self, attribute: str) -> Any:
        """Read an attribute of the object; one that is to be awaited is a call of its own."""
        value = getattr(self._wrapped, attribute)
        if is_method(value, of=self._wrapped):
            return self._bound(attribute, value)
        if not must_await(value):
            return self._outward(attribute, value)
        made = [value]

        def read() -> Any:
            return made.pop() if made else getattr(self._wrapped, attribute)

        return self._call(attribute, read, (), {})

    def _bound(self, attribute: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def method(*args: Any, **kwargs: Any) -> Any:
            return self._call(attribute, function, args, kwargs)

        method.__self__ = self  # type: ignore[attr-defined]  # as those have that the class defines
        # Names that are no texts, such as those of a mock, are left out with what comes after them.
        with suppress(TypeError):
            functools.update_wrapper(method, function)
        return method

    def _entering(
        self, attribute: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> SyncContext:
        """Return a context manager for what a method returns, whatever else it may be."""
        start = functools.partial(
            getattr(self._wrapped, attribute),
            *map(inward, args),
            **{name: inward(each) for name, each in kwargs.items()},
        )
        manager = self._family.engine.call(self._span(attribute), start)
        if not hasattr(type(manager), "__aenter__"):
            if inspect.iscoroutine(manager):
                manager.close()
            raise TypeError(
                f"{attribute} returns no async context manager but a {type(manager).__qualname__}"
            )
        return self._context(attribute, manager)

    def _context(self, attribute: str, manager: Any) -> SyncContext:
        return SyncContext(
            self._family.engine, self._span(attribute), manager, self._outward, repeatable=False
        )

    def _span(self, attribute: str) -> str:
        return f"pywats.{self._name}.{attribute}"

    def _outward(
        self,
        attribute: str,
        value: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return what the caller gets in place of something of the object's."""
        if value is None or isinstance(value, str | int | float | bytes | SyncFace):
            return value
        if value is self._wrapped:
            return self
        face, declared = self._declared(value)
        if face is None:
            kind = type(value)
            automatic = None if declared else self._family.automatic
            iterator = is_iterator(kind) and (automatic is None or is_bare_iterator(kind))
            if iterator or isinstance(value, Batches):
                attributes = self._family.attributes(attribute, args, kwargs or {})
                return self._generator(attribute, value, attributes)
            if is_bare_context(kind):
                return self._context(attribute, value)
            if automatic is None or not has_async_members(value):
                return value
            face = automatic
        known = self._family.face(value)
        if isinstance(known, face):
            return known
        made = face(value, engine=self._family.engine, faces=self._faces)
        _join(made, self._family)
        return made

    def _declared(self, value: Any) -> tuple[type[SyncFace[Any]] | None, bool]:
        if callable(self._faces):
            return self._faces(value), True
        for kind in type(value).__mro__:
            if kind in self._faces:
                return self._faces[kind], True
        return None, False

    def _generator(
        self, attribute: str, iterator: Any, attributes: Any = None, *, close: bool = True
    ) -> Generator[Any, Any, None]:
        outward = functools.partial(self._outward, attribute)
        name = self._span(attribute)
        return iterate(self._family.engine, name, iterator, outward, attributes, close=close)


def _in_the_background() -> Runner:
    # It needs asyncio, which takes a tenth of the time of importing pywats; the WATS client does
    # without.
    from pywats.sync.portal import PortalRunner  # noqa: PLC0415

    return PortalRunner()


def inward(value: Any) -> Any:
    """Return what the object gets in place of something of the caller's."""
    return value._wrapped if isinstance(value, SyncFace) else value  # noqa: SLF001 - its own class


def reconfigured(face: F, config: SyncConfig) -> F:
    """Return a face of the same object with other settings; both are closed together."""
    state = vars(face)
    family: Family = state["_family"]
    engine = family.engine.reconfigured(config)
    other = type(face)(state["_wrapped"], name=state["_name"], engine=engine, faces=state["_faces"])
    _join(other, family.reconfigured(engine))
    return other


def _join(face: SyncFace[Any], family: Family) -> None:
    _set(face, _family=family)
    family.adopt(face._wrapped, face)  # noqa: SLF001 - its own class


def _set(face: SyncFace[Any], **state: object) -> None:
    # Straight into __dict__: SyncServiceWrapper's __setattr__ reaches through to the object.
    face.__dict__.update(state)


def _default_name(wrapped: object) -> str:
    name: str = getattr(wrapped, "__name__", "") or type(wrapped).__name__
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return words.rpartition(".")[2].lower()


def _described(wrapped: object) -> str:
    if inspect.ismodule(wrapped):
        return f"module {wrapped.__name__}"
    name: str = getattr(wrapped, "__qualname__", "") or type(wrapped).__qualname__
    return name
