"""Servers from Debian packages, each started for the tests on a free port."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["free_port", "mosquitto", "nats", "postgres"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


@contextmanager
def started(command: list[str], port: int, user: str | None = None) -> Iterator[int]:
    """Run a server until the block ends; it takes connections when the block begins."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, user=user) as server:  # noqa: S603 - our own words
        try:
            end = time.monotonic() + HANGS
            while True:
                assert server.poll() is None, f"{command[0]} ended with {server.returncode}"
                assert time.monotonic() < end, f"{command[0]} takes no connections"
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=HANGS).close()
                except OSError:
                    time.sleep(0.02)
                else:
                    break
            yield port
        finally:
            server.terminate()


def _program(name: str, package: str, *, folders: str = "") -> str:
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    candidates = sorted(str(path) for path in Path("/").glob(folders)) if folders else []
    if found is None and not candidates:
        pytest.skip(f"{name} is not installed: apt-get install {package}")
    return found or candidates[-1]


@contextmanager
def nats() -> Iterator[int]:
    """Run a nats-server with JetStream."""
    program, port = _program("nats-server", "nats-server"), free_port()
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder]
        with started([program, *arguments], port):
            yield port


@contextmanager
def mosquitto() -> Iterator[int]:
    """Run an MQTT broker that everybody may use."""
    program, port = _program("mosquitto", "mosquitto"), free_port()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        settings = Path(folder) / "mosquitto.conf"
        settings.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")
        with started([program, "-c", str(settings)], port):
            yield port


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server; yield the URL of its database."""
    initdb = _program("initdb", "postgresql", folders="usr/lib/postgresql/*/bin/initdb")
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        if user is not None:
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = f"{folder}/data"
        command = [initdb, "-A", "trust", "-U", "tester", "-D", data, "--no-sync", "-E", "UTF8"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)  # noqa: S603 - our own words
        programs = Path(initdb).resolve()
        settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-k", folder]
        server = [str(programs.with_name("postgres")), "-D", data, "-p", str(port), *settings]
        with started(server, port, user):
            # It takes connections before it answers queries.
            ready = [
                str(programs.with_name("pg_isready")),
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                str(port),
            ]
            end = time.monotonic() + HANGS
            while subprocess.run(ready, check=False).returncode != 0:  # noqa: S603 - our own words
                assert time.monotonic() < end, "PostgreSQL does not become ready"
                time.sleep(0.02)
            yield f"postgresql://tester@127.0.0.1:{port}/postgres"
