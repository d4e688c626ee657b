"""Texts of error messages that the port and the httpx transports share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pywats.errors import TimeoutPhase

__all__ = ["broken_connection", "out_of_time"]

_PHASES: Final[dict[TimeoutPhase, str]] = {
    "pool": "waiting for a connection",
    "connect": "connecting",
    "write": "sending",
    "read": "reading",
}


def out_of_time(limit: str, phase: TimeoutPhase) -> str:
    """Return the text for a timeout.

    Args:
        limit: Which limit ran out, in the words of `pywats.observability.call.Limit.described`.
        phase: What the request was doing.
    """
    return f"no complete response within {limit} ({_PHASES[phase]})"


def broken_connection(reason: str, *, network: bool, disconnected: bool) -> str:
    """Return the text for a connection that broke.

    Args:
        reason: The message of the operating system or the HTTP library.
        network: Whether the network failed, and not the protocol.
        disconnected: Whether the server has closed the connection.
    """
    what = "the server closed the connection" if disconnected else "not HTTP"
    return f"{'the connection broke' if network else what} ({reason})"
