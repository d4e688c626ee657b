"""The HTTP port, its two implementations, and the translation of their errors."""

from typing import TYPE_CHECKING

from pywats.http.endpoint import Endpoint, parse_base_url
from pywats.http.network.settings import DEFAULT_MAX_RESPONSE_BYTES, ConnectionSettings
from pywats.http.port import HttpPort, Request, Response
from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.http.async_port import AsyncPort
    from pywats.http.sync_port import BlockingPort

__all__ = [
    "DEFAULT_MAX_RESPONSE_BYTES",
    "AsyncPort",
    "BlockingPort",
    "ConnectionSettings",
    "Endpoint",
    "HttpPort",
    "Request",
    "Response",
    "parse_base_url",
]

if not TYPE_CHECKING:
    # The ports import httpcore, which takes time: load them on first use, as httpx does.
    __getattr__, __dir__ = lazily(
        __name__,
        {"pywats.http.async_port": "AsyncPort", "pywats.http.sync_port": "BlockingPort"},
    )
