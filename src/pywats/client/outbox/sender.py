"""The parts of a client that an outbox sends with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pywats.http.port import HttpPort
    from pywats.sync import Engine

__all__ = ["Sender"]


class Sender(Protocol):
    """A synchronous client, `pywats.pyWATS` or `pywats.SyncWATSClient`."""

    def _port_and_engine(self) -> tuple[HttpPort, Engine]:
        """Return what sends the requests of the client, and what runs its calls."""
        ...
