"""`pymodbus` behind synchronous faces: its client and its server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pymodbus.server
import pymodbus.simulator
import pytest
from pymodbus.client import AsyncModbusTcpClient

from pywats import SyncServiceWrapper
from tests.sync.clients.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def port() -> Iterator[int]:
    port = free_port()

    def make() -> Any:
        kind = pymodbus.simulator.DataType.REGISTERS
        data = pymodbus.simulator.SimData(0, count=20, values=17, datatype=kind)
        device = pymodbus.simulator.SimDevice(1, simdata=[data])
        return pymodbus.server.ModbusTcpServer(device, address=("127.0.0.1", port))

    server = SyncServiceWrapper.made_by(make, name="server")
    server.serve_forever(background=True)
    yield port
    server.shutdown()


def test_registers(port: int) -> None:
    def make() -> AsyncModbusTcpClient:
        return AsyncModbusTcpClient("127.0.0.1", port=port)

    client = SyncServiceWrapper.made_by(make, name="plc")
    assert client.connect()
    assert client.read_holding_registers(0, count=2, device_id=1).registers == [17, 17]
    client.write_register(1, 42, device_id=1)
    assert client.read_holding_registers(1, device_id=1).registers == [42]
    client.close()
    assert not client.connected
