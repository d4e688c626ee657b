"""A FastAPI application that calls WATS: ids go in and out, errors become responses.

Run it with no arguments: it brings its own WATS server, and sends itself requests.
"""

import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from http import HTTPStatus

import httpx
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.trace import TracerProvider

from pywats import (
    AsyncWATS,
    DirectTransport,
    SyncConfig,
    SyncServiceWrapper,
    configure_logging,
    current_correlation_id,
    use_correlation_id_of,
)
from pywats.errors import NotFoundError, WATSError, WATSTimeoutError
from pywats.sandbox import Fault, Sandbox
from pywats.sync import DirectRunner

inbound_id: ContextVar[str | None] = ContextVar("inbound_id", default=None)


class Parts:
    """An async service of your own, as other parts of your program use it."""

    def __init__(self, base_url: str, auth: tuple[str, str]) -> None:
        self.client = httpx.AsyncClient(base_url=base_url, auth=auth, transport=DirectTransport())

    async def find(self, number: str) -> str:
        """Return the number of a part as the server has it."""
        response = await self.client.get(f"/api/Product/{number}")
        response.raise_for_status()
        return str(response.json()["partNumber"])


def create_app(base_url: str, username: str, password: str) -> FastAPI:
    """Make the application."""
    config = SyncConfig(timeout=5)
    service = Parts(base_url, (username, password))
    parts = SyncServiceWrapper(service, config, name="parts", runner=DirectRunner())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        # One client for the loop, made when it starts and closed when it ends.
        async with AsyncWATS(base_url, username=username, password=password, timeout=1) as wats:
            app.state.wats = wats
            yield

    app = FastAPI(lifespan=lifespan)
    use_correlation_id_of(inbound_id)

    @app.middleware("http")
    async def ids(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        inbound_id.set(request.headers.get("X-Correlation-ID"))
        response = await call_next(request)
        response.headers["X-Correlation-ID"] = current_correlation_id() or "-"
        return response

    @app.exception_handler(WATSError)
    async def failed(_: Request, error: WATSError) -> JSONResponse:
        status = HTTPStatus.BAD_GATEWAY
        if isinstance(error, NotFoundError):
            status = HTTPStatus.NOT_FOUND
        elif isinstance(error, WATSTimeoutError):
            status = HTTPStatus.GATEWAY_TIMEOUT
        body = {"error": status.phrase, "correlation_id": error.correlation_id}
        return JSONResponse(body, status)

    @app.get("/products/{part}")
    async def product(part: str, request: Request) -> dict[str, str | None]:
        wats: AsyncWATS = request.app.state.wats
        return {"name": (await wats.product.get_product(part)).name}

    @app.get("/parts/{part}")
    def find(part: str) -> dict[str, str]:  # without async: FastAPI runs it in a thread
        return {"number": parts.find(part)}

    FastAPIInstrumentor.instrument_app(app)  # a traceparent is the parent of the calls
    return app


def main() -> None:
    """Serve the application on a free port, and ask it for products."""
    configure_logging()
    trace.set_tracer_provider(TracerProvider())  # in production telemetry.configure(…)
    with Sandbox() as sandbox:
        auth = (sandbox.username, sandbox.password)
        product = {"partNumber": "PCBA-100", "name": "Power board"}
        httpx.put(f"{sandbox.base_url}/api/Product", json=product, auth=auth).raise_for_status()
        sandbox.clear()
        app = create_app(sandbox.base_url, *auth)
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]

        def ask(path: str, header: str, value: str) -> str:
            response = httpx.get(f"http://127.0.0.1:{port}{path}", headers={header: value})
            print(response.status_code, response.text)
            return response.headers["X-Correlation-ID"]

        traceparent = "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01"
        shown = [
            ask("/products/PCBA-100", "traceparent", traceparent),
            ask("/products/PCBA-100", "X-Correlation-ID", "order-4711"),
            ask("/parts/PCBA-100", "X-Correlation-ID", "order-4711"),
            ask("/products/NO-SUCH-PART", "X-Correlation-ID", "order-4712"),
        ]
        sandbox.inject("GET", "*", Fault.hang())
        shown.append(ask("/products/PCBA-100", "X-Correlation-ID", "order-4713"))
        server.should_exit = True
        thread.join()
        seen = [sent.header("x-correlation-id") for sent in sandbox.requests]
        print("ids:", shown[:2], "WATS saw the same ids:", seen == shown)


if __name__ == "__main__":
    main()
