"""Every Python block of the README runs as pasted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def test_the_readme_has_its_blocks() -> None:
    assert len(BLOCKS) == 5


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


def test_the_links_of_the_readme_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
