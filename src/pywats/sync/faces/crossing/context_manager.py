"""A synchronous context manager for an async context manager."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from pywats.sync.faces.crossing.errors import prepare
from pywats.sync.faces.crossing.inward import inward_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from pywats.sync.engine.engine import Engine

__all__ = ["SyncContext"]


class SyncContext:
    """Enters and leaves an async context manager with two calls in one task.

    The calls that the thread makes in between run in the same task.

    Args:
        engine: Runs the calls.
        name: Name of the context in spans; ``.enter`` and ``.exit`` are added.
        manager: The async context manager. A plain one is entered on the thread of the loop.
        outward: Converts the entered value to the value that the caller gets.
        again: Makes a new context manager for another attempt to enter; None for no retries.
        entered: Whether the manager was already entered by awaiting it.
    """

    def __init__(
        self,
        engine: Engine,
        name: str,
        manager: Any,
        outward: Callable[[str, Any], Any],
        *,
        again: Callable[[], Any] | None = None,
        entered: bool = False,
    ) -> None:
        self._engine, self._task = engine.one_task()
        self._name = name
        # In a list, so that the step that enters refers to the list and not to this object. The
        # task keeps a reference to its last step, and it ends when this object is collected.
        self._manager = [manager]
        self._outward = outward
        self._again = again
        self._entered = entered

    def __enter__(self) -> Any:
        held, again = self._manager, self._again
        if self._entered:
            return self._outward("enter", held[0])
        method = _method(held[0], "enter")
        first = [method]

        async def enter() -> Any:
            if not first and again is not None:
                held[0] = again()
                return await _method(held[0], "enter")()
            return await first.pop()()

        try:
            entered = self._run_step(self._engine, "enter", enter)
        except BaseException:
            self._task.end(self._name)
            raise
        self._task.begin_block()
        return self._outward("enter", entered)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        leave = functools.partial(self._task.leave, _method(self._manager[0], "exit"), error)
        try:
            with inward_error(error):
                # An open circuit must not keep the object from releasing its resources.
                suppressed: bool | None = self._run_step(self._engine.unguarded(), "exit", leave)
            return suppressed
        finally:
            self._task.end(self._name)

    def _run_step(self, engine: Engine, step: str, start: Callable[[], Any]) -> Any:
        repeatable = self._again is not None
        try:
            return engine.run(f"{self._name}.{step}", start, repeatable=repeatable)
        except BaseException as error:
            prepare(error)
            raise


def _method(manager: Any, step: str) -> Callable[..., Any]:
    kind = type(manager)
    method: Callable[..., Any] | None = getattr(kind, f"__a{step}__", None)
    if method is None:
        plain = getattr(kind, f"__{step}__", None)
        if plain is None:
            raise TypeError(
                f"{kind.__qualname__} is not a context manager: it has no __a{step}__. "
                f"{_advice(kind)}"
            )
        method = functools.partial(_as_coroutine, plain)
    return functools.partial(method, manager)


def _advice(kind: type) -> str:
    closing = next((name for name in ("aclose", "close") if hasattr(kind, name)), None)
    if closing is not None:
        return f"Use it without `with`, and call its {closing}() at the end"
    return (
        "If a method of a face returned it in place of something that can be entered, enter that: "
        "with entering(face.method, ...)"
    )


async def _as_coroutine(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)
