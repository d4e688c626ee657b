"""Find report files in folders, and detect which of them are completely written."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Watch", "is_folder", "report_files"]

_SUFFIXES: Final = frozenset({".json", ".wsjf", ".xml", ".wsxf"})
_SETTLED = 1.0

Signature = tuple[int, int, int]


def report_files(paths: Iterable[Path], leave_out: Path | None = None) -> Iterator[Path]:
    """Yield the given files, and the report files below the given folders.

    In folders, files that end in .json, .wsjf, .xml or .wsxf are report files. Hidden files and
    folders are left out.

    Args:
        paths: Files and folders, in the order in which they are submitted; files of a folder come
            in the order of their names.
        leave_out: A folder whose files are skipped.

    Yields:
        Each file once.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _below(path, leave_out) if is_folder(path) else (path,):
            if file not in seen:
                seen.add(file)
                yield file


def is_folder(path: Path) -> bool:
    """Return whether a path leads to a folder; False also if an error prevents the check."""
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises below a closed folder


def _below(folder: Path, leave_out: Path | None) -> Iterator[Path]:
    closed: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=closed.append):
        here = Path(place)
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and not _is_same(here / name, leave_out)
        )
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() in _SUFFIXES:
                yield here / name
    # Yield unreadable folders like files: reading them later reports the error.
    yield from (Path(error.filename) for error in closed)


def _is_same(folder: Path, other: Path | None) -> bool:
    try:
        return other is not None and folder.samefile(other)
    except OSError:
        return False


class Watch:
    """Finds files as they appear in folders.

    A file is returned when it has not changed for a second, because before that it may still be
    written. A file that failed is returned again after it has changed.

    Args:
        paths: Files and folders.
        leave_out: A folder whose files are skipped.
    """

    def __init__(self, paths: Sequence[Path], leave_out: Path | None) -> None:
        self._paths = paths
        self._leave_out = leave_out
        self._found: dict[Path, Signature] = {}

    def new(self) -> list[Path]:
        """Return the files that are new or have changed since they were returned."""
        files: list[Path] = []
        known, self._found = self._found, {}
        for path in report_files(self._paths, self._leave_out):
            try:
                status = path.stat()
            except OSError:
                # The file was moved meanwhile, or does not exist yet.
                continue
            signature = (status.st_ino, status.st_size, status.st_mtime_ns)
            if known.get(path) == signature:
                self._found[path] = signature
            elif time.time() - status.st_mtime >= _SETTLED:
                self._found[path] = signature
                files.append(path)
        return files
