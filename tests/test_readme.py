"""Every Python block of the README runs as pasted."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.running import run
from tests.docs.pages import Page

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
README = Page(ROOT / "README.md")
BLOCKS = README.programs


def test_the_readme_has_its_blocks() -> None:
    assert len(BLOCKS) == 2
    assert README.targets == ["demo", "test"]
    assert len(README.commands) == 4


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_a_block_runs_as_pasted(number: int, sandbox: Sandbox) -> None:
    environment = os.environ | {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token}
    done = subprocess.run(  # noqa: S603 - our own README
        [sys.executable, "-W", "error", "-c", BLOCKS[number]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
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
    for target in README.links:
        assert (ROOT / target).exists(), target


def test_what_the_project_is_fits_one_screen() -> None:
    head = README.text.partition("\n## ")[0]
    assert "![" in head
    assert "$ make demo" in head
    assert "$ make test" in head
    assert len(head.splitlines()) <= 45
