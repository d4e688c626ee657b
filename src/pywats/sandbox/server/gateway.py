"""Gateway of every request: recording, faults, credentials."""

from __future__ import annotations

import asyncio
import base64
import secrets
from typing import TYPE_CHECKING

from pywats.sandbox.responses import ApiError, error_response
from pywats.sandbox.server.recording import RecordedRequest, parse_query

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pywats.sandbox.server.connection import Connection, Connections
    from pywats.sandbox.server.faults import Fault, FaultPlan
    from pywats.sandbox.server.recording import Recorder

__all__ = ["Gateway", "basic_token"]

REDACTED = "REDACTED"
MAX_BODY = 256 * 2**20
"""Maximum size of the body of a request in bytes."""

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


def basic_token(username: str, password: str) -> str:
    """Return the credentials as HTTP Basic sends them (RFC 7617 section 2)."""
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


class Gateway:
    """The outermost ASGI application of the sandbox.

    Args:
        app: Application that gets the requests with valid credentials.
        token: The only credentials that are accepted.
        connections: The open connections.
        plan: The faults in force.
        recorder: Keeps the requests that arrive.
        go_down: Refuses connections for a number of seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str,
        connections: Connections,
        plan: FaultPlan,
        recorder: Recorder,
        go_down: Callable[[float], Awaitable[None]],
    ) -> None:
        self._app = app
        self._authorization = f"Basic {token}".encode()
        self._connections = connections
        self._plan = plan
        self._recorder = recorder
        self._go_down = go_down
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        connection = self._connections.of(scope["client"])
        authorized = self._is_authorized(scope)
        # The body of a request without credentials is not kept: anybody could fill the memory.
        body, too_large, whole = await _read_body(receive, MAX_BODY if authorized else 0)
        path: str = scope["raw_path"].decode("ascii")
        fault = self._plan.take(scope["method"], path)
        key = self._recorder.arrive(
            _record(scope, path, body, connection, fault, dropped=too_large)
        )
        connection.begin(fault)
        if not whole:
            # The client has gone, and its request is incomplete.
            return

        async def body_again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._recorder.note_status(key, message["status"])
            await send(message)

        # Routes match the percent-encoded path, so that an encoded slash stays in its segment.
        inner = dict(scope, path=path)
        if authorized and too_large:
            await _refuse(
                ApiError(413, f"The body is larger than {MAX_BODY} bytes."),
                inner,
                receive,
                send_noting,
            )
            return
        await self._serve(fault, connection, inner, body_again, send_noting)

    async def _serve(
        self,
        fault: Fault | None,
        connection: Connection,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """Respond, with the fault of the request applied."""
        if fault is None or fault.kind in {"drip", "truncate"}:
            await self._respond(scope, receive, send)
        elif fault.kind == "status":
            await _send_status(fault, send)
        elif fault.kind == "delay":
            if not await self._disconnected(connection, fault.seconds):
                await self._respond(scope, receive, send)
        else:
            if fault.executed:
                await self._respond(scope, receive, _send_nowhere)
            await self._end_without_response(connection, fault)

    async def _respond(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._is_authorized(scope):
            await self._app(scope, receive, send)
            return
        denied = ApiError(
            401,
            "Authorization has been denied for this request.",
            headers={"WWW-Authenticate": "Basic"},
        )
        await _refuse(denied, scope, receive, send)

    def _is_authorized(self, scope: Scope) -> bool:
        given: bytes = dict(scope["headers"]).get(b"authorization", b"")
        return secrets.compare_digest(given, self._authorization)

    async def _disconnected(self, connection: Connection, seconds: float | None) -> bool:
        """Wait; return whether the client disconnects or the server stops before the time is up."""
        waits = [
            asyncio.ensure_future(connection.lost.wait()),
            asyncio.ensure_future(self.stopping.wait()),
        ]
        done, pending = await asyncio.wait(
            waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
        )
        for wait in pending:
            wait.cancel()
        if done:
            connection.abort()
            await connection.lost.wait()
        return bool(done)

    async def _end_without_response(self, connection: Connection, fault: Fault) -> None:
        if fault.kind == "hang":
            await self._disconnected(connection, None)
        elif fault.kind in {"reset", "refuse"}:
            if fault.kind == "refuse":
                await self._go_down(fault.seconds)
            connection.reset()
        else:
            connection.close()
        # uvicorn sends status 500 if the application returns while the client is connected.
        await connection.lost.wait()


async def _refuse(error: ApiError, scope: Scope, receive: Receive, send: Send) -> None:
    await error_response(error)(scope, receive, send)


async def _read_body(receive: Receive, limit: int) -> tuple[bytes, bool, bool]:
    """Read a body; return it, whether it is larger than the limit, and whether it is complete.

    A body that is larger than the limit is dropped completely.
    """
    body = bytearray()
    too_large = False
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body), too_large, False
        piece = message.get("body", b"")
        too_large = too_large or len(body) + len(piece) > limit
        if too_large:
            body.clear()
        else:
            body += piece
        if not message.get("more_body", False):
            return bytes(body), too_large, True


def _record(
    scope: Scope,
    path: str,
    body: bytes,
    connection: Connection,
    fault: Fault | None,
    *,
    dropped: bool,
) -> RecordedRequest:
    query: bytes = scope["query_string"]
    headers = (
        (name.decode("latin-1").lower(), value.decode("latin-1"))
        for name, value in scope["headers"]
    )
    return RecordedRequest(
        method=scope["method"],
        target=f"{path}?{query.decode('latin-1')}" if query else path,
        path=path,
        query=parse_query(query),
        headers=tuple(
            (name, REDACTED if name in _SECRET_HEADERS else value) for name, value in headers
        ),
        body=body,
        connection=connection.number,
        fault=fault.kind if fault else None,
        dropped=dropped,
    )


async def _send_status(fault: Fault, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fault.headers]
    headers.append((b"content-length", str(len(fault.body)).encode()))
    await send({"type": "http.response.start", "status": fault.code, "headers": headers})
    await send({"type": "http.response.body", "body": fault.body})


async def _send_nowhere(_: Message) -> None:
    """Drop the response of a request."""
