"""Memory of a series of large downloads while the garbage collector is off.

A client whose finished calls leave reference cycles keeps every body until the collector runs.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import tracemalloc
import uuid
from typing import TYPE_CHECKING

import httpx
import requests

from benchmarks.results import Bar, CaseResult, Row
from pywats import AsyncWATS, CallTransport, DirectTransport, pyWATS

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.scale import Scale

__all__ = ["measure"]

_MEBIBYTE = 1024 * 1024
_BODY = bytes(16 * _MEBIBYTE)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(_BODY)
_BODIES = 24
_LIMIT = 40.0
_DIRECT = "httpx.Client over DirectTransport"
_CALL = "httpx.AsyncClient over CallTransport"
_REPORT = uuid.UUID(int=7)
_TOKEN = "dGVzdDp0ZXN0"  # noqa: S105 - the server asks for none


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Download bodies of 16 MiB, one after the other, and drop each."""
    del base_url
    bodies = max(2, scale.calls(_BODIES))
    result = CaseResult(
        "Memory",
        f"Peak of the memory that Python has allocated while {bodies} bodies of 16 MiB are "
        "downloaded one after the other and dropped, with the garbage collector off.",
        unit="MiB",
    )
    url = f"http://127.0.0.1:{_serve()}"
    rows = [
        Row.of(name, [_peak(download, url, bodies)])
        for name, download in {
            "pyWATS": _blocking,
            "AsyncWATS": _asynchronous,
            _DIRECT: _over_direct_transport,
            _CALL: _over_call_transport,
            "requests": _requests,
            "httpx": _httpx,
        }.items()
    ]
    result.tables["peak"] = rows
    for name in ("pyWATS", "AsyncWATS", _DIRECT, _CALL):
        peak = result.row("peak", name).median
        result.bars.append(
            Bar("memory", f"{name}: at most {_LIMIT:.0f} MiB at a time", _LIMIT, peak)
        )
    return result


def _peak(download: Callable[[str, int], None], url: str, bodies: int) -> float:
    download(url, 1)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        download(url, bodies)
        return tracemalloc.get_traced_memory()[1] / _MEBIBYTE
    finally:
        tracemalloc.stop()
        gc.enable()


def _blocking(url: str, bodies: int) -> None:
    with pyWATS(url, _TOKEN) as api:
        for _ in range(bodies):
            api.report.get_all_attachments(_REPORT)


def _asynchronous(url: str, bodies: int) -> None:
    async def main() -> None:
        async with AsyncWATS(url, _TOKEN) as api:
            for _ in range(bodies):
                await api.report.get_all_attachments(_REPORT)

    asyncio.run(main())


def _requests(url: str, bodies: int) -> None:
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(bodies):
            _ = session.get(url, timeout=30).content


def _httpx(url: str, bodies: int, transport: httpx.BaseTransport | None = None) -> None:
    with httpx.Client(trust_env=False, timeout=30, transport=transport) as client:
        for _ in range(bodies):
            _ = client.get(url).content


def _over_direct_transport(url: str, bodies: int) -> None:
    _httpx(url, bodies, DirectTransport())


def _over_call_transport(url: str, bodies: int) -> None:
    async def main() -> None:
        async with httpx.AsyncClient(transport=CallTransport(), timeout=30) as client:
            for _ in range(bodies):
                _ = (await client.get(url)).content

    asyncio.run(main())


def _serve() -> int:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            while connection.recv(65536):
                connection.sendall(_HEAD)
                connection.sendall(_BODY)

    def accept() -> None:
        while True:
            threading.Thread(target=serve, args=[listener.accept()[0]], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return int(listener.getsockname()[1])
