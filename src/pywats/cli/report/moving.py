"""Move files that a server has accepted to another folder."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pywats.cli.report.outcome import Outcome

__all__ = ["move"]


def move(path: Path, folder: Path, outcome: Outcome) -> Outcome:
    """Move a file without replacing another; return its outcome with the new path or the error."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        target = _free_place(path, folder)
    except OSError as error:
        return replace(outcome, error=f"{outcome.status}, but not moved: {error}")
    return replace(outcome, moved_to=str(target))


def _free_place(path: Path, folder: Path) -> Path:
    for number in count():
        name = path.name if number == 0 else f"{path.stem}-{number}{path.suffix}"
        target = folder / name
        try:
            # O_EXCL: reserve the name without replacing a file.
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            continue
        try:
            shutil.move(path, target)
        except BaseException:
            target.unlink()
            raise
        return target
    raise AssertionError  # pragma: no cover - count() does not end
