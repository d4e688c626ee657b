"""The journal of submitted files: one line of JSON for each file that a server has accepted.

Several runs may share a journal: each locks it for one file at a time, and first reads the lines
that the others have added. The space for a line is reserved on the disk before the file is sent,
so that a full disk cannot lose the line of an accepted file.
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

# The server's number with the most digits: the number is a 64-bit integer.
_LONGEST_NUMBER = -(2**63)


class JournalError(Exception):
    """The journal cannot be written, so the file was not sent."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file that a server has accepted.

    Attributes:
        server: Address of the server.
        sha256: Digest of the file's bytes: a changed file counts as another file.
        file: Path of the file; a name that is not UTF-8 has the form that `os.fsdecode` gives it.
        reports: Ids of the reports that the server has confirmed.
        number: Number that the server gave the first report.
    """

    server: str
    sha256: str
    file: str
    reports: tuple[str, ...]
    number: int | None


class Journal:
    """Knows which files a server has accepted; use it in a ``with`` block.

    A line that a crash has cut off, or that is not JSON, is ignored: its file is submitted again,
    and the server recognises the report.

    Args:
        path: The journal; created if it does not exist. A symbolic link is not followed.
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
        # Offset up to which all lines were read.
        self._end = 0
        with locked(self._fd):
            self._read_on()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Lock the journal in the ``with`` block, and read what other runs have added."""
        with locked(self._fd):
            self._read_on()
            yield

    def find(self, digest: str) -> Entry | None:
        """Return the entry of a file with these bytes; None if the server has not accepted it."""
        return self._taken.get(digest)

    def owner(self, report_id: str) -> Entry | None:
        """Return the entry of the file whose report has this id; None without such a file."""
        return self._owners.get(same_id(report_id))

    @contextmanager
    def room_for(self, file: str, digest: str, reports: tuple[str, ...]) -> Iterator[Slot]:
        """Reserve the line of a file, for the ``with`` block in which it is sent.

        Raises:
            JournalError: The space cannot be reserved; the journal is unchanged.
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
            # Another program has truncated the file, so all of it is read again.
            self._taken, self._owners, self._end = {}, {}, 0
        added = self._read(self._end)
        for line in added.split(b"\n"):
            entry = _entry(line)
            if entry is not None and entry.server == self._server:
                self._know(entry)
        self._end += _length_without_blank_lines(added)
        if self._end < os.fstat(self._fd).st_size:
            # Remove the reserved space of a run that was killed.
            os.ftruncate(self._fd, self._end)

    def _read(self, offset: int) -> bytes:
        os.lseek(self._fd, offset, os.SEEK_SET)
        pieces = []
        while piece := os.read(self._fd, 2**20):
            pieces.append(piece)
        return b"".join(pieces)

    def _write(self, content: bytes, offset: int) -> None:
        os.lseek(self._fd, offset, os.SEEK_SET)
        # On a nearly full disk, a write may be partial; the next write then raises the reason.
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
        entry: The entry, with the longest number as a placeholder.
        offset: Offset at which the line begins.
    """

    def __init__(self, journal: Journal, entry: Entry, offset: int) -> None:
        self._journal = journal
        self._entry = entry
        self._offset = offset
        self.noted = False

    def note(self, number: int | None) -> None:
        """Write to the disk that the server has accepted the file.

        Raises:
            OSError: The write failed although the space is reserved.
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
