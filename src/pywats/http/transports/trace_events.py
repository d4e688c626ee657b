"""What the ``trace`` extension of httpcore says of the progress of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pywats.http.network.phases import Phase

__all__ = ["phase_of"]

# The names of events begin with the module that they come from. The look-up of the host name is a
# part of connecting there.
_PHASES: Final[Mapping[str, Phase]] = {
    "connect_tcp.started": "connect",
    "connect_unix_socket.started": "connect",
    "setup_socks5_connection.started": "proxy",
    "start_tls.started": "tls",
    "send_request_headers.started": "send",
    "receive_response_headers.started": "wait",
}


def phase_of(event: str, info: Mapping[str, object]) -> Phase | None:
    """Return the phase that begins with an event; None if none does.

    Args:
        event: Name of the event, such as ``connection.connect_tcp.started``.
        info: What httpcore says of it.
    """
    phase = _PHASES.get(event.partition(".")[2])
    if phase in {"send", "wait"} and getattr(info.get("request"), "method", None) == b"CONNECT":
        return "proxy"
    return phase
