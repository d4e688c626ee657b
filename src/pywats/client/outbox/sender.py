"""Interface of the clients that an outbox can send with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pywats.http.port import HttpPort
    from pywats.sync import Engine

__all__ = ["Sender"]


class Sender(Protocol):
    """A synchronous client, `pywats.pyWATS` or `pywats.SyncWATSClient`."""

    def _port_and_engine(self) -> tuple[HttpPort, Engine]:
        """Return the port that sends the client's requests and the engine that runs its calls."""
        ...
