"""Whatever the documentation shows, runs; wherever it points, is something."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

import pywats
from tests.cli.running import run
from tests.docs.pages import ROOT, Page, pages
from tests.untraced import untraced

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

PAGES = pages()
# tests/docs/test_following.py runs all of a guide, and looks at what it prints.
ELSEWHERE = {"tutorial.md", *(name for name in PAGES if name.startswith("guides/"))}
PROGRAMS = [
    (name, n)
    for name, page in PAGES.items()
    if name not in ELSEWHERE
    for n in range(len(page.programs))
]
FILES = [(name, title) for name, page in PAGES.items() for title in page.tests]
COMMANDS = [(name, command) for name, page in PAGES.items() for command in page.commands]
SETTINGS = """\
[pytest]
filterwarnings = error
asyncio_default_fixture_loop_scope = function
"""


def execute(arguments: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own pages
        [sys.executable, "-W", "error", *arguments],
        cwd=folder,
        env=untraced(PYTHONIOENCODING="utf-8") | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lay_out(page: Page, folder: Path) -> None:
    for title, code in page.files.items():
        (folder / title).write_text(code, encoding="utf-8")


@pytest.mark.parametrize(("name", "number"), PROGRAMS)
def test_a_program_runs(name: str, number: int, sandbox: Sandbox, tmp_path: Path) -> None:
    lay_out(PAGES[name], tmp_path)
    program = PAGES[name].programs[number]
    execute(["-c", program], tmp_path, PYWATS_BASE_URL=sandbox.base_url, PYWATS_TOKEN=sandbox.token)


@pytest.mark.parametrize(("name", "title"), FILES)
def test_a_file_of_tests_passes(name: str, title: str, tmp_path: Path) -> None:
    lay_out(PAGES[name], tmp_path)
    (tmp_path / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    printed = execute(["-m", "pytest", "-q", title], tmp_path)
    assert f"{PAGES[name].files[title].count('def test_')} passed" in printed


@pytest.mark.parametrize(("name", "command"), COMMANDS)
def test_a_command_exists_with_its_options(name: str, command: str) -> None:
    del name
    words = shlex.split(command)[1:]
    names = [word for word in words[:2] if word.isalpha()]
    if names[:1] != ["report"]:
        names = names[:1]
    usage = run(*names, "--help", env={"COLUMNS": "200"})
    for option in [word for word in words if word.startswith("--")]:
        assert option in usage


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name: str) -> None:
    page = PAGES[name]
    for link in page.links:
        target, _, anchor = link.partition("#")
        if "://" in target:
            # Whether the page is there, `make docs-links` asks.
            address = urlsplit(link)
            assert address.scheme == "https", link
            assert re.fullmatch(r"([\w-]+\.)+[a-z]+", address.netloc), link
            continue
        path = (page.path.parent / target).resolve() if target else page.path
        assert path.exists(), link
        assert path.is_relative_to(ROOT), link
        if anchor:
            assert anchor in Page(path).anchors, link


@pytest.mark.parametrize("name", PAGES)
def test_paths_and_targets_are_there(name: str) -> None:
    page = PAGES[name]
    for path in page.paths:
        # The package may be an installed wheel.
        folder = Path(pywats.__file__).parents[1] if path.startswith("src/") else ROOT
        pattern = path.removeprefix("src/").rstrip("/").replace("<service>", "product*")
        assert list(folder.glob(pattern)), path
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in page.targets:
        assert f"\n{target}: " in makefile, target
