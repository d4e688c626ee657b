"""Take in the body of an answer: decoded, and never more of it than there is room for."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["ACCEPTED_ENCODING", "Body", "UnusableBodyError"]

# No other, whatever packages are installed: httpx would decode a piece of any size at once.
ACCEPTED_ENCODING = "gzip"
# Decoded at a time. A kilobyte of gzip can stand for a megabyte.
_PIECE = 256 * 1024
# As much as a message shows, and what may stand before it.
_START = 8 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class UnusableBodyError(Exception):
    """The body cannot be decoded, or is too large."""


class Body:
    """The body of one answer.

    Args:
        headers: Headers of the answer.
        limit: How many bytes it may have once decoded; None for any number.
        check: Called between the pieces that are decoded; raises when the time is over.

    Raises:
        UnusableBodyError: Its encoding is none that was asked for.
    """

    def __init__(
        self, headers: Mapping[str, str], limit: int | None, check: Callable[[], object]
    ) -> None:
        self._limit = limit
        self._check = check
        self._pieces: list[bytes] = []
        self._size = 0
        self._decoder = _decoder(headers.get("content-encoding", "").strip())

    def expect(self, announced: str) -> None:
        """Refuse a body that will be too large, before any of it has come.

        Args:
            announced: What the header ``Content-Length`` says; empty if there is none.

        Raises:
            UnusableBodyError: It says more than the limit.
        """
        if announced.isdecimal():
            self._admit(int(announced))

    def add(self, data: bytes) -> None:
        """Take in bytes as they came over the wire.

        Raises:
            UnusableBodyError: They do not decode, or it has become too large.
        """
        if self._decoder is None:
            self._keep(data)
            return
        for piece in self._decoder.decode(data):
            self._keep(piece)
            self._check()

    def end(self) -> bytes:
        """Return the whole body.

        Raises:
            UnusableBodyError: Its encoding says that something is missing.
        """
        if self._decoder is not None:
            self._decoder.end()
        return b"".join(self._pieces)

    def start(self) -> bytes:
        """Return the start of what has come so far."""
        start = b""
        for piece in self._pieces:
            start += piece
            if len(start) > _START:
                break
        return start

    def _keep(self, piece: bytes) -> None:
        self._admit(self._size + len(piece))
        self._size += len(piece)
        self._pieces.append(piece)

    def _admit(self, size: int) -> None:
        if self._limit is not None and size > self._limit:
            raise UnusableBodyError(
                f"its body is larger than max_response_bytes={self._limit}: ask for less, or "
                "raise that limit of the client"
            )


class _Gunzip:
    """Undoes gzip (RFC 9110 section 8.4.1.3)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        while data:
            if self._member.eof:
                # A gzip file is a series of members (RFC 1952 section 2.2).
                self._member = zlib.decompressobj(_GZIP)
            yield self._inflate(data)
            data = self._member.unused_data or self._member.unconsumed_tail

    def end(self) -> None:
        if self._begun and not self._member.eof:
            raise UnusableBodyError("its body ends in the middle of the compressed data")

    def _inflate(self, data: bytes) -> bytes:
        try:
            return self._member.decompress(data, _PIECE)
        except zlib.error as error:
            raise UnusableBodyError(f"its body does not decompress ({error})") from error


def _decoder(encoding: str) -> _Gunzip | None:
    if encoding.lower() in {"", "identity"}:
        return None
    if encoding.lower() in {"gzip", "x-gzip"}:
        return _Gunzip()
    raise UnusableBodyError(
        f"its body has the encoding {encoding!r}, and only {ACCEPTED_ENCODING} was asked for"
    )
