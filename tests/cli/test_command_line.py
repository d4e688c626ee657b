"""What all commands have in common, and the two small ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import pywats
from tests.cli.running import run, run_process

WITHOUT = """
import sys
sys.modules[{package!r}] = None  # as if it were not installed
sys.argv = ["pywats", *{arguments!r}]
from pywats.cli import main
main()
"""


def test_the_version() -> None:
    assert run("--version") == f"pywats {pywats.__version__}\n"


@pytest.mark.parametrize(
    "command",
    [("demo",), ("doctor",), ("sandbox",), ("trace",), ("report",), ("report", "submit"), ()],
)
def test_the_help_of_every_command_tells_the_exit_codes(command: tuple[str, ...]) -> None:
    text = " ".join(run(*command, "--help", env={"COLUMNS": "100"}).split())
    assert "Exit codes: 0 all is well, 1 a check or a file failed, 2 the command was used" in text


def test_the_module_is_the_command() -> None:
    code, printed, _ = run_process("-m", "pywats.cli", "--version")
    assert (code, printed) == (0, f"pywats {pywats.__version__}\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has /dev/full")
@pytest.mark.parametrize("command", [("--version",), ("--help",), ("doctor", "--json")])
def test_a_full_disk_is_told_without_a_traceback(
    command: tuple[str, ...],
) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "pywats.cli", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=240,
            check=False,
        )
    told = b"The output cannot be written (No space left on device).\n"
    assert (done.returncode, done.stderr) == (1, told)


def test_a_picture_takes_the_sdk(tmp_path: Path) -> None:
    arguments = ["demo", "--svg", str(tmp_path / "trace.svg")]
    program = WITHOUT.format(package="opentelemetry.sdk", arguments=arguments)
    code, printed, told = run_process("-c", program)
    needs = "This command needs the package opentelemetry: pip install 'pywats[cli,otel]'\n"
    assert (code, printed, told) == (2, "", needs)


@pytest.mark.parametrize(
    ("package", "arguments", "advice"),
    [
        ("typer", ["--version"], "The command line needs the package typer: "),
        ("rich", ["--version"], "The command line needs the package rich: "),
        ("uvicorn", ["sandbox"], "This command needs the package uvicorn: "),
        ("starlette", ["demo"], "This command needs the package starlette: "),
    ],
)
def test_a_missing_extra_is_named(package: str, arguments: list[str], advice: str) -> None:
    program = WITHOUT.format(package=package, arguments=arguments)
    code, printed, told = run_process("-c", program)
    extra = "cli" if package in {"typer", "rich"} else "cli,sandbox"
    assert (code, printed, told) == (2, "", f"{advice}pip install 'pywats[{extra}]'\n")


def test_other_missing_modules_are_mistakes_of_ours() -> None:
    program = WITHOUT.format(package="pywats.cli.trace", arguments=["--version"])
    code, _, told = run_process("-c", program)
    assert code == 1
    assert "ModuleNotFoundError: import of pywats.cli.trace halted" in told
    program = WITHOUT.format(package="pywats.sandbox", arguments=["sandbox"])
    code, _, told = run_process("-c", program)
    assert code == 1
    assert "ModuleNotFoundError: import of pywats.sandbox halted" in told


def test_on_its_own_it_teaches() -> None:
    code, printed, _ = run_process("-m", "pywats.cli")
    assert code == 2
    assert "pywats report submit results/*.json" in printed


def test_the_demo_plays_and_draws(tmp_path: Path) -> None:
    picture = tmp_path / "trace.svg"
    code, printed, told = run_process("-m", "pywats.cli", "demo", "--svg", str(picture))
    assert (code, told) == (0, "")
    assert "4 · A permanent error" in printed
    assert picture.read_text(encoding="utf-8").startswith("<svg ")
