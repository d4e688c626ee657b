"""The journal of submitted files: a line of JSON for each, written before the next is sent."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ValidationError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["Entry", "Journal"]


class Entry(BaseModel, frozen=True):
    """A file that a server has taken.

    Attributes:
        server: Address of the server.
        sha256: Digest of the file's bytes: a file that changes is another file.
        file: Where it was.
        reports: Ids of its reports.
        number: Number that the server gave the first one.
    """

    server: str
    sha256: str
    file: str
    reports: tuple[str, ...]
    number: int | None


class Journal:
    """Knows which files a server has taken; use it in a ``with`` block.

    A line that a crash has torn counts for nothing, nor does one that is not UTF-8: its file is
    submitted again, and the server recognises the report.

    Args:
        path: The journal; made if there is none.
        server: Address of the server that this run submits to.

    Raises:
        OSError: The journal cannot be read or written.
    """

    def __init__(self, path: Path, server: str) -> None:
        self.path = path
        self._server = server
        # As bytes, so that a line that is not UTF-8 spoils no other.
        self._file = path.open("a+b")
        self._file.seek(0)
        held = self._file.read()
        self._entries = {entry.sha256: entry for entry in _entries(held) if entry.server == server}
        if held and not held.endswith(b"\n"):
            self._file.write(b"\n")

    def find(self, digest: str) -> Entry | None:
        """Return the entry of a file with these bytes; None if the server has not taken it."""
        return self._entries.get(digest)

    def add(self, file: str, digest: str, reports: tuple[str, ...], number: int | None) -> None:
        """Note that the server has taken a file, and return when the disk has it."""
        entry = Entry(server=self._server, sha256=digest, file=file, reports=reports, number=number)
        self._entries[digest] = entry
        self._file.write(json.dumps(entry.model_dump(mode="json")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()


def _entries(held: bytes) -> list[Entry]:
    entries = []
    for line in held.splitlines():
        try:
            entries.append(Entry.model_validate_json(line))
        except ValidationError:
            continue
    return entries
