"""The composition root: clients made of settings, port, services and engine."""

from typing import TYPE_CHECKING

from pywats.client.sync_client import pyWATS
from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.client.async_client import AsyncWATS
    from pywats.client.flat_client import SyncWATSClient

__all__ = ["AsyncWATS", "SyncWATSClient", "pyWATS"]

if not TYPE_CHECKING:
    # Not every program has an event loop; the class of the flat client has the methods of all
    # services.
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.client.async_client": "AsyncWATS",
            "pywats.client.flat_client": "SyncWATSClient",
        },
    )
