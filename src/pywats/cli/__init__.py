"""The command line ``pywats`` (extra ``cli``)."""

from __future__ import annotations

import errno
import os
import sys

from pywats.terminal import use_plain_characters

__all__ = ["main"]

_PACKAGES = {"rich", "typer"}
_OUTPUT_FULL = {errno.ENOSPC, errno.EFBIG, errno.EIO}


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
    try:
        app(prog_name="pywats")
    except OSError as error:
        # The commands handle the errors of files and connections: this one is of the output.
        if error.errno not in _OUTPUT_FULL:
            raise
        # At its exit the interpreter would fail again with what is left in the buffer.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(  # noqa: T201 - a command talks to a terminal
            f"The output cannot be written ({error.strerror}).", file=sys.stderr
        )
        sys.exit(1)
