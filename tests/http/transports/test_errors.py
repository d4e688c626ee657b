"""Errors of the transports: of both packages, and through a pickle."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest

from pywats import CallTransport, DirectTransport, SyncConfig, SyncServiceWrapper
from pywats.errors import CallError
from pywats.http.transports import errors
from pywats.http.transports.errors import in_family
from pywats.sync import DirectRunner
from tests.http.raw_server import RawServer, saying

if TYPE_CHECKING:
    import socket

KINDS = [
    value
    for value in vars(errors).values()
    if isinstance(value, type)
    and issubclass(value, CallError)
    and value.__module__ == errors.__name__
]
each_package = pytest.mark.parametrize("package", [httpx, httpx2], ids=["httpx", "httpx2"])


@each_package
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_class_goes_through_a_pickle(kind: type[CallError], package: Any) -> None:
    made = in_family(kind, package)("GET http://a/: broken")
    made.may_have_been_executed = True
    made.add_note("correlation_id=7")
    for other in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made)):  # noqa: S301 - our own
        assert type(other) is type(made)
        assert isinstance(other, package.TransportError | package.HTTPError)
        assert str(other) == str(made)
        assert other.may_have_been_executed
        assert other.__notes__ == ["correlation_id=7"]


def keep_silent(connection: socket.socket, _: bytes) -> None:
    connection.recv(1)


@each_package
@pytest.mark.parametrize("kind", [DirectTransport, CallTransport])
@pytest.mark.parametrize("response", [keep_silent, saying(b""), saying(b"?\r\n\r\n")])
def test_an_error_that_was_raised_goes_through_a_pickle(
    kind: Any, package: Any, response: Any
) -> None:
    class Service:
        def __init__(self) -> None:
            self.client = package.AsyncClient(transport=kind())

        async def get(self, address: str) -> None:
            await self.client.get(address)

        async def aclose(self) -> None:
            await self.client.aclose()

    runner = DirectRunner() if kind is DirectTransport else None
    with RawServer(response) as server:
        service = SyncServiceWrapper(Service(), SyncConfig(timeout=0.2), runner=runner)
        with pytest.raises(CallError) as caught:
            service.get(server.base_url)
        service.aclose()
    other = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own
    assert type(other) is type(caught.value)
    assert isinstance(other, package.TransportError)
    assert str(other) == str(caught.value)
    for name in ("correlation_id", "may_have_been_executed", "elapsed", "stop_reason"):
        assert getattr(other, name) == getattr(caught.value, name)
