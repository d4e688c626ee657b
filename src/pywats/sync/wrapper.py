"""The synchronous face of any async object, whose members are looked up as they are used."""

from __future__ import annotations

import functools
import inspect
from typing import Any, TypeVar

from pywats.sync.face import SyncFace

__all__ = ["SyncServiceWrapper"]

T = TypeVar("T")


class SyncServiceWrapper(SyncFace[T]):
    """Call the coroutine methods of any object without ``await``.

    Every call opens a span, carries a correlation id, and is limited and retried as the
    configuration says. Attributes that are no methods are those of the object. A method that
    returns the object itself returns its wrapper; an async iterator becomes a generator, and an
    async context manager one for ``with``. Type checkers know nothing of the methods: for that
    generate a face, see `pywats.sync.stubs`.

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

    def __getattr__(self, attribute: str) -> Any:
        # Reached only for what the wrapper itself lacks. Dunder look-ups come from protocols
        # such as copy and pickle that may find the wrapper before __init__ has run.
        if attribute.startswith("__") or "_wrapped" not in self.__dict__:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {attribute!r}")
        value = getattr(self._wrapped, attribute)
        if inspect.iscoroutinefunction(value):
            run = self._run
        elif inspect.isasyncgenfunction(value) or inspect.ismethod(value):
            run = self._call
        else:
            return self._outward(attribute, value)

        @functools.wraps(value)
        def method(*args: Any, **kwargs: Any) -> Any:
            return run(attribute, functools.partial(value, *args, **kwargs))

        self.__dict__[attribute] = method
        return method

    def __setattr__(self, attribute: str, value: object) -> None:
        setattr(self._wrapped, attribute, value)
        self.__dict__.pop(attribute, None)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(self._wrapped)})
