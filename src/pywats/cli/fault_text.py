"""Parse faults given as text: ``GET /api/Product/{partNumber} status=503 x2``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["PlannedFault", "parse_fault"]

_WITH_VALUE: dict[str, Callable[[str], Fault]] = {
    "status": lambda text: Fault.status(int(text)),
    "delay": lambda text: Fault.delay(float(text)),
    "drip": lambda text: Fault.drip(float(text)),
    "truncate": lambda text: Fault.truncate(int(text)),
    "refuse": lambda text: Fault.refuse(float(text)),
}
_WITHOUT_VALUE: dict[str, Callable[[], Fault]] = {
    "hang": Fault.hang,
    "reset": Fault.reset,
    "close": Fault.close,
    "lose-response": lambda: Fault.reset(executed=True),
}
_ALLOWED = (
    "must be METHOD ROUTE FAULT [xTIMES], where FAULT is one of "
    + ", ".join(f"{name}=…" for name in _WITH_VALUE)
    + ", "
    + ", ".join(_WITHOUT_VALUE)
)


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A fault and the requests that it applies to.

    Attributes:
        text: The text that was parsed.
        method: HTTP method; ``*`` for any.
        route: Path template; ``*`` for any.
        fault: The fault.
        times: Number of requests; None for all.
    """

    text: str
    method: str
    route: str
    fault: Fault
    times: int | None


def parse_fault(text: str) -> PlannedFault:
    """Return the fault that a text describes.

    Args:
        text: ``METHOD ROUTE FAULT [xTIMES]``.

    Raises:
        ValueError: The text does not describe a fault; the message says what is allowed.
    """
    words = re.fullmatch(r"\s*(\S+)\s+(\*|/\S*)\s+([a-z-]+)(?:=(\S+))?(?:\s+x([1-9]\d*))?\s*", text)
    if words is None:
        raise ValueError(f"{text!r}: {_ALLOWED}")
    method, route, name, value, times = words.groups()
    if name in _WITH_VALUE and value is not None:
        try:
            fault = _WITH_VALUE[name](value)
        except ValueError as error:
            raise ValueError(f"{text!r}: {error}") from None
    elif name in _WITHOUT_VALUE and value is None:
        fault = _WITHOUT_VALUE[name]()
    else:
        raise ValueError(f"{text!r}: {_ALLOWED}")
    return PlannedFault(text, method, route, fault, int(times) if times else None)
