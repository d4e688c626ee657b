"""Progress of long operations: a bar in the terminal, or a function of the program."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress", "Reporter", "check"]

Progress = Callable[[int, int | None], object] | bool
"""What arguments ``progress=`` take: True shows progress on standard error, with rich where it is
installed. A function is called with the number of items so far and with their total number, or None
while that is not known."""


def check(progress: Progress) -> Progress:
    """Return the argument.

    Raises:
        TypeError: It is neither a truth value nor a function.
    """
    if not isinstance(progress, bool) and not callable(progress):
        raise TypeError(f"progress={progress!r}: must be True, False or a function")
    return progress


class Reporter:
    """Tells how far something has come; a context manager, whose end ends the display.

    What a function of the program raises goes on to the code that asked for the next item.

    Args:
        progress: The argument of the user.
        what: What is counted.
    """

    def __init__(self, progress: Progress, what: str) -> None:
        self._what = what
        self._done = 0
        self._display: _Bar | _Line | None = None
        self._progress = progress

    def advance(self, count: int, total: int | None = None) -> None:
        """Tell how many more items are there."""
        if self._progress is False:
            return
        self._done += count
        if self._progress is not True:
            self._progress(self._done, total)
            return
        if self._display is None:
            self._display = _display(self._what)
        self._display.show(self._done, total)

    def tell(self, done: int, total: int) -> None:
        """Tell how many items there are; fewer than before if they are sent again."""
        self._done = 0
        self.advance(done, total)

    def close(self) -> None:
        """End the display; any number of times."""
        display, self._display = self._display, None
        if display is not None:
            display.close()

    def __del__(self) -> None:
        # An async iteration that was given up.
        self.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class _Bar:
    """A bar by rich."""

    # Any: rich need not be installed.
    def __init__(self, bars: Any, console: Any, what: str) -> None:
        columns = (
            bars.TextColumn("{task.description}"),
            bars.BarColumn(),
            bars.MofNCompleteColumn(),
            bars.TimeElapsedColumn(),
        )
        self._bars = bars.Progress(*columns, console=console)
        self._task = self._bars.add_task(what, total=None)
        self._bars.start()

    def show(self, done: int, total: int | None) -> None:
        self._bars.update(self._task, completed=done, total=total)

    def close(self) -> None:
        self._bars.stop()


class _Line:
    """One line that is written over."""

    def __init__(self, what: str) -> None:
        self._what = what

    def show(self, done: int, total: int | None) -> None:
        of_all = "" if total is None else f" of {total}"
        sys.stderr.write(f"\r{self._what}: {done}{of_all}")
        sys.stderr.flush()

    def close(self) -> None:
        sys.stderr.write("\n")


def _display(what: str) -> _Bar | _Line:
    try:
        # Here: most programs show nothing.
        bars, console = import_module("rich.progress"), import_module("rich.console")
    except ModuleNotFoundError:
        return _Line(what)
    return _Bar(bars, console.Console(stderr=True), what)
