"""Composition root: build the clients from settings, port, services and engine."""

from typing import TYPE_CHECKING

from pywats.client.sync_client import pyWATS
from pywats.client.unverified import UnverifiedServerWarning
from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.client.async_client import AsyncWATS
    from pywats.client.flat_client import SyncWATSClient
    from pywats.client.outbox import Outbox

__all__ = ["AsyncWATS", "Outbox", "SyncWATSClient", "UnverifiedServerWarning", "pyWATS"]

if not TYPE_CHECKING:
    # Imported on first use: not every program has an event loop, and the flat client imports all
    # services.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.client.async_client": "AsyncWATS",
            "pywats.client.flat_client": "SyncWATSClient",
            "pywats.client.outbox": "Outbox",
        },
    )
