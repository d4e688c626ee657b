"""The synchronous face of an async object: what typed and untyped faces share."""

from __future__ import annotations

import functools
import inspect
import re
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from pywats.config import SyncConfig
from pywats.sync.context import SyncContext
from pywats.sync.engine import Engine
from pywats.sync.iteration import iterate
from pywats.sync.runner import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType

    from pywats.sync.runner import Runner

__all__ = ["SyncFace", "reconfigured", "sync_face"]

T = TypeVar("T")
F = TypeVar("F", bound="SyncFace[Any]")


class SyncFace(Generic[T]):
    """Base of classes with the methods of an async class, to be called without ``await``.

    `sync_face` adds the methods. Every call of one opens a span, carries a correlation id, and
    is limited and retried as the configuration says. What a method returns, yields or enters,
    or an attribute holds, changes on its way out: the object itself becomes its face, so does an
    instance of a class that has one, an async iterator becomes a generator, and a bare async
    context manager one for ``with``. What is inside lists and other containers stays as it is.

    Args:
        wrapped: The async object.
        config: How calls run; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: How coroutines run. The `DirectRunner`, the default, is for objects that never
            suspend, such as the services of `pywats.pyWATS`.
        engine: An engine to share instead of making one from ``config`` and ``runner``.
        faces: For more classes the face that their instances get when a method returns them.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncConfig`.
    """

    _async_class: ClassVar[type] = object
    _class_faces: ClassVar[Mapping[type, type[SyncFace[Any]]]] = {}
    _wrapped: T
    _name: str
    _engine: Engine
    _faces: Mapping[type, type[SyncFace[Any]]]

    def __init__(
        self,
        wrapped: T,
        config: SyncConfig | None = None,
        *,
        name: str | None = None,
        runner: Runner | None = None,
        engine: Engine | None = None,
        faces: Mapping[type, type[SyncFace[Any]]] | None = None,
    ) -> None:
        if config is not None and not isinstance(config, SyncConfig):
            raise TypeError(f"config={config!r}: must be a SyncConfig, not {type(config).__name__}")
        # Straight into __dict__: SyncServiceWrapper's __setattr__ reaches through to the object.
        self.__dict__["_wrapped"] = wrapped
        self.__dict__["_name"] = name or _snake_case(type(wrapped).__name__)
        self.__dict__["_engine"] = engine or Engine(
            config or SyncConfig(), runner or DirectRunner()
        )
        self.__dict__["_faces"] = {**self._class_faces, **(faces or {})}

    def __enter__(self) -> Any:
        return self._context().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return self._context().__exit__(kind, error, traceback)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {type(self._wrapped).__qualname__}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(
            f"cannot pickle or copy {self!r}: it holds connections; make a new client from the "
            "same settings instead, or copy the whole client"
        )

    def _context(self) -> SyncContext:
        return SyncContext(
            self._engine, f"pywats.{self._name}", self._wrapped, self._outward, repeatable=True
        )

    def _iterate(self) -> Iterator[Any]:
        wrapped: Any = self._wrapped
        name = f"pywats.{self._name}.next"
        return iterate(self._engine, name, aiter(wrapped), self._item("next"))

    def _call(self, attribute: str, start: Callable[[], Any]) -> Any:
        """Call what is no coroutine function; it may return an awaitable all the same."""
        result = start()
        if not inspect.isawaitable(result):
            return self._outward(attribute, result)
        made = [result]
        try:
            # A further attempt needs an awaitable of its own.
            return self._run(attribute, lambda: made.pop() if made else start())
        finally:
            for unused in made:
                close = getattr(unused, "close", None)
                if close is not None:
                    close()

    def _run(self, attribute: str, start: Callable[[], Any]) -> Any:
        result = self._engine.run(f"pywats.{self._name}.{attribute}", start)
        return self._outward(attribute, result)

    def _item(self, attribute: str) -> Callable[[Any], Any]:
        return functools.partial(self._outward, attribute)

    def _outward(self, attribute: str, result: Any) -> Any:
        if result is self._wrapped:
            return self
        for kind in type(result).__mro__:
            if kind in self._faces:
                return self._faces[kind](result, engine=self._engine, faces=self._faces)
        name = f"pywats.{self._name}.{attribute}"
        if hasattr(type(result), "__anext__"):
            return iterate(self._engine, name, result, self._item(attribute))
        if _is_bare_context(type(result)):
            return SyncContext(self._engine, name, result, self._outward, repeatable=False)
        return result


def sync_face(
    of: type, *, nested: Iterable[type[SyncFace[Any]]] = ()
) -> Callable[[type[F]], type[F]]:
    """Decorate a subclass of `SyncFace`: give it the members of an async class.

    Args:
        of: The async class. Its public methods and properties become members of the face.
        nested: Faces that were decorated before; instances of their async classes get them, as
            those of ``of`` get this one.

    Returns:
        The decorator.
    """

    def install(face: type[F]) -> type[F]:
        declared = {name for kind in of.__mro__ for name in inspect.get_annotations(kind)}
        for attribute in {*dir(of), *declared}:
            if not attribute.startswith("_") and attribute not in vars(face):
                member = inspect.getattr_static(of, attribute, None)
                setattr(face, attribute, _member(attribute, member))
        if hasattr(of, "__aiter__"):
            face.__iter__ = SyncFace._iterate  # type: ignore[attr-defined]  # noqa: SLF001 - its own base class; only some faces are iterable
        face._async_class = of  # noqa: SLF001 - its own base class
        faces: list[type[SyncFace[Any]]] = [*nested, face]
        face._class_faces = {each._async_class: each for each in faces}  # noqa: SLF001 - its own base class
        return face

    return install


def _member(attribute: str, member: Any) -> Any:
    function = getattr(member, "__func__", member)
    if not inspect.isfunction(function):
        return _attribute(attribute, member)
    method = _method(attribute, function)
    if function is not member:
        # On the face, static and class methods are called through the wrapped object.
        signature = inspect.signature(function)
        given = list(signature.parameters.values())[isinstance(member, classmethod) :]
        only = given and given[0].kind is inspect.Parameter.POSITIONAL_ONLY
        kind = given[0].kind if only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        itself = inspect.Parameter("self", kind)
        method.__signature__ = signature.replace(parameters=[itself, *given])  # type: ignore[attr-defined]  # inspect reads it
    return method


def _attribute(attribute: str, member: Any) -> property:
    def read(self: Any) -> Any:
        return self._call(attribute, lambda: getattr(self._wrapped, attribute))

    def write(self: SyncFace[Any], value: Any) -> None:
        setattr(self._wrapped, attribute, value)

    fixed = isinstance(member, property) and member.fset is None
    described = isinstance(member, property | functools.cached_property)
    return property(read, None if fixed else write, doc=member.__doc__ if described else None)


def _method(attribute: str, function: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            method = getattr(self._wrapped, attribute)
            return self._run(attribute, functools.partial(method, *args, **kwargs))

    else:

        @functools.wraps(function)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            method = getattr(self._wrapped, attribute)
            return self._call(attribute, functools.partial(method, *args, **kwargs))

    return call


def reconfigured(face: F, config: SyncConfig) -> F:
    """Return a face of the same object with other settings; both are closed together."""
    state = vars(face)
    engine: Engine = state["_engine"]
    return type(face)(
        state["_wrapped"],
        name=state["_name"],
        engine=engine.reconfigured(config),
        faces=state["_faces"],
    )


def _is_bare_context(kind: type) -> bool:
    # What asynccontextmanager makes. An object that can do more than be entered is left alone.
    return hasattr(kind, "__aenter__") and all(name.startswith("_") for name in dir(kind))


def _snake_case(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return words.lower()
