"""Transfer context variables with a call into another thread, and back."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from contextvars import Context, ContextVar, Token

__all__ = ["Changes", "Mirror", "changes"]

Changes = list["tuple[ContextVar[Any], Any]"]
"""Variables with their new values; `ABSENT` means that the variable is not set."""

ABSENT: Final = object()


def changes(before: Context, after: Context) -> Changes:
    """Return the variables that differ in the second context, with their values there."""
    new = [
        (variable, value)
        for variable, value in after.items()
        if before.get(variable, ABSENT) is not value
    ]
    return new + [(variable, ABSENT) for variable in before if variable not in after]


class Mirror:
    """Applies changes of another context to the current context; one Mirror serves one context."""

    def __init__(self) -> None:
        self._tokens: dict[ContextVar[Any], Token[Any]] = {}

    def apply(self, new: Changes) -> None:
        """Set the variables, and reset the variables that are absent now."""
        for variable, value in new:
            if value is not ABSENT:
                self._tokens.setdefault(variable, variable.set(value))
            elif variable in self._tokens:
                # A generator may be read from several threads, each with its own context.
                with suppress(ValueError):
                    variable.reset(self._tokens.pop(variable))
