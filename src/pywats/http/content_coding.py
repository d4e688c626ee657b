"""Decode content codings (RFC 9110 section 8.4.1) in pieces of bounded size.

gzip is always available. ``br`` needs the package brotli or brotlicffi, from version 1.2 on, whose
decoders can limit their output. ``zstd`` needs Python 3.14, backports.zstd or zstandard.
"""

from __future__ import annotations

import functools
import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["Decoder", "UnusableBodyError", "accepted_codings", "decoder"]

# Largest piece that is decoded at a time: a kilobyte of gzip can expand to a megabyte.
_PIECE = 256 * 1024
_GZIP = 16 + zlib.MAX_WBITS
# RFC 9659 section 3: larger windows are not used as a content coding.
_ZSTD_WINDOW_LOG = 23
# The package zstandard cannot limit its output. A block takes at least 4 bytes and expands to at
# most 128 KiB (RFC 8878 section 3.1.1.2), so that this input expands to at most 4 MiB.
_ZSTANDARD_INPUT = 128


class UnusableBodyError(Exception):
    """The body cannot be decoded, or is too large."""


class Decoder(Protocol):
    """Decode one content coding."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """Yield the decoded pieces of the next bytes of the body; a piece may be empty.

        Raises:
            UnusableBodyError: The bytes are not in this coding.
        """
        ...

    def end(self) -> None:
        """Check that the coded data is complete.

        Raises:
            UnusableBodyError: The data ends too early.
        """
        ...


def accepted_codings() -> str:
    """Return the value of the header ``Accept-Encoding``."""
    return ", ".join(_decoders())


def decoder(coding: str) -> Decoder | None:
    """Return a decoder for the value of the header ``Content-Encoding``; None for no coding.

    Raises:
        UnusableBodyError: The coding is not one of `accepted_codings`.
    """
    name = coding.lower()
    if name in {"", "identity"}:
        return None
    # x-gzip is equivalent to gzip (RFC 9110 section 8.4.1.3).
    make = _decoders().get("gzip" if name == "x-gzip" else name)
    if make is None:
        raise UnusableBodyError(
            f"its body has the encoding {coding!r}, and only {accepted_codings()} was asked for"
        )
    return make()


@functools.cache
def _decoders() -> Mapping[str, Callable[[], Decoder]]:
    made: dict[str, Callable[[], Decoder]] = {"gzip": _Gzip}
    for name, kind, modules in (
        ("br", _Brotli, ("brotli", "brotlicffi")),
        ("zstd", _Zstd, ("compression.zstd", "backports.zstd")),
        ("zstd", _Zstandard, ("zstandard",)),
    ):
        for module in modules:
            if name not in made and kind.is_usable(module):
                made[name] = functools.partial(kind, module)
    return made


def _truncated() -> UnusableBodyError:
    return UnusableBodyError("its body ends in the middle of the compressed data")


def _invalid(error: Exception) -> UnusableBodyError:
    return UnusableBodyError(f"its body does not decompress ({error})")


class _Gzip:
    """Decode gzip (RFC 1952): one or more members, perhaps padded with zero bytes."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        while data:
            if self._member.eof:
                data = data.lstrip(b"\0")
                if not data:
                    return
                self._member = zlib.decompressobj(_GZIP)
            try:
                yield self._member.decompress(data, _PIECE)
            except zlib.error as error:
                raise _invalid(error) from error
            data = self._member.unused_data or self._member.unconsumed_tail

    def end(self) -> None:
        if self._begun and not self._member.eof:
            raise _truncated()


class _Brotli:
    """Decode br (RFC 7932).

    Args:
        module: The package to use.
    """

    def __init__(self, module: str) -> None:
        brotli = import_module(module)
        self._stream = brotli.Decompressor()
        self._error: type[Exception] = brotli.error
        self._begun = False

    @staticmethod
    def is_usable(module: str) -> bool:
        """Return whether the package is installed, and new enough to limit its output."""
        try:
            return hasattr(import_module(module).Decompressor, "can_accept_more_data")
        except ImportError:
            return False

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        piece = data
        while piece:
            try:
                piece = self._stream.process(data, output_buffer_limit=_PIECE)
            except self._error as error:
                raise _invalid(error) from error
            yield piece
            # The next round fetches the output that is left in the decoder.
            data = b""

    def end(self) -> None:
        if self._begun and not self._stream.is_finished():
            raise _truncated()


class _Zstd:
    """Decode zstd (RFC 8878), one or more frames, by Python's own module or its backport.

    Args:
        module: The module to use.
    """

    def __init__(self, module: str) -> None:
        zstd = import_module(module)
        self._error: type[Exception] = zstd.ZstdError
        options = {zstd.DecompressionParameter.window_log_max: _ZSTD_WINDOW_LOG}
        self._begin = functools.partial(zstd.ZstdDecompressor, options=options)
        self._frame = self._begin()
        self._begun = False

    @staticmethod
    def is_usable(module: str) -> bool:
        """Return whether the module is installed."""
        try:
            import_module(module)
        except ImportError:
            return False
        return True

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        while data or not (self._frame.eof or self._frame.needs_input):
            if self._frame.eof:
                self._frame = self._begin()
            try:
                yield self._frame.decompress(data, _PIECE)
            except self._error as error:
                raise _invalid(error) from error
            data = self._frame.unused_data if self._frame.eof else b""

    def end(self) -> None:
        if self._begun and not self._frame.eof:
            raise _truncated()


class _Zstandard:
    """Decode zstd (RFC 8878), one or more frames, by the package zstandard.

    Args:
        module: Name of the package.
    """

    def __init__(self, module: str) -> None:
        zstandard = import_module(module)
        self._error: type[Exception] = zstandard.ZstdError
        self._begin = zstandard.ZstdDecompressor(
            max_window_size=1 << _ZSTD_WINDOW_LOG
        ).decompressobj
        self._frame = self._begin()
        self._begun = False

    @staticmethod
    def is_usable(module: str) -> bool:
        """Return whether the package is installed, and new enough to tell the end of a frame."""
        try:
            return hasattr(import_module(module).ZstdDecompressor().decompressobj(), "eof")
        except ImportError:
            return False

    def decode(self, data: bytes) -> Iterator[bytes]:
        self._begun = True
        position = 0
        while position < len(data):
            if self._frame.eof:
                self._frame = self._begin()
            part = data[position : position + _ZSTANDARD_INPUT]
            try:
                yield self._frame.decompress(part)
            except self._error as error:
                raise _invalid(error) from error
            position += len(part) - len(self._frame.unused_data)

    def end(self) -> None:
        if self._begun and not self._frame.eof:
            raise _truncated()
