"""One request through either port, in a form that a test can be parametrised with."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from pywats.http import AsyncPort, BlockingPort, ConnectionSettings, Endpoint, Request, Response
from pywats.redaction import NO_SECRETS, Secrets
from pywats.sync import DirectRunner

if TYPE_CHECKING:
    from collections.abc import Callable

GET = Request(method="GET", template="/api/Product/{partNumber}", path={"partNumber": "A"})
POST = Request(method="POST", template="/api/Report/WSJF", content=b"{}")


def blocking(
    base_url: str,
    request: Request = GET,
    timeout: float | None = 60.0,
    settings: ConnectionSettings | None = None,
    secrets: Secrets = NO_SECRETS,
) -> Response:
    port = BlockingPort(
        Endpoint(base_url, "Basic eA==", secrets=secrets), settings, timeout=timeout
    )
    try:
        return DirectRunner().run("send", lambda: port.send(request))
    finally:
        port.close()


def asynchronous(
    base_url: str,
    request: Request = GET,
    timeout: float | None = 60.0,
    settings: ConnectionSettings | None = None,
    secrets: Secrets = NO_SECRETS,
) -> Response:
    async def main() -> Response:
        port = AsyncPort(
            Endpoint(base_url, "Basic eA==", secrets=secrets), settings, timeout=timeout
        )
        try:
            return await port.send(request)
        finally:
            await port.close()

    return asyncio.run(main())


FACES: list[Callable[..., Response]] = [blocking, asynchronous]
