"""The HTTP port, its two implementations, and the translation of their errors."""

from typing import TYPE_CHECKING

from pywats.http.connection import DEFAULT_MAX_RESPONSE_BYTES, ConnectionSettings
from pywats.http.endpoint import Endpoint, parse_base_url
from pywats.http.port import HttpPort, Request, Response
from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.http.asynchronous import AsyncPort
    from pywats.http.blocking import BlockingPort

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
    # A port loads httpcore, as httpx does with its first client.
    __getattr__, __dir__ = lazily(
        __name__,
        {"pywats.http.asynchronous": "AsyncPort", "pywats.http.blocking": "BlockingPort"},
    )
