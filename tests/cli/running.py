"""Runs the command line, in this process and in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from typer.testing import CliRunner

from pywats.cli.app import app

if TYPE_CHECKING:
    from typer.testing import Result


def run(*arguments: object, code: int = 0, env: dict[str, str] | None = None) -> str:
    """Run a command in this process and return its standard output."""
    return invoke(*arguments, code=code, env=env).stdout


def invoke(*arguments: object, code: int | None = 0, env: dict[str, str] | None = None) -> Result:
    """Run a command in this process; with ``code=None``, whatever its exit code is."""
    done = CliRunner().invoke(app, [str(each) for each in arguments], env=env)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert code is None or done.exit_code == code, done.output
    return done


def run_json(*arguments: object, code: int = 0, env: dict[str, str] | None = None) -> Any:
    """Run a command with ``--json`` and return what it printed, decoded."""
    return json.loads(run(*arguments, "--json", code=code, env=env))


def run_process(*arguments: str, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    """Run Python in a process of its own; return exit code, standard output and error."""
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-W", "error", *arguments],
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | (env or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr
