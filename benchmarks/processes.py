"""The processes that the measuring process starts: the server, and pywats-api."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.payloads import PART_NUMBER
from benchmarks.turns import Measured

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["HungError", "Peer", "serving"]

_PEER_PYTHON = Path(os.environ.get("PEER_PYTHON", ".venv-bench-peer/bin/python"))


class HungError(TimeoutError):
    """A turn did not end."""


@contextmanager
def serving(*certificate: str | Path) -> Iterator[str]:
    """Run the server; yield its address.

    Args:
        certificate: File of a certificate and its key; without it, the server does not speak TLS.
    """
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "benchmarks.server", *certificate],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class Peer:
    """pywats-api 0.6.0rc1 in a process of its own.

    Args:
        base_url: Address of the server.
    """

    def __init__(self, base_url: str) -> None:
        script = Path(__file__).with_name("peer.py")
        self._process = subprocess.Popen(  # noqa: S603 - our own script
            [_PEER_PYTHON, "-I", script, base_url, PART_NUMBER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def turn(self, calls: int, threads: int = 1, patience: float = 60.0) -> Measured:
        """Let the process make the calls.

        Raises:
            HungError: The calls did not end within ``patience`` seconds.
        """
        assert self._process.stdin is not None  # noqa: S101 - pipes were asked for
        assert self._process.stdout is not None  # noqa: S101
        self._process.stdin.write(f"{calls} {threads}\n")
        self._process.stdin.flush()
        ready, _, _ = select.select([self._process.stdout], [], [], patience)
        if not ready:
            raise HungError(f"{calls} calls by {threads} threads took more than {patience:g} s")
        return Measured(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
