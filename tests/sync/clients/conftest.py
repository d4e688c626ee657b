"""The servers that third-party clients talk to."""

from __future__ import annotations

import gc
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from pywats.sync import PortalRunner
from tests.sync.clients import servers
from tests.sync.clients.fakes import FakeServer
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start a redis-server of our own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    folder: Path = tmp_path_factory.mktemp("redis")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:  # noqa: S603 - our own words
        try:
            _wait_until_it_responds(port)
            yield port
        finally:
            server.terminate()


def _wait_until_it_responds(port: int) -> None:
    end = time.monotonic() + HANGS
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=HANGS) as connection:
                connection.sendall(b"PING\r\n")
                assert connection.recv(100) == b"+PONG\r\n"
                return
        except OSError:
            time.sleep(0.02)
    pytest.fail("redis-server does not answer")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start a PostgreSQL server of our own."""
    with servers.postgres() as url:
        yield url


@pytest.fixture(scope="session")
def nats_port() -> Iterator[int]:
    """Start a nats-server of our own."""
    with servers.nats() as port:
        yield port


@pytest.fixture(scope="session")
def mqtt_port() -> Iterator[int]:
    """Start an MQTT broker of our own."""
    with servers.mosquitto() as port:
        yield port


@pytest.fixture
def collected() -> Iterator[None]:
    """Collect what is left after the test on the thread of the loop, and nothing before.

    Some libraries leave open the generators inside of one that is closed. Python complains of
    those if another thread collects them while the loop happens to close them.
    """
    gc.disable()
    yield
    PortalRunner().run_plain("collect", gc.collect)
    gc.enable()


@pytest.fixture
def fake() -> Iterator[FakeServer]:
    """Start a server that answers as the test says."""
    with FakeServer() as server:
        yield server
