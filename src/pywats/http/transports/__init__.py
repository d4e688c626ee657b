"""httpx transports over the engine room of `pywats.http.attempt`, for any service of one's own."""

from pywats.http.transports.call import CallTransport
from pywats.http.transports.direct import DirectTransport
from pywats.http.transports.instrument import instrument_httpx

__all__ = ["CallTransport", "DirectTransport", "instrument_httpx"]
