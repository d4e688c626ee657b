"""Keep a handler on its logger while setup code replaces the logger's handlers.

`logging.basicConfig(force=True)`, `logging.config.dictConfig`, `logging.config.fileConfig` and
frameworks that assign ``logger.handlers`` remove every handler they find. Without ``force``,
`logging.basicConfig` does nothing if the logger has a handler.
"""

from __future__ import annotations

import logging
import operator
import sys
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["drop", "keep"]

_SET_UP_CODE = frozenset({"logging", "logging.config"})


class _Handlers(list[logging.Handler]):
    """The handlers of a logger; some of them cannot be removed by setup code.

    Handlers that stay and are not counted are at the end of the list. Code such as
    ``while logger.handlers: logger.removeHandler(logger.handlers[0])`` would never end if it got
    the same handler again and again.

    Attributes:
        kept: Handlers that only `drop` removes.
        ours: Handlers that the program may remove, but setup code may not.
        uncounted: Handlers in ``ours`` that setup code has tried to remove. They stay, but are not
            counted, so that the setup code continues as if they were gone.
    """

    def __init__(self, handlers: Iterable[logging.Handler]) -> None:
        super().__init__(handlers)
        self.kept: list[logging.Handler] = []
        self.ours: list[logging.Handler] = []
        self.uncounted: list[logging.Handler] = []

    def __len__(self) -> int:
        """Return the number of handlers that the program has added.

        basicConfig() and `logging.Logger.hasHandlers` check this number.
        """
        # Counted one by one, because a method of list may just have removed a hidden handler.
        return sum(not self._is_hidden(each) for each in self)

    def __bool__(self) -> bool:
        return len(self) > 0

    def __getitem__(self, index: Any, /) -> Any:
        return super().__getitem__(self._counted(index))

    def append(self, handler: logging.Handler, /) -> None:
        super().append(handler)
        self.settle()

    def insert(self, index: SupportsIndex, handler: logging.Handler, /) -> None:
        super().insert(self._counted(index), handler)
        self.settle()

    def extend(self, handlers: Iterable[logging.Handler], /) -> None:
        super().extend(handlers)
        self.settle()

    def remove(self, handler: logging.Handler, /) -> None:
        if handler in self.kept:
            return
        if handler in self.ours:
            # Logger.removeHandler() is one frame up, and its caller two frames up.
            if sys._getframe(2).f_globals.get("__name__") in _SET_UP_CODE:  # noqa: SLF001 - there is no public way
                self._uncount(handler)
                self.settle()
            else:
                self.forget(handler)
            return
        super().remove(handler)
        self.settle()

    def clear(self) -> None:
        self[:] = []

    def __setitem__(self, index: Any, value: Any, /) -> None:
        super().__setitem__(self._counted(index), value)
        self.settle()

    def __delitem__(self, index: SupportsIndex | slice, /) -> None:
        super().__delitem__(self._counted(index))
        self.settle()

    def pop(self, index: SupportsIndex = -1, /) -> logging.Handler:
        handler = super().pop(self._counted(index))
        self.settle()
        return handler

    def _counted(self, index: Any) -> Any:
        """Return the index from the start for an index from the end of the counted handlers."""
        if isinstance(index, slice) or not self:
            return index
        position = operator.index(index)
        if position < 0:
            position += len(self)
        # An index before the first handler stays out of range.
        return position if position >= 0 else -super().__len__() - 1

    def settle(self) -> None:
        """Add the handlers that stay if they are gone, and move uncounted ones to the end."""
        found = list(self)
        for handler in (*self.ours, *self.kept):
            if handler not in found:
                found.append(handler)
                if handler in self.ours:
                    self._uncount(handler)
        found.sort(key=self._is_hidden)
        if found != list(self):
            super().__setitem__(slice(None), found)

    def _is_hidden(self, handler: logging.Handler) -> bool:
        return handler in self.kept or handler in self.uncounted

    def _uncount(self, handler: logging.Handler) -> None:
        if handler not in self.uncounted:
            self.uncounted.append(handler)

    def replaced(self, handlers: Iterable[logging.Handler]) -> _Handlers:
        """Return a new list with the given handlers and the handlers that stay."""
        made = _Handlers(handlers)
        made.kept, made.ours, made.uncounted = self.kept, self.ours, self.uncounted
        made.settle()
        return made

    def forget(self, handler: logging.Handler) -> None:
        """Remove a handler that was kept."""
        for group in (self.kept, self.ours, self.uncounted):
            if handler in group:
                group.remove(handler)
        if handler in self:
            super().remove(handler)


def keep(logger: logging.Logger, handler: logging.Handler, *, hidden: bool) -> None:
    """Add a handler that stays when the handlers of the logger are replaced.

    Args:
        logger: The logger.
        handler: The handler; adding it again changes nothing.
        hidden: If True, the handler is not counted, so that basicConfig() and the handler of last
            resort work as without it, and only `drop` removes it. If False, the program can also
            remove it with `logging.Logger.removeHandler`.
    """
    handlers = logger.handlers
    if not isinstance(handlers, _Handlers):
        logger.__class__ = _keeping(type(logger))
        handlers = _Handlers(handlers)
        logger.handlers = handlers
    group = handlers.kept if hidden else handlers.ours
    if handler not in group:
        group.append(handler)
    logger.addHandler(handler)


def drop(logger: logging.Logger, handler: logging.Handler) -> None:
    """Remove a handler that `keep` has added."""
    handlers = logger.handlers
    if isinstance(handlers, _Handlers):
        handlers.forget(handler)
    else:
        logger.removeHandler(handler)


def _keeping(base: type[logging.Logger]) -> type[logging.Logger]:
    """Return a class of loggers that keeps the handlers that stay if ``handlers`` is assigned."""

    def get(logger: logging.Logger) -> list[logging.Handler]:
        handlers: list[logging.Handler] = logger.__dict__["handlers"]
        return handlers

    def assign(logger: logging.Logger, handlers: list[logging.Handler]) -> None:
        known = logger.__dict__["handlers"]
        if isinstance(known, _Handlers) and handlers is not known:
            handlers = known.replaced(handlers)
        elif isinstance(known, _Handlers):
            known.settle()  # after ``logger.handlers += [...]``
        logger.__dict__["handlers"] = handlers

    return type(base.__name__, (base,), {"handlers": property(get, assign)})
