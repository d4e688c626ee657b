"""The HTTP port, its two implementations, and the translation of their errors."""

from pywats.http.asynchronous import AsyncPort
from pywats.http.blocking import BlockingPort
from pywats.http.connection import DEFAULT_MAX_RESPONSE_BYTES, ConnectionSettings
from pywats.http.endpoint import Endpoint, parse_base_url
from pywats.http.port import HttpPort, Request, Response

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
