"""The id of a request that your web application is serving becomes the id of the calls it makes.

Run it with no arguments: it brings its own server and application. asgi-correlation-id keeps the id
of an inbound request in a context variable; any other context variable will do as well.
"""

import asyncio

import asgi_correlation_id
import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from pywats import configure_logging, pyWATS, use_correlation_id_of
from pywats.sandbox import Sandbox

configure_logging()
use_correlation_id_of(asgi_correlation_id.correlation_id)

with Sandbox() as sandbox, pyWATS(sandbox.base_url, sandbox.token) as api:

    def create(request: Request) -> PlainTextResponse:
        """Serve one request, in a thread of the application's pool."""
        return PlainTextResponse(
            api.product.create_product(request.path_params["part"]).part_number
        )

    app = Starlette(routes=[Route("/products/{part}", create, methods=["POST"])])
    app.add_middleware(asgi_correlation_id.CorrelationIdMiddleware)

    async def main() -> None:
        """Send the application one request with an id."""
        inbound = "0f8fad5b-d9cb-469f-a165-70867728950e"
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            await client.post("/products/PCBA-100", headers={"X-Request-ID": inbound})

    asyncio.run(main())
    print("the server saw:", [r.header("x-correlation-id") for r in sandbox.requests])
