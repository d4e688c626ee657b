"""Follow a page by pasting alone: what its reader would do, in order, in a fresh directory.

A block of Python with a title is added to the file of that name; one without a title is run. The
commands of console blocks are run in one shell. What a block of text directly behind a program
shows, and the lines below a command, must be what comes out. ``…`` stands for any text, alone on a
line for any lines; ids, times and durations may be others.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.docs.fences import Fence, fences
from tests.docs.fresh_environment import FreshEnvironment
from tests.untraced import untraced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Commands that a fresh directory has nothing for: they need the repository, Docker or a browser,
# or would take away what is installed. Other tests look at them.
NOT_HERE = re.compile(
    r"(?:[A-Z_]+=\S+\s+)*(?:make|docker|git|jupyter lab|pip uninstall|\.venv/bin/pytest)\b"
)
# What of a large package is here: JupyterLab without the pages in the browser.
PARTS = {"jupyterlab": ["ipykernel", "nbclient"]}
SERVERS = re.compile(r"pywats sandbox\b|flask run\b|(?:python -m )?uvicorn\b|gunicorn\b")
_PORT = re.compile(r"(?:--port[ =]|127\.0\.0\.1:|localhost:)(80\d\d)\b")
_VARIABLE = re.compile(r"[A-Z_]+=")
_DIFFERS = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r"\b[0-9a-f]{16}\b"), "<span id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:\+00:00|Z)?"), "<time>"),
    (re.compile(r"\b\d+(?:\.\d+)? ?(ms|s)\b"), r"<duration> \1"),
    (re.compile(r"(127\.0\.0\.1|localhost):\d+"), r"\1:<port>"),
    # Bars, with the phases of attempts in them.
    (re.compile(r"[━─╸╺·╌┄┈═▪ ]{2,}"), " "),
)
_LIMIT = 50.0


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook.

    Attributes:
        block: Where it stands.
        code: Its code.
        shown: What the page shows below it; empty if nothing.
    """

    block: Fence
    code: str
    shown: str

    @property
    def as_json(self) -> dict[str, object]:
        return {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": self.code,
        }


@dataclass
class Reader:
    """Who follows a page.

    Attributes:
        folder: The working directory, empty at first.
        environment: Where packages are installed.
        variables: What is set in the shell.
        ports: Ports of servers that are there, by the ports that pages name.
        printed: All that was compared, as pairs of the page's text and what came out.
    """

    folder: Path
    environment: FreshEnvironment
    variables: dict[str, str]
    ports: dict[str, str] = field(default_factory=dict)
    printed: list[tuple[str, str]] = field(default_factory=list)
    _servers: ExitStack = field(default_factory=ExitStack)
    _notebooks: dict[str, list[Cell]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._servers.close()

    def follow(self, page: str, *, before_each: Callable[[], None] = lambda: None) -> None:
        """Follow the page with this path below the root of the repository.

        Args:
            page: The path.
            before_each: Called before each program.
        """
        blocks = [each for each in fences() if each.page == page]
        ports = self.ports | _free_ports(blocks)
        for number, block in enumerate(blocks):
            after = blocks[number + 1] if number + 1 < len(blocks) else None
            code = _with_ports(block.code, ports)
            shown = after.code if after is not None and after.language == "text" else ""
            if block.title and block.title.endswith(".ipynb"):
                self._add_cell(block.title, Cell(block, code, shown))
            elif block.language == "python" and block.title:
                with (self.folder / block.title).open("a", encoding="utf-8") as file:
                    separated = "\n\n" if file.tell() else ""
                    file.write(separated + code)
            elif block.language == "python":
                before_each()
                came_out = self.run([str(self.environment.python), "-c", code], block)
                if shown:
                    self._compare(_with_ports(shown, ports), came_out, block)
            elif block.language == "console":
                for command, expected in console_steps(code):
                    self._type(command, expected, block, before_each)

    def run(self, words: list[str], where: Fence) -> str:
        """Run a program; return what a terminal would show."""
        done = subprocess.run(  # noqa: S603 - our own pages
            words,
            cwd=self.folder,
            env=self._variables(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            timeout=_LIMIT,
            check=False,
        )
        assert done.returncode == 0, f"{where}\n{done.stdout}"
        return done.stdout

    def _type(
        self, command: str, expected: str, where: Fence, before_each: Callable[[], None]
    ) -> None:
        words = shlex.split(command, comments=True)
        if NOT_HERE.match(command) or words[:3] == ["python3", "-m", "venv"] or words[0] == ".":
            return
        if words[0] == "export":
            self.variables |= dict(word.split("=", 1) for word in words[1:])
        elif words[:2] == ["pip", "install"] or words[0].endswith("/pip"):
            wanted = [word for word in words[2:] if not word.startswith("-")]
            self.environment.install(*(part for word in wanted for part in PARTS.get(word, [word])))
        elif SERVERS.match(command):
            self._compare(expected, self._serve(words, expected, where), where)
        else:
            before_each()
            came_out = self.run(["bash", "-c", command], where)
            if expected:
                self._compare(expected, came_out, where)
            if words[:2] == ["jupyter", "execute"]:
                self._compare_cells(words[-1])

    def _add_cell(self, notebook: str, cell: Cell) -> None:
        cells = self._notebooks.setdefault(notebook, [])
        cells.append(cell)
        notebook_of = {
            "cells": [each.as_json for each in cells],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
        (self.folder / notebook).write_text(json.dumps(notebook_of), encoding="utf-8")

    def _compare_cells(self, notebook: str) -> None:
        executed = json.loads((self.folder / notebook).read_text(encoding="utf-8"))["cells"]
        for cell, ran in zip(self._notebooks[notebook], executed, strict=True):
            outputs = [each.get("text") or each["data"]["text/plain"] for each in ran["outputs"]]
            if cell.shown:
                self._compare(cell.shown, "\n".join(map("".join, outputs)), cell.block)

    def _serve(self, words: list[str], expected: str, where: Fence) -> str:
        """Start a server in a terminal of its own; return what it shows until it is up."""
        output = self._servers.enter_context(
            tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - the stack closes it
        )
        server = subprocess.Popen(  # noqa: S603 - our own pages
            ["bash", "-c", f"exec {shlex.join(words)}"],  # noqa: S607
            cwd=self.folder,
            env=self._variables(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        self._servers.callback(_end, server)
        enough = len(expected.splitlines())
        deadline = time.monotonic() + _LIMIT
        while True:
            output.seek(0)
            shown = output.read()
            if shown.count("\n") >= enough:
                return shown
            assert server.poll() is None, f"{where}: {words} ended\n{shown}"
            assert time.monotonic() < deadline, f"{where}: {words} shows too little\n{shown}"
            time.sleep(0.02)

    def _variables(self) -> dict[str, str]:
        path = f"{self.environment.commands}{os.pathsep}{os.environ['PATH']}"
        return untraced(
            HOME=str(self.folder),
            PATH=path,
            PYTHONUNBUFFERED="1",
            PYTHONIOENCODING="utf-8",
            **self.variables,
        )

    def _compare(self, expected: str, came_out: str, where: Fence) -> None:
        self.printed.append((expected, came_out))
        assert matches(expected, came_out), (
            f"{where}: the page says\n{expected}\nand it is\n{came_out}"
        )


def console_steps(code: str) -> Iterator[tuple[str, str]]:
    """Return the commands of a console block, each with the lines that it shows."""
    for part in re.split(r"^\$ ", code.replace("\\\n", ""), flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def matches(expected: str, came_out: str) -> bool:
    """Return whether a text is what the page says, but for what differs from run to run."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else _as_pattern(line) + "\n"
        for line in _lines(expected)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _lines(came_out))) is not None


def _as_pattern(line: str) -> str:
    return ".*".join(map(re.escape, line.split("…")))


def _lines(text: str) -> list[str]:
    for pattern, mask in _DIFFERS:
        text = pattern.sub(mask, text)
    return [line.strip() for line in text.splitlines() if line.strip()]


def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)
    try:
        server.wait(120)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
        raise


def _free_ports(blocks: list[Fence]) -> dict[str, str]:
    """Return a free port for each port that the page's own servers listen on."""
    servers = [
        command
        for block in blocks
        if block.language == "console"
        for command, _ in console_steps(block.code)
        if SERVERS.match(command)
    ]
    with ExitStack() as stack:
        free: dict[str, str] = {}
        for named in dict.fromkeys(_PORT.findall("\n".join(servers))):
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            free[named] = str(listener.getsockname()[1])
        return free


def _with_ports(code: str, ports: dict[str, str]) -> str:
    for named, free in ports.items():
        code = re.sub(rf"\b{named}\b", free, code)
    return code
