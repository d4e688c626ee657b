"""httpx transports for services of your own, with the spans, ids and limits of pywats."""

from pywats.http.transports.call import CallTransport
from pywats.http.transports.direct import DirectTransport
from pywats.http.transports.instrument import instrument_httpx

__all__ = ["CallTransport", "DirectTransport", "instrument_httpx"]
