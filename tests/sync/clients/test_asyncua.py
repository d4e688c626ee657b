"""`asyncua` behind synchronous faces: its client and its server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asyncua.client.client import Client
from asyncua.server.server import Server

from pywats import SyncServiceWrapper
from tests.sync.clients.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def url() -> Iterator[str]:
    url = f"opc.tcp://127.0.0.1:{free_port()}/test"
    server = SyncServiceWrapper.made_by(Server, name="server")
    server.init()
    server.set_endpoint(url)
    with server:
        index = server.register_namespace("urn:test")
        plc = server.nodes.objects.add_object(index, "Plc")
        plc.add_variable(index, "Speed", 5).set_writable()
        yield url


def test_nodes(url: str) -> None:
    with SyncServiceWrapper.made_by(lambda: Client(url), name="plc") as client:
        index = client.get_namespace_index("urn:test")
        node: Any = client.nodes.objects.get_child([f"{index}:Plc", f"{index}:Speed"])
        assert node.read_value() == 5
        node.write_value(7)
        assert node.read_value() == 7
        children = client.nodes.objects.get_children()
        names = [child.read_browse_name().Name for child in children]
        assert "Plc" in names
        assert node.get_parent().get_children()[0].read_value() == 7
