"""The journal of submitted files: one line of JSON for each file that a server has taken.

Several runs may share a journal: each locks it for one file at a time, and reads first what the
others have noted. The room for a line is on the disk before the file is sent, so that a full disk
cannot lose the note of a file that was taken.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Self

from pywats.models.report.wsxf_text import same_id
from pywats.runtime.file_lock import locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

__all__ = ["Entry", "Journal", "JournalError", "Slot"]

# The digits of the largest number that a server can give (a 64-bit integer), with its sign.
_LONGEST_NUMBER = -(2**63)


class JournalError(Exception):
    """The journal cannot be written; nothing was sent that it does not know."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that a server has taken.

    Attributes:
        server: Address of the server.
        sha256: Digest of the file's bytes: a file that changes is another file.
        file: Where it was; a name that is not UTF-8 has the form that `os.fsdecode` gives it.
        reports: Ids of the reports that the server has confirmed.
        number: Number that the server gave the first one.
    """

    server: str
    sha256: str
    file: str
    reports: tuple[str, ...]
    number: int | None


class Journal:
    """Knows which files a server has taken; use it in a ``with`` block.

    A line that a crash has torn counts for nothing, and so does a line that is not JSON: its file
    is submitted again, and the server recognises the report.

    Args:
        path: The journal; made if there is none. A symbolic link is not followed.
        server: Address of the server that this run submits to.

    Raises:
        OSError: The journal cannot be read or written.
        ValueError: It is a symbolic link, or not a regular file.
    """

    def __init__(self, path: Path, server: str) -> None:
        self.path = path
        self._server = server
        self._fd = _opened(path)
        self._taken: dict[str, Entry] = {}
        self._owners: dict[str, Entry] = {}
        # Up to here all lines are known.
        self._end = 0
        with locked(self._fd):
            self._read_on()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Keep other runs from sending a file in the ``with`` block; know what they have noted."""
        with locked(self._fd):
            self._read_on()
            yield

    def find(self, digest: str) -> Entry | None:
        """Return the entry of a file with these bytes; None if the server has not taken it."""
        return self._taken.get(digest)

    def owner(self, report_id: str) -> Entry | None:
        """Return the entry of the file whose report has this id; None if there is none."""
        return self._owners.get(same_id(report_id))

    @contextmanager
    def room_for(self, file: str, digest: str, reports: tuple[str, ...]) -> Iterator[Slot]:
        """Reserve the line of a file, for the ``with`` block in which it is sent.

        Raises:
            JournalError: There is no room; nothing was written.
        """
        longest = Entry(self._server, digest, file, reports, _LONGEST_NUMBER)
        slot = Slot(self, longest, self._reserve(len(_line(longest))))
        try:
            yield slot
        finally:
            if not slot.noted:
                os.ftruncate(self._fd, self._end)

    def _reserve(self, length: int) -> int:
        torn = b"" if self._is_whole() else b"\n"
        try:
            self._write(torn + b" " * (length - 1) + b"\n", self._end)
        except OSError as error:
            os.ftruncate(self._fd, self._end)
            raise JournalError(
                f"the journal {self.path} cannot be written ({error.strerror}), so nothing more "
                "is sent: make room, or give another --journal"
            ) from None
        return self._end + len(torn)

    def _is_whole(self) -> bool:
        return self._end == 0 or self._read(self._end - 1) == b"\n"

    def _note(self, entry: Entry, offset: int, longest: Entry) -> None:
        line = _line(entry)[:-1].ljust(len(_line(longest)) - 1) + b"\n"
        self._write(line, offset)
        os.fsync(self._fd)
        self._end = os.fstat(self._fd).st_size
        self._know(entry)

    def _read_on(self) -> None:
        if os.fstat(self._fd).st_size < self._end:
            # Another program has cut it: what was known may be gone.
            self._taken, self._owners, self._end = {}, {}, 0
        added = self._read(self._end)
        for line in added.split(b"\n"):
            entry = _entry(line)
            if entry is not None and entry.server == self._server:
                self._know(entry)
        self._end += _length_without_blank_lines(added)
        if self._end < os.fstat(self._fd).st_size:
            # A run that was killed has left the room that it had reserved.
            os.ftruncate(self._fd, self._end)

    def _read(self, offset: int) -> bytes:
        os.lseek(self._fd, offset, os.SEEK_SET)
        pieces = []
        while piece := os.read(self._fd, 2**20):
            pieces.append(piece)
        return b"".join(pieces)

    def _write(self, content: bytes, offset: int) -> None:
        os.lseek(self._fd, offset, os.SEEK_SET)
        # A disk that is nearly full takes a part, and refuses the next one with the reason.
        while content:
            content = content[os.write(self._fd, content) :]

    def _know(self, entry: Entry) -> None:
        known = self._taken.get(entry.sha256)
        if known is not None:
            reports = known.reports + tuple(
                each for each in entry.reports if each not in known.reports
            )
            entry = Entry(entry.server, entry.sha256, entry.file, reports, known.number)
        self._taken[entry.sha256] = entry
        self._owners.update((same_id(each), entry) for each in entry.reports)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._fd)


class Slot:
    """The reserved line of a file.

    Args:
        journal: The journal.
        entry: The entry with the longest number.
        offset: Where the line begins.
    """

    def __init__(self, journal: Journal, entry: Entry, offset: int) -> None:
        self._journal = journal
        self._entry = entry
        self._offset = offset
        self.noted = False

    def note(self, number: int | None) -> None:
        """Note that the server has taken the file, and return when the disk has it.

        Raises:
            OSError: The disk does not take it although there is room.
        """
        self.noted = True
        self._journal._note(  # noqa: SLF001 - a part of it
            replace(self._entry, number=number), self._offset, self._entry
        )


def _opened(path: Path) -> int:
    if path.is_symlink():
        raise ValueError("it is a symbolic link, which is not followed")
    # Without O_NONBLOCK, opening a named pipe waits for a reader.
    safely = sum(
        getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC")
    )
    fd = os.open(path, os.O_RDWR | os.O_CREAT | safely, 0o666)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise ValueError("it is not a regular file")
    return fd


def _length_without_blank_lines(lines: bytes) -> int:
    """Return the length up to the end of the last line that is not blank."""
    text = lines.rstrip(b" \n")
    if not text:
        return 0
    end = lines.find(b"\n", len(text))
    return len(lines) if end < 0 else end + 1


def _line(entry: Entry) -> bytes:
    return json.dumps(asdict(entry)).encode() + b"\n"


def _entry(line: bytes) -> Entry | None:
    try:
        fields = json.loads(line)
        return Entry(
            server=str(fields["server"]),
            sha256=str(fields["sha256"]),
            file=str(fields["file"]),
            reports=tuple(map(str, fields["reports"])),
            number=None if fields["number"] is None else int(fields["number"]),
        )
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
