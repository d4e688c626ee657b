"""Every Python block of the README runs as pasted."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import run
from tests.docs.pages import Page
from tests.http.raw_server import RawServer

if TYPE_CHECKING:
    import socket

    from pywats.sandbox import Sandbox

ROOT = Path(__file__).parents[2]
README = Page(ROOT / "README.md")
BLOCKS = README.programs
WEATHER = "https://weather.example.com"
(COMES_OUT,) = re.findall(r"```text\n(INFO .*?)\n```", README.text, re.DOTALL)
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"
SUNNY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsunny"


def test_the_readme_has_its_blocks() -> None:
    assert len(BLOCKS) == 3
    assert README.targets == ["demo", "test"]
    assert len(README.commands) == 4


def test_the_block_with_a_service_of_ones_own_prints_what_is_below_it() -> None:
    heads: list[bytes] = []

    def busy_then_sunny(connection: socket.socket, _: bytes) -> None:
        connection.sendall(BUSY)
        second = b""
        while b"\r\n\r\n" not in second:
            second += connection.recv(1024)
        heads.append(second)
        connection.sendall(SUNNY)

    with RawServer(busy_then_sunny) as server:
        done = subprocess.run(  # noqa: S603 - our own README
            [sys.executable, "-W", "error", "-c", BLOCKS[0].replace(WEATHER, server.base_url)],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert done.stdout == "sunny\n", done.stderr
    printed = [
        normal(line.partition(",")[2][4:].replace(server.base_url, WEATHER))
        for line in done.stderr.splitlines()
        if "httpx: HTTP Request" not in line
    ]
    shown, headers, _ = COMES_OUT.split("\n\n")
    assert printed == [normal(line) for line in shown.splitlines()]
    sent = [line.split(":")[0].lower() for line in headers.splitlines()]
    assert sent == ["x-correlation-id", "traceparent"]
    (id_printed,) = set(re.findall(r"[0-9a-f]{32}", done.stderr))
    assert [
        f"X-Correlation-ID: {id_printed}\r\n".encode() in head for head in [*server.heads, *heads]
    ] == [True] * 2


def normal(line: str) -> str:
    """Leave out what differs from run to run: id, durations, the text of httpx's error."""
    line = re.sub(r"[0-9a-f]{32}", "ID", line)
    line = re.sub(r"[\d.]+ ms", "N ms", line)
    return re.sub(r"HTTPStatusError: .*\), next", "HTTPStatusError: …), next", line)


@pytest.mark.parametrize("number", range(1, len(BLOCKS)))
def test_a_block_runs_as_pasted(number: int, sandbox: Sandbox) -> None:
    environment = os.environ | {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
    done = subprocess.run(  # noqa: S603 - our own README
        [sys.executable, "-W", "error", "-c", BLOCKS[number]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", README.commands)
def test_a_command_exists_with_its_options(command: str) -> None:
    _, *words = shlex.split(command)
    names = words[: 2 if words[0] == "report" else 1]
    usage = run(*names, "--help", env={"COLUMNS": "200"})
    for option in [word for word in words if word.startswith("--")]:
        assert option in usage


def test_the_links_of_the_readme_lead_somewhere() -> None:
    assert len(README.links) > 10
    for target in (link for link in README.links if not link.startswith("https://")):
        assert (ROOT / target).exists(), target


def test_what_the_project_is_fits_one_screen() -> None:
    head = README.text.partition("\n## ")[0]
    assert head.index("<picture>") < head.index("$ pip install pywats") < head.index("import httpx")
    assert "$ make demo" in head
    assert len(head.partition("```python")[0].splitlines()) <= 25


def test_the_picture_is_there_for_screens_of_both_sizes() -> None:
    assert re.findall(r'(?:src|srcset)="([^"]+)"', README.text) == [
        "docs/trace-narrow.svg",
        "docs/trace.svg",
    ]
    assert all((ROOT / name).is_file() for name in ("docs/trace-narrow.svg", "docs/trace.svg"))


def test_links_and_pictures_work_on_pypi_too() -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatch_fancy_pypi_readme"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=True,
    ).stdout
    assert re.findall(r"\]\((?!https://)[^)]*\)", built) == []
    assert re.findall(r'(?:src|srcset)="(?!https://)', built) == []
    assert "](https://github.com/pywats/pywats/blob/main/docs/tutorial.md)" in built
