"""Write generated files, or print how the existing files differ from them."""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["bring_up_to_date"]

UP_TO_DATE = "No changes needed"


def bring_up_to_date(files: Mapping[Path, str], *, check: bool) -> int:
    """Write the files that differ, or print how they differ.

    Args:
        files: The expected text of each file.
        check: True writes nothing and prints a diff of each stale file.

    Returns:
        The exit status: 1 if a file is stale and was not written, else 0.
    """
    stale = 0
    for path, wanted in files.items():
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present == wanted:
            continue
        stale += 1
        if check:
            sys.stdout.writelines(_difference(path, present, wanted))
        else:
            path.write_text(wanted, encoding="utf-8")
            print(f"wrote {path}")  # noqa: T201 - the output of a command
    if not stale:
        print(UP_TO_DATE)  # noqa: T201 - the output of a command
    return 1 if stale and check else 0


def _difference(path: Path, present: str, wanted: str) -> list[str]:
    return list(
        difflib.unified_diff(
            present.splitlines(keepends=True),
            wanted.splitlines(keepends=True),
            f"{path} (present)",
            f"{path} (generated)",
        )
    )
