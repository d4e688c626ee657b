"""Show the progress of long operations with a bar in the terminal or a user's function."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Progress", "Reporter", "check"]

Progress = Callable[[int, int | None], object] | bool
"""Type of the argument ``progress=``: True shows progress on standard error, with rich if it is
installed. A function is called with the number of items so far and the total number, which is None
while it is not known."""


def check(progress: Progress) -> Progress:
    """Return the argument.

    Raises:
        TypeError: The argument is neither a bool nor a function.
    """
    if not isinstance(progress, bool) and not callable(progress):
        raise TypeError(f"progress={progress!r}: must be True, False or a function")
    return progress


class Reporter:
    """Reports progress; a context manager that closes the display at its end.

    An error in the user's function is raised to the code that requested the next item.

    Args:
        progress: The argument of the user.
        what: Name of the counted items.
    """

    def __init__(self, progress: Progress, what: str) -> None:
        self._what = what
        self._done = 0
        self._display: _Bar | _Line | None = None
        self._progress = progress

    def advance(self, count: int, total: int | None = None) -> None:
        """Report the number of new items."""
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
        """Report the number of items so far; it may decrease if items are sent again."""
        self._done = 0
        self.advance(done, total)

    def close(self) -> None:
        """Close the display; safe to call again."""
        display, self._display = self._display, None
        if display is not None:
            display.close()

    def __del__(self) -> None:
        # For an async iteration that was abandoned.
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
    """A progress bar of rich."""

    # Any, because rich may not be installed.
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
    """One line that is overwritten."""

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
        # Imported lazily: most programs do not show progress.
        bars, console = import_module("rich.progress"), import_module("rich.console")
    except ModuleNotFoundError:
        return _Line(what)
    return _Bar(bars, console.Console(stderr=True), what)
