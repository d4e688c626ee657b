"""What the page on the command line is made of is what the commands take."""

from __future__ import annotations

import re

import pytest

from pywats.cli.app import app
from tests.cli.running import run
from tests.reference.command_line_page import commands, parameters

COMMANDS = dict(commands(app, "pywats"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_the_same_options_and_arguments(name: str) -> None:
    usage = run(*name.split()[1:], "--help", env={"COLUMNS": "200"})
    found = parameters(COMMANDS[name])
    declared = {each.names.strip("`") for each in found if each.is_option}
    shown = set(re.findall(r"│ \*? *(--[\w-]+)", usage))
    assert shown - {"--help", "--install-completion", "--show-completion"} == declared
    for each in found:
        if not each.is_option:
            assert each.metavar in usage
        default = re.escape(str(each.declared.default)) if each.default else None
        assert default is None or re.search(rf"\[default: {default}\b", usage), each.name
    assert usage.count("[default: ") == sum(bool(each.default) for each in found)


def test_every_command_is_there() -> None:
    usage = run("--help", env={"COLUMNS": "200"})
    listed = set(re.findall(r"^│ (\w+)", usage, re.MULTILINE))
    assert {name.split()[1] for name in COMMANDS if " " in name} == listed
