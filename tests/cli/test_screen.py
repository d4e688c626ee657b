from __future__ import annotations

import json

import pytest
import typer
from rich.table import Table

from pywats.cli.exits import fail
from pywats.cli.screen import console, print_json, print_text
from tests.cli.running import invoke
from tests.redaction.hostile import HARMFUL, HOSTILE

each_text = pytest.mark.parametrize("kind", HOSTILE)


def is_safe(output: str) -> bool:
    return not HARMFUL.search(output.replace("\n", ""))


@each_text
def test_the_console_prints_no_control_characters(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table(HOSTILE[kind][:1000])
    table.add_row(HOSTILE[kind][:1000])
    screen = console()
    screen.print(HOSTILE[kind][:1000], markup=False)
    screen.print(table)
    assert is_safe(capsys.readouterr().out)


@each_text
def test_messages_have_no_control_characters(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_text(HOSTILE[kind])
    with pytest.raises(typer.Exit):
        fail(HOSTILE[kind])
    print_json({"text": HOSTILE[kind][:1000]})
    captured = capsys.readouterr()
    assert is_safe(captured.out + captured.err)


@each_text
@pytest.mark.parametrize(
    "arguments",
    [
        ("{}",),
        ("--{}",),
        ("trace", "{}"),
        ("trace", "ab" * 16, "--svg", "/no/{}/x"),
        ("report", "submit", "--{}"),
        ("sandbox", "--fault", "{}"),
        ("doctor", "--base-url", "{}"),
    ],
    ids=["command", "option", "id", "file", "option of a command", "fault", "address"],
)
def test_usage_errors_quote_arguments_without_control_characters(
    kind: str, arguments: tuple[str, ...]
) -> None:
    given = [each.format(HOSTILE[kind][:2000]) for each in arguments]
    done = invoke(*given, code=1 if given[0] == "doctor" else 2)
    assert is_safe(done.output)


def test_numbers_that_json_does_not_have_are_strings(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": [float("inf"), float("nan")]})
    assert json.loads(capsys.readouterr().out) == {"a": ["Infinity", "NaN"]}
