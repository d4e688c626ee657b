"""Faults, and the plan that assigns faults to requests."""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Fault", "FaultPlan", "Injection"]

Kind = Literal["status", "delay", "drip", "reset", "close", "truncate", "hang", "refuse"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a response; made by the class methods.

    Attributes:
        kind: Kind of the fault.
        code: Status of the response.
        headers: Headers of the response.
        body: Body of the response.
        seconds: Length of a delay, or of the pause between two pieces of a trickling body.
        count: Bytes in a piece, or bytes of a truncated body.
        head: Whether status line and headers trickle as well.
        executed: Whether the request takes effect before its response is lost.
    """

    kind: Kind
    code: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    count: int = 0
    head: bool = False
    executed: bool = False

    @classmethod
    def status(
        cls,
        code: int,
        *,
        retry_after: float | str | None = None,
        body: bytes | None = None,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """Send a status in place of the response of the handler.

        Args:
            code: 200 to 599.
            retry_after: Value of a ``Retry-After`` header: seconds or an HTTP date.
            body: Body of the response; None sends a message in the form of ASP.NET.
            content_type: Its media type.
            headers: Further headers.

        Raises:
            TypeError: ``code`` is not an integer.
            ValueError: ``code`` is out of range.
        """
        if isinstance(code, bool) or not isinstance(code, int):
            raise TypeError(f"code={code!r}: must be an integer from 200 to 599")
        if not 200 <= code <= 599:  # noqa: PLR2004 - the final statuses of RFC 9110 section 15
            raise ValueError(f"code={code!r}: must be an integer from 200 to 599")
        fields = {"content-type": content_type, **(headers or {})}
        if retry_after is not None:
            fields["retry-after"] = f"{retry_after}"
        message = b'{"Message":"A fault was injected."}' if body is None else body
        return cls("status", code=code, headers=tuple(fields.items()), body=message)

    @classmethod
    def delay(cls, seconds: float) -> Self:
        """Send the usual response, but ``seconds`` later."""
        return cls("delay", seconds=_positive("seconds", seconds))

    @classmethod
    def drip(cls, interval: float = 0.05, chunk: int = 1, *, head: bool = True) -> Self:
        """Send the usual response in pieces.

        Args:
            interval: Seconds between two pieces.
            chunk: Bytes in a piece.
            head: True sends the status line and the headers in pieces too, not only the body.
        """
        return cls(
            "drip",
            seconds=_positive("interval", interval),
            count=_count("chunk", chunk, 1),
            head=head,
        )

    @classmethod
    def reset(cls, *, executed: bool = False) -> Self:
        """Reset the connection (RST) without a response.

        Args:
            executed: Let the request take effect first, so that only its response is lost.
        """
        return cls("reset", executed=executed)

    @classmethod
    def close(cls, *, executed: bool = False) -> Self:
        """Close the connection (FIN) without a response.

        Args:
            executed: Let the request take effect first, so that only its response is lost.
        """
        return cls("close", executed=executed)

    @classmethod
    def truncate(cls, after: int) -> Self:
        """Send all headers and only ``after`` bytes of the body, then close."""
        return cls("truncate", count=_count("after", after, 0))

    @classmethod
    def hang(cls) -> Self:
        """Never respond."""
        return cls("hang")

    @classmethod
    def refuse(cls, seconds: float) -> Self:
        """Reset the request, and then refuse all connections for ``seconds``.

        Only the request that triggers the fault is matched and counted: a refused connection does
        not carry a request, so its route is not known.
        """
        return cls("refuse", seconds=_positive("seconds", seconds))


@dataclass(slots=True, eq=False)
class Injection:
    """A fault in force on a route.

    Attributes:
        method: HTTP method, or ``*`` for all.
        route: Raw path, template or ``*``.
        fault: The fault.
        remaining: Number of further requests with the fault; None for all.
    """

    method: str
    route: str
    fault: Fault
    remaining: int | None
    _plan: FaultPlan = field(repr=False)
    _pattern: re.Pattern[str] = field(repr=False)

    def remove(self) -> None:
        """Remove the fault; calling it again does nothing."""
        self._plan.remove(self)

    def matches(self, method: str, path: str) -> bool:
        """Return whether a request is on the route."""
        return self.method in {"*", method} and self._pattern.fullmatch(path) is not None


class FaultPlan:
    """The faults in force, in the order of their injection; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._injections: list[Injection] = []

    def inject(self, method: str, route: str, fault: Fault, times: int | None) -> Injection:
        """Put a fault on a route."""
        if not isinstance(fault, Fault):
            raise TypeError(f"fault={fault!r}: must be a Fault, such as Fault.status(503)")
        if route != "*" and not route.startswith("/"):
            raise ValueError(f"route={route!r}: must start with '/', or be '*'")
        parts = re.split(r"\{[^{}/]+\}", route)
        if not all(_ON_THE_WIRE.fullmatch(part) for part in parts):
            raise ValueError(
                f"route={route!r}: would match no request: must be a path as it is on the wire, "
                "percent-encoded and without a query, with {name} for any one segment"
            )
        if times is not None:
            _count("times", times, 1)
        pattern = ".*" if route == "*" else "[^/]+".join(re.escape(part) for part in parts)
        injection = Injection(method.upper(), route, fault, times, self, re.compile(pattern))
        with self._lock:
            self._injections.append(injection)
        return injection

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault for a request, and count the request."""
        with self._lock:
            for injection in self._injections:
                if injection.matches(method, path):
                    if injection.remaining is not None:
                        injection.remaining -= 1
                        if injection.remaining == 0:
                            self._injections.remove(injection)
                    return injection.fault
        return None

    def remove(self, injection: Injection) -> None:
        """Remove one fault."""
        with self._lock:
            if injection in self._injections:
                self._injections.remove(injection)

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._injections.clear()


# RFC 3986 section 3.3, without the percent-encoding of what needs none.
_ON_THE_WIRE = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")


def _positive(name: str, value: object) -> float:
    allowed = "must be a finite number of seconds above 0"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}={value!r}: {allowed}")
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name}={value!r}: {allowed}")
    return float(value)


def _count(name: str, value: object, minimum: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}={value!r}: must be an integer >= {minimum}")
    if value < minimum:
        raise ValueError(f"{name}={value!r}: must be an integer >= {minimum}")
    return value
