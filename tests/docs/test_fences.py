"""Every block of code of every page is checked: it runs, it parses, or it is output."""

from __future__ import annotations

import configparser
import json
import re
import shlex
import tomllib
from importlib.util import find_spec
from pathlib import PurePath
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.docs.fences import Fence, fences, texts
from tests.docs.pages import ROOT, Page

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = texts()
# What Sphinx reads; it fails if there is something wrong with it.
DIRECTIVES = {"{eval-rst}", "{image}", "{include}", "{toctree}"}
PARSERS: dict[str, Callable[[str], object]] = {
    "ini": lambda text: configparser.ConfigParser().read_string(text),
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}
# Programs in consoles that are not ours.
OTHERS = {".", "cat", "docker", "export", "grep", "jupyter", "mutmut", "pytest"}
SET_IN_BASH = re.compile(r"^\$ export (\w+)=(\S+)$", re.MULTILINE)
EXTRAS = set(
    tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "optional-dependencies"
    ]
)
CONSOLES = [fence for fence in fences() if fence.language == "console"]
COMMANDS = [
    pytest.param(fence, words, id=f"{fence}: {' '.join(words)}")
    for fence in CONSOLES
    for words in fence.commands
]


def test_stations_run_windows_too() -> None:
    """Where a page sets the server's address in a shell, it says how PowerShell does it."""
    setting = {each.page for each in CONSOLES if "export PYWATS_BASE_URL=" in each.code}
    assert setting - {"README.md"} <= {
        each.page for each in fences() if each.language == "powershell"
    }


@pytest.mark.parametrize("fence", fences(), ids=str)
def test_a_block_is_checked(fence: Fence) -> None:
    assert fence.info is not None, "an indented block: nobody knows what it is"
    language = fence.language
    if language == "python":
        # tests/docs/test_following.py and its neighbours run these.
        assert fence.code in TEXTS[fence.page].python
    elif language == "console":
        assert fence.commands, "a console without a command"
    elif language == "powershell":
        lines = fence.code.splitlines()
        assert all(line.startswith("PS> ") for line in lines)
        twins = SET_IN_BASH.findall(TEXTS[fence.page].text)
        assert {line for line in lines if "$env:" in line} <= {
            f'PS> $env:{name} = "{value}"' for name, value in twins
        }
    elif language in PARSERS:
        PARSERS[language](fence.code)
    else:
        assert language in {"text", *DIRECTIVES}, f"no such language: {language!r}"


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_of_a_page_is_used_by_its_page(name: str) -> None:
    page = TEXTS[name]
    for title in page.files.keys() - set(page.tests):
        others = [*page.programs, *(code for other, code in page.files.items() if other != title)]
        others += [each.code for each in CONSOLES if each.page == name]
        assert re.search(rf"\b{PurePath(title).stem}\b", "\n".join(others)), title


@pytest.mark.parametrize(("fence", "words"), COMMANDS)
def test_a_command_is_one_that_there_is(fence: Fence, words: list[str]) -> None:
    program, *arguments = words
    name = PurePath(program).name or program
    if name == "pywats":
        # tests/docs/test_pages.py and tests/docs/test_readme.py ask it for its options.
        assert words in [shlex.split(command) for command in TEXTS[fence.page].commands]
    elif name == "make":
        targets = [word for word in arguments if "=" not in word]
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        for target in targets:
            assert re.search(rf"^{target}: ", makefile, re.MULTILINE), target
    elif name in {"python", "python3"}:
        runs_something(TEXTS[fence.page], arguments)
    elif name == "pip":
        assert arguments[0] in {"install", "uninstall"}
    else:
        assert name in OTHERS


@pytest.mark.parametrize("name", TEXTS)
def test_the_extras_of_a_page_are_there(name: str) -> None:
    named = re.findall(r"(?:pywats|'\.)\[([\w,]+)\]", TEXTS[name].text)
    assert {extra for each in named for extra in each.split(",")} <= EXTRAS


def runs_something(page: Page, arguments: list[str]) -> None:
    if arguments[0] == "-m":
        assert find_spec(arguments[1]) is not None, arguments[1]
    else:
        assert arguments[0] in page.files or (ROOT / arguments[0]).is_file(), arguments[0]
