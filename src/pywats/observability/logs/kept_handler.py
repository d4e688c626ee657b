"""Keep a handler on its logger while set-up code rebuilds the logger's handlers.

`logging.basicConfig(force=True)`, `logging.config.dictConfig`, `logging.config.fileConfig` and
frameworks that assign ``logger.handlers`` take off every handler they find, and
`logging.basicConfig` does nothing if it finds one.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, SupportsIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["drop", "keep"]

_SET_UP_CODE = frozenset({"logging", "logging.config"})


class _Handlers(list[logging.Handler]):
    """The handlers of a logger, some of which stay.

    Attributes:
        kept: Handlers that only `drop` removes.
        ours: Handlers that the program may remove, and set-up code may not.
        uncounted: Handlers in ``ours`` that set-up code has tried to remove: it goes on as if it
            had.
    """

    def __init__(self, handlers: Iterable[logging.Handler]) -> None:
        super().__init__(handlers)
        self.kept: list[logging.Handler] = []
        self.ours: list[logging.Handler] = []
        self.uncounted: list[logging.Handler] = []

    def __len__(self) -> int:
        """Return the number of handlers that the program has put there.

        basicConfig() goes by this number, and so does `logging.Logger.hasHandlers`.
        """
        return super().__len__() - len(self.kept) - len(self.uncounted)

    def __bool__(self) -> bool:
        return len(self) > 0

    def remove(self, handler: logging.Handler, /) -> None:
        if handler in self.kept:
            return
        if handler in self.ours:
            # Logger.removeHandler() is one frame up, and the code that called it two.
            if sys._getframe(2).f_globals.get("__name__") in _SET_UP_CODE:  # noqa: SLF001 - there is no public way
                self._uncount(handler)
            else:
                self.forget(handler)
            return
        super().remove(handler)

    def clear(self) -> None:
        self[:] = []

    def __setitem__(self, index: Any, value: Any, /) -> None:
        super().__setitem__(index, value)
        self._restore()

    def __delitem__(self, index: SupportsIndex | slice, /) -> None:
        super().__delitem__(index)
        self._restore()

    def pop(self, index: SupportsIndex = -1, /) -> logging.Handler:
        handler = super().pop(index)
        self._restore()
        return handler

    def _restore(self) -> None:
        for handler in (*self.ours, *self.kept):
            if handler not in self:
                self.append(handler)
                if handler in self.ours:
                    self._uncount(handler)

    def _uncount(self, handler: logging.Handler) -> None:
        if handler not in self.uncounted:
            self.uncounted.append(handler)

    def replaced(self, handlers: Iterable[logging.Handler]) -> _Handlers:
        """Return other handlers, with those that stay."""
        made = _Handlers(handlers)
        made.kept, made.ours, made.uncounted = self.kept, self.ours, self.uncounted
        made._restore()
        return made

    def forget(self, handler: logging.Handler) -> None:
        """Remove a handler that was kept."""
        for group in (self.kept, self.ours, self.uncounted):
            if handler in group:
                group.remove(handler)
        if handler in self:
            super().remove(handler)


def keep(logger: logging.Logger, handler: logging.Handler, *, hidden: bool) -> None:
    """Add a handler that stays when the handlers of the logger are rebuilt.

    Args:
        logger: The logger.
        handler: The handler; adding it again changes nothing.
        hidden: Whether the logger counts as one without this handler, so that basicConfig() and
            the handler of last resort go on as they do without it. Then only `drop` removes the
            handler; else the program may do so with `logging.Logger.removeHandler`.
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
    """Return a class of loggers whose ``handlers`` may be assigned without losing some."""

    def get(logger: logging.Logger) -> list[logging.Handler]:
        handlers: list[logging.Handler] = logger.__dict__["handlers"]
        return handlers

    def assign(logger: logging.Logger, handlers: list[logging.Handler]) -> None:
        known = logger.__dict__["handlers"]
        if isinstance(known, _Handlers) and handlers is not known:
            handlers = known.replaced(handlers)
        logger.__dict__["handlers"] = handlers

    return type(base.__name__, (base,), {"handlers": property(get, assign)})
