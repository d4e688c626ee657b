"""An embedded WATS-compatible server with faults on demand, for tests, demos and examples."""

from pywats.extras import needs

with needs("sandbox", "pywats.sandbox"):
    from pywats.sandbox.server.faults import Fault, Injection
    from pywats.sandbox.server.recording import RecordedRequest
    from pywats.sandbox.server.sandbox import Sandbox

__all__ = ["Fault", "Injection", "RecordedRequest", "Sandbox"]
