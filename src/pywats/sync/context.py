"""A context manager for ``with`` made of one for ``async with``."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pywats.sync.traceback import shorten

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pywats.sync.engine import Engine

__all__ = ["SyncContext"]


class SyncContext:
    """Enters and leaves an async context manager, each as a call of its own, both in one task.

    Args:
        engine: Runs the calls.
        name: Name of the context in spans; ``.enter`` and ``.exit`` are added.
        manager: The async context manager.
        outward: Turns what is entered into what the caller gets.
        repeatable: Whether entering and leaving may be retried.
    """

    def __init__(
        self,
        engine: Engine,
        name: str,
        manager: Any,
        outward: Callable[[str, Any], Any],
        *,
        repeatable: bool,
    ) -> None:
        self._engine, self._task = engine.one_task()
        self._name = name
        self._manager = manager
        self._outward = outward
        self._repeatable = repeatable

    def __enter__(self) -> Any:
        enter = self._method("__aenter__")
        try:
            entered = self._run(self._engine, "enter", enter)
        except BaseException:
            self._task.end(self._name)
            raise
        return self._outward("enter", entered)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        leave = functools.partial(self._task.leave, self._method("__aexit__"), error)
        try:
            # An open circuit must not keep the object from letting go of what it holds.
            suppressed: bool | None = self._run(self._engine.unguarded(), "exit", leave)
            return suppressed
        finally:
            self._task.end(self._name)

    def _run(self, engine: Engine, step: str, start: Callable[[], Any]) -> Any:
        try:
            return engine.run(f"{self._name}.{step}", start, repeatable=self._repeatable)
        except BaseException as error:
            shorten(error)
            raise

    def _method(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] | None = getattr(type(self._manager), name, None)
        if method is None:
            raise TypeError(
                f"{type(self._manager).__qualname__} is no async context manager: it has no {name}"
            )
        return functools.partial(method, self._manager)
