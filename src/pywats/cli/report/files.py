"""Read report files: detect the format, and make sure that each report has an id."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID, uuid5

from pywats.models.report.wsjf_text import read_wsjf
from pywats.models.report.wsxf_text import split_wsxf

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Document", "ReportFile", "read_report_file"]

_IDS = UUID("4d0ff2c3-2c4c-5c0e-9e0c-2f1c1f4f3b53")
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_MAX_BYTES: Final = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Document:
    """One report in the form in which it is sent.

    Attributes:
        report_id: Its id; if the report has no id, an id calculated from the bytes of its file,
            so that the same file is always the same report.
        format: ``WSJF`` or ``WSXF``.
        content: The document.
    """

    report_id: str
    format: Literal["WSJF", "WSXF"]
    content: bytes


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file with one report, or several in WSXF.

    Attributes:
        digest: SHA-256 of its bytes in hex.
        documents: Its reports.
    """

    digest: str
    documents: tuple[Document, ...]

    @property
    def report_ids(self) -> tuple[str, ...]:
        """The ids of its reports."""
        return tuple(document.report_id for document in self.documents)


def read_report_file(path: Path) -> ReportFile:
    """Read a file and tell its format by its content.

    Raises:
        OSError: The file cannot be read.
        ValueError: The file does not contain a report.
    """
    raw = _content(path)
    digest = hashlib.sha256(raw).hexdigest()
    first = raw.removeprefix(_BOM)
    for mark in _UTF_16:
        first = first.removeprefix(mark)
    start = first.replace(b"\0", b"").lstrip()[:1]
    if start == b"{":
        read = read_wsjf(raw, lambda: _made_id(digest, 0))
        return ReportFile(digest, (Document(read.report_id, "WSJF", read.content),))
    if start == b"<":
        documents = split_wsxf(raw, lambda number: _made_id(digest, number))
        return ReportFile(digest, tuple(Document(each, "WSXF", xml) for each, xml in documents))
    raise ValueError("neither a WSJF document (JSON, starts with '{') nor WSXF (XML, with '<')")


def _content(path: Path) -> bytes:
    # Without O_NONBLOCK, opening a named pipe waits for a writer.
    fd = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(fd, "rb") as file:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise ValueError("not a regular file")
        raw = file.read(_MAX_BYTES + 1)
    if len(raw) > _MAX_BYTES:
        raise ValueError(f"larger than {_MAX_BYTES // 2**20} MiB, the limit of a report file")
    return raw


def _made_id(digest: str, number: int) -> str:
    return str(uuid5(_IDS, f"{digest}/{number}"))
