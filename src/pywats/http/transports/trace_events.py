"""Follow the progress of a request through the ``trace`` extension of httpcore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pywats.http.transports.families import base_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.http.network.exchange import Exchange
    from pywats.http.network.phases import Phase

__all__ = ["note_event", "phase_of"]

# Event names without their first part, the module of httpcore. httpcore has no event for the DNS
# lookup: it is a part of connecting.
_PHASES: Final[Mapping[str, Phase]] = {
    "connect_tcp.started": "connect",
    "connect_unix_socket.started": "connect",
    "setup_socks5_connection.started": "proxy",
    "start_tls.started": "tls",
    "send_request_headers.started": "send",
    "receive_response_headers.started": "wait",
}


def note_event(exchange: Exchange, event: str, info: Mapping[str, object]) -> None:
    """Note the progress of a request.

    Args:
        exchange: The exchange of the request.
        event: Name of the event.
        info: The arguments of the event.
    """
    phase = phase_of(event, info)
    if phase == "send":
        exchange.sent = True
        exchange.reused = exchange.reused is None
    elif event.endswith(".send_request_headers.failed"):
        # httpcore checks all of the head before it writes any of it.
        exchange.sent &= base_in(info.get("exception")) != "LocalProtocolError"
    elif event.startswith("connection.connect"):
        exchange.reused = False
    if phase is not None:
        exchange.enter(phase)


def phase_of(event: str, info: Mapping[str, object]) -> Phase | None:
    """Return the phase that begins with an event; None if no phase begins.

    Args:
        event: Name of the event, such as ``connection.connect_tcp.started``.
        info: The arguments of the event.
    """
    phase = _PHASES.get(event.partition(".")[2])
    if phase in {"send", "wait"} and getattr(info.get("request"), "method", None) == b"CONNECT":
        return "proxy"
    return phase
