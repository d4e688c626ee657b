"""Every guide can be followed by pasting alone."""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from pywats.sandbox import Sandbox
from tests.docs.fences import fences
from tests.docs.following import NOT_HERE, Reader, console_steps, matches
from tests.docs.fresh_environment import FreshEnvironment
from tests.docs.pages import DOCS
from tests.docs.trace_store import trace_store

if TYPE_CHECKING:
    from pathlib import Path

GUIDES = [
    "docs/tutorial.md",
    *(f"docs/guides/{path.name}" for path in sorted((DOCS / "guides").glob("*.md"))),
]


def test_all_nine_services_have_an_example() -> None:
    assert len(SERVICES) == 9 + 1  # and their index


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_ends_with_a_command_and_its_output(guide: str) -> None:
    last = [each for each in fences() if each.page == guide and each.language != "powershell"][-1]
    assert last.language == "console", last
    *_, (command, shown) = console_steps(last.code)
    assert shown.strip(), last
    assert not NOT_HERE.match(command), last


SERVICES = [
    f"docs/reference/api/services/{path.name}"
    for path in sorted((DOCS / "reference" / "api" / "services").glob("*.md"))
]


@pytest.mark.timeout(240)
@pytest.mark.parametrize("guide", [*GUIDES, *SERVICES])
def test_a_guide_is_followed_by_pasting_alone(guide: str, tmp_path: Path) -> None:
    environment = FreshEnvironment(tmp_path / "environment")
    folder = tmp_path / "work"
    folder.mkdir()
    text = " ".join((DOCS.parent / guide).read_text(encoding="utf-8").split())
    servers: list[Sandbox] = []
    with ExitStack() as stack:
        ports = stack.enter_context(trace_store())
        reader = stack.enter_context(Reader(folder, environment, {}, ports))

        def start_a_server() -> None:
            server = stack.enter_context(Sandbox())
            servers.append(server)
            reader.variables |= {"PYWATS_BASE_URL": server.base_url, "PYWATS_TOKEN": server.token}

        if re.search(r"\(\S*#2-start-a-server\)", text):
            start_a_server()
        if "start it again before each job" in text:
            reader.follow(guide, before_each=start_a_server)
        else:
            reader.follow(guide)
    assert reader.printed
    assert [error for server in servers for error in server.errors] == []


@pytest.mark.parametrize(
    ("expected", "came_out", "same"),
    [
        ("SN-1\n", "SN-1\n", True),
        ("SN-1\n", "SN-2\n", False),
        ("SN-1\n", "SN-1\nSN-2\n", False),
        ("SN-1\n", "SN-1 \n", True),
        ("in 2 ms\n", "in 13.04 ms\n", True),
        ("a\n…\nd\n", "a\nb\nc\nd\n", True),
        ("a\n…\nd\n", "a\nd\n", True),
        ("a\n…\nd\n", "a\nb\nc\n", False),
        ("a (…) b\n", "a (x) b\n", True),
        (f"[{'0' * 32}]\n", f"[{'a1' * 16}]\n", True),
        ("http://127.0.0.1:8080\n", "http://127.0.0.1:41234\n", True),
        ("", "", True),
        ("", "more\n", False),
    ],
)
def test_output_is_compared_but_for_what_differs_from_run_to_run(
    expected: str, came_out: str, *, same: bool
) -> None:
    assert matches(expected, came_out) is same


def test_commands_have_the_lines_below_them_as_output() -> None:
    code = "$ one \\\n  --more\nfirst\nsecond\n$ two\n"
    assert list(console_steps(code)) == [("one   --more", "first\nsecond\n"), ("two", "")]
