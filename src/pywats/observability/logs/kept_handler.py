"""Keep a handler on its logger while setup code replaces the logger's handlers.

`logging.basicConfig(force=True)`, `logging.config.dictConfig`, `logging.config.fileConfig` and
frameworks that assign ``logger.handlers`` remove every handler they find. Without ``force``,
`logging.basicConfig` does nothing if the logger has a handler.
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
    """The handlers of a logger; some of them cannot be removed by setup code.

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
        return super().__len__() - len(self.kept) - len(self.uncounted)

    def __bool__(self) -> bool:
        return len(self) > 0

    def remove(self, handler: logging.Handler, /) -> None:
        if handler in self.kept:
            return
        if handler in self.ours:
            # Logger.removeHandler() is one frame up, and its caller two frames up.
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
        """Return a new list with the given handlers and the handlers that stay."""
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
        logger.__dict__["handlers"] = handlers

    return type(base.__name__, (base,), {"handlers": property(get, assign)})
