"""An embedded WATS-compatible server with faults on demand, for tests, demos and examples."""

from pywats.sandbox.faults import Fault, Injection
from pywats.sandbox.recording import RecordedRequest
from pywats.sandbox.server import Sandbox

__all__ = ["Fault", "Injection", "RecordedRequest", "Sandbox"]
