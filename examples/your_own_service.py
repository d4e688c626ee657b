"""A service of your own over `httpx`, called synchronously: one id in log line, header and trace.

Run it with no arguments: it starts its own server. It needs `pip install 'pywats[otel,sandbox]'`.
"""

import httpx
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from pywats import DirectTransport, RetryConfig, SyncConfig, SyncServiceWrapper, configure_logging
from pywats.sandbox import Fault, Sandbox
from pywats.sync import DirectRunner


class PartService:
    """An async service as you may have one; only ``transport=`` is new."""

    def __init__(self, base_url: str, auth: tuple[str, str]) -> None:
        self.client = httpx.AsyncClient(base_url=base_url, auth=auth, transport=DirectTransport())

    async def create(self, number: str) -> None:
        """Create a part."""
        response = await self.client.put("/api/Product", json={"partNumber": number})
        response.raise_for_status()

    async def find(self, number: str) -> str:
        """Return the number of a part as the server has it."""
        response = await self.client.get(f"/api/Product/{number}")
        response.raise_for_status()
        return str(response.json()["partNumber"])


configure_logging()
spans = InMemorySpanExporter()
provider = TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(spans))
trace.set_tracer_provider(provider)

config = SyncConfig(timeout=5, retry_enabled=True, retry=RetryConfig(max_backoff=0.1))
with Sandbox() as sandbox:
    service = PartService(sandbox.base_url, (sandbox.username, sandbox.password))
    parts = SyncServiceWrapper(service, config, name="parts", runner=DirectRunner())
    parts.create("PCBA-100")

    # The server is busy once: the call is tried again, under the same id.
    sandbox.clear()
    spans.clear()
    sandbox.inject("GET", "*", Fault.status(503), times=1)
    print("found:", parts.find("PCBA-100"))

    for request in sandbox.requests:
        print(f"{request.method} {request.path} carried", request.header("x-correlation-id"))
    in_headers = {request.header("x-correlation-id") for request in sandbox.requests}
    in_trace: set[str] = set()
    for span in spans.get_finished_spans():
        if span.context is not None:
            in_trace.add(f"{span.context.trace_id:032x}")
            print(f"span {span.name} is of trace {span.context.trace_id:032x}")
    print("one id in header and trace:", len(in_headers | in_trace) == 1)
