"""The synchronous face of an async object."""

from __future__ import annotations

import functools
import inspect
import re
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pywats.config import SyncConfig
from pywats.sync.engine import Engine
from pywats.sync.runner import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pywats.sync.runner import Runner

__all__ = ["SyncServiceWrapper"]

T = TypeVar("T")


class SyncServiceWrapper(Generic[T]):
    """Call the coroutine methods of an object without ``await``.

    Every call opens a span, carries a correlation id, and is limited and retried as the
    configuration says. Attributes that are not coroutine methods are those of the object. A
    method that returns the object itself returns its wrapper, and an async context manager is
    one for ``with``.

    Args:
        wrapped: The async object.
        config: How calls run; `pywats.SyncConfig` with its defaults if None.
        name: Name of the object in spans and logs; its class name in snake case if None.
        runner: How coroutines run. The `DirectRunner`, the default, is for objects that never
            suspend, such as the services of `pywats.pyWATS`.
        engine: An engine to share instead of making one from ``config`` and ``runner``.
        nested: Classes whose instances, when a coroutine method returns them, are wrapped too.

    Raises:
        TypeError: ``config`` is not a `pywats.SyncConfig`.
    """

    def __init__(
        self,
        wrapped: T,
        config: SyncConfig | None = None,
        *,
        name: str | None = None,
        runner: Runner | None = None,
        engine: Engine | None = None,
        nested: tuple[type, ...] = (),
    ) -> None:
        if config is not None and not isinstance(config, SyncConfig):
            raise TypeError(f"config={config!r}: must be a SyncConfig, not {type(config).__name__}")
        # Straight into __dict__: __setattr__ below reaches through to the wrapped object.
        self.__dict__["_wrapped"] = wrapped
        self.__dict__["_name"] = name or _snake_case(type(wrapped).__name__)
        self.__dict__["_engine"] = engine or Engine(
            config or SyncConfig(), runner or DirectRunner()
        )
        self.__dict__["_nested"] = nested

    def __getattr__(self, attribute: str) -> Any:
        # Reached only for what the wrapper itself lacks. Dunder look-ups come from protocols
        # such as copy and pickle that may find the wrapper before __init__ has run.
        if attribute.startswith("__") or "_wrapped" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {attribute!r}")
        value = getattr(self._wrapped, attribute)
        if inspect.iscoroutinefunction(value):
            method = self._synchronous(attribute, value)
        elif inspect.ismethod(value) and value.__self__ is self._wrapped:
            method = self._plain(value)
        else:
            return value
        self.__dict__[attribute] = method
        return method

    def __setattr__(self, attribute: str, value: object) -> None:
        setattr(self._wrapped, attribute, value)
        self.__dict__.pop(attribute, None)

    def __enter__(self) -> Any:
        return self._synchronous("enter", self._protocol_method("__aenter__"))()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        leave = self._synchronous("exit", self._protocol_method("__aexit__"))
        suppressed: bool | None = leave(kind, error, traceback)
        return suppressed

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._wrapped)})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {type(self._wrapped).__qualname__}>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError(
            f"cannot pickle or copy {self!r}: it holds connections; make a new client from the "
            "same settings instead"
        )

    def _synchronous(self, attribute: str, function: Callable[..., Any]) -> Callable[..., Any]:
        engine: Engine = self._engine
        name = f"pywats.{self._name}.{attribute}"

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            return self._outward(engine.run(name, functools.partial(function, *args, **kwargs)))

        return call

    def _plain(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            return self if result is self._wrapped else result

        return call

    def _outward(self, result: Any) -> Any:
        if result is self._wrapped:
            return self
        if isinstance(result, self._nested):
            return SyncServiceWrapper(result, engine=self._engine, nested=self._nested)
        return result

    def _protocol_method(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] | None = getattr(type(self._wrapped), name, None)
        if method is None:
            raise TypeError(
                f"{type(self._wrapped).__qualname__} is no async context manager: it has no {name}"
            )
        return functools.partial(method, self._wrapped)


def _snake_case(name: str) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return words.lower()


def reconfigured(wrapper: SyncServiceWrapper[T], config: SyncConfig) -> SyncServiceWrapper[T]:
    """Return a wrapper of the same object with other settings; both are closed together."""
    state = vars(wrapper)
    engine: Engine = state["_engine"]
    return SyncServiceWrapper(
        state["_wrapped"],
        name=state["_name"],
        engine=engine.reconfigured(config),
        nested=state["_nested"],
    )
