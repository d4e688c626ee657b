"""The connection of a client that was closed meanwhile."""

from __future__ import annotations

import httpcore
import pytest

from pywats.http import ConnectionSettings, Endpoint
from pywats.http.network.async_connection import AsyncLink
from pywats.http.network.connection import Link
from pywats.http.network.exchange import Exchange
from pywats.http.network.http1.message import Message
from pywats.http.network.route import Route

MESSAGE = Message("GET", b"http", b"127.0.0.1", 9, b"/", [], None)
REQUEST = httpcore.Request("GET", "http://127.0.0.1:9/")


@pytest.fixture
def route() -> Route:
    return Route.to(Endpoint("http://127.0.0.1:9", ""), ConnectionSettings())


def test_a_closed_connection_takes_no_request(route: Route) -> None:
    link = Link(route, Exchange(None))
    link.close()
    assert not link.is_reusable()
    assert link.connection.has_expired()
    assert not link.connection.has_leftover()
    with pytest.raises(httpcore.ConnectError, match="the connection was closed"):
        link.connection.send(MESSAGE)


async def test_a_closed_connection_takes_no_request_in_a_loop(route: Route) -> None:
    link = AsyncLink(route, Exchange(None))
    await link.close()
    assert not link.is_reusable()
    with pytest.raises(httpcore.ConnectError, match="the connection was closed"):
        await link.connection.handle_async_request(REQUEST)
