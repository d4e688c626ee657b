"""The command line ``pywats`` (extra ``cli``)."""

from __future__ import annotations

import sys

from pywats.terminal import use_plain_characters

__all__ = ["main"]

_PACKAGES = {"rich", "typer"}


def main() -> None:
    """Run the command line; if a package of the extra is missing, say what to install."""
    use_plain_characters()
    try:
        from pywats.cli.app import app  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as missing:
        package = (missing.name or "").partition(".")[0]
        if package not in _PACKAGES:
            raise
        print(  # noqa: T201 - a command talks to a terminal
            f"The command line needs the package {package}: pip install 'pywats[cli]'",
            file=sys.stderr,
        )
        sys.exit(2)
    app(prog_name="pywats")
