"""What every request passes before a route answers it: record, fault, credentials."""

from __future__ import annotations

import asyncio
import base64
import secrets
from typing import TYPE_CHECKING

from pywats.sandbox.answers import ApiError, error_answer
from pywats.sandbox.recording import RecordedRequest, parse_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pywats.sandbox.connection import Connection, Connections
    from pywats.sandbox.faults import Fault, FaultPlan
    from pywats.sandbox.recording import Recorder

__all__ = ["Gate", "basic_token"]

REDACTED = "REDACTED"
_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})


def basic_token(username: str, password: str) -> str:
    """Return the credentials as HTTP Basic sends them (RFC 7617 section 2)."""
    return base64.b64encode(f"{username}:{password}".encode()).decode("ascii")


class Gate:
    """The outermost ASGI application of the sandbox.

    Args:
        app: Answers the requests that get through.
        token: The only credentials that are accepted.
        connections: The open connections.
        plan: The faults in force.
        recorder: Keeps what arrives.
        go_down: Refuses connections for so many seconds.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        token: str,
        connections: Connections,
        plan: FaultPlan,
        recorder: Recorder,
        go_down: Callable[[float], None],
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
        body = await _read_body(receive)
        path: str = scope["raw_path"].decode("ascii")
        fault = self._plan.take(scope["method"], path)
        key = self._recorder.arrive(_record(scope, path, body, connection, fault))
        connection.begin(fault)

        async def body_again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send_noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._recorder.answered(key, message["status"])
            await send(message)

        # Routes match the path as it was on the wire, so that an encoded slash stays in its
        # segment.
        inner = dict(scope, path=path)
        if fault is None or fault.kind in {"drip", "truncate"}:
            await self._answer(inner, body_again, send_noting)
        elif fault.kind == "status":
            await _send_status(fault, send_noting)
        elif fault.kind == "delay":
            if not await self._disconnected(connection, fault.seconds):
                await self._answer(inner, body_again, send_noting)
        else:
            if fault.executed:
                await self._answer(inner, body_again, _send_nowhere)
            await self._end_without_answer(connection, fault)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope["headers"]).get(b"authorization", b"")
        if secrets.compare_digest(given, self._authorization):
            await self._app(scope, receive, send)
            return
        refusal = error_answer(
            ApiError(
                401,
                "Authorization has been denied for this request.",
                headers={"WWW-Authenticate": "Basic"},
            )
        )
        await refusal(scope, receive, send)

    async def _disconnected(self, connection: Connection, seconds: float | None) -> bool:
        """Wait; return whether the client has gone or the server stops before the time is up."""
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

    async def _end_without_answer(self, connection: Connection, fault: Fault) -> None:
        if fault.kind == "hang":
            await self._disconnected(connection, None)
        elif fault.kind in {"reset", "refuse"}:
            if fault.kind == "refuse":
                self._go_down(fault.seconds)
            connection.reset()
        else:
            connection.close()
        # uvicorn answers 500 for an application that returns while the client is there.
        await connection.lost.wait()


async def _read_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _record(
    scope: Scope, path: str, body: bytes, connection: Connection, fault: Fault | None
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
    )


async def _send_status(fault: Fault, send: Send) -> None:
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in fault.headers]
    headers.append((b"content-length", str(len(fault.body)).encode()))
    await send({"type": "http.response.start", "status": fault.code, "headers": headers})
    await send({"type": "http.response.body", "body": fault.body})


async def _send_nowhere(_: Message) -> None:
    """Let the answer of a request vanish."""
