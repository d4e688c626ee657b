"""The pictures of the architecture show the layers and modules that there are."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from tests.docs.pages import DOCS, ROOT

SCRIPT = ROOT / "scripts" / "draw_architecture.py"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]


def drawn(name: str) -> list[str]:
    picture = (DOCS / "explanation" / name).read_text(encoding="utf-8")
    return re.findall(r'class="name">([^<]*)<', picture)


def test_the_pictures_are_up_to_date() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(SCRIPT), "--check"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_layers_are_those_of_the_contract_from_top_to_bottom() -> None:
    layers = next(each["layers"] for each in CONTRACTS if each["type"] == "layers")
    names = [name for layer in layers for name in re.split(r" [|:] ", layer)]
    assert drawn("layers.svg") == [name for name in names if name != "_version"]


@pytest.mark.parametrize("name", ["layers.svg", "call.svg"])
def test_a_picture_can_be_read_in_both_modes_and_by_those_who_cannot_see(name: str) -> None:
    picture = (DOCS / "explanation" / name).read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in picture
    assert 'class="paper"' in picture
    assert re.search(r'role="img">\n<title>.{40,}</title>', picture)
