"""A set of secrets that is not shown by its repr, by debuggers or by error trackers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.redaction.spellings import base64_cores, spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["NO_SECRETS", "Needles", "Secrets"]

_SHORT = 6


@dataclass(frozen=True, slots=True, repr=False)
class Needles:
    """The texts to search for.

    Attributes:
        texts: Spellings of secrets of at least six characters; they are replaced.
        base64: Parts of base64 texts; the whole base64 text around them is replaced.
        short: Shorter secrets. They are not replaced, because a gap in a word would reveal them; a
            text that contains them is not shown at all.
    """

    texts: frozenset[str]
    base64: frozenset[str]
    short: frozenset[str]


class Secrets:
    """Texts that must not appear in an error, a log line or a span.

    Error trackers record the local variables of every frame, with the contents of collections and
    dataclasses. So this class is neither of them, and its repr does not show the secrets.

    Args:
        texts: The secrets; empty texts are ignored.
    """

    __slots__ = ("_known", "_needles", "_read")

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._known: frozenset[str] | None = frozenset(text for text in texts if text)
        self._read: Callable[[], Iterable[str]] = tuple
        self._needles: Needles | None = None

    @classmethod
    def later(cls, read: Callable[[], Iterable[str]]) -> Secrets:
        """Return secrets that are read on first use, because most requests never need them.

        Args:
            read: Returns the secrets.
        """
        secrets = cls()
        secrets._known, secrets._read = None, read
        return secrets

    @property
    def _texts(self) -> frozenset[str]:
        if self._known is None:
            self._known = frozenset(text for text in self._read() if text)
        return self._known

    def __repr__(self) -> str:
        return f"Secrets(<{len(self._texts)} not shown>)"

    def __or__(self, other: Secrets) -> Secrets:
        return Secrets(self._texts | other._texts) if other else self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secrets) and self._texts == other._texts

    def __hash__(self) -> int:
        return hash(self._texts)

    def __bool__(self) -> bool:
        return bool(self._texts)

    def __reduce__(self) -> tuple[type[Secrets], tuple[tuple[str, ...]]]:
        return Secrets, (tuple(self._texts),)

    def needles(self) -> Needles:
        """Return the texts to search for; computed on first use and then cached."""
        if self._needles is None:
            long = [text for text in self._texts if len(text) >= _SHORT]
            spelt = {each for text in long for each in spellings(text) if len(each) >= _SHORT}
            self._needles = Needles(
                frozenset(spelt),
                frozenset(core for text in long for core in base64_cores(text)),
                self._texts - frozenset(long),
            )
        return self._needles


NO_SECRETS = Secrets()
