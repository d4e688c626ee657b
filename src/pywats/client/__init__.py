"""The composition root: clients made of settings, port, services and engine."""

from pywats.client.async_client import AsyncWATS
from pywats.client.flat_client import SyncWATSClient
from pywats.client.sync_client import pyWATS

__all__ = ["AsyncWATS", "SyncWATSClient", "pyWATS"]
