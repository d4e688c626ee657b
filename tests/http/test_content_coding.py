"""Content codings: every installed package, in pieces of any size, and never too much at a time."""

from __future__ import annotations

import gzip
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pywats.http import content_coding
from pywats.http.content_coding import UnusableBodyError, accepted_codings, decoder
from pywats.http.endpoint import Endpoint
from pywats.http.headers import default_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODULES = {
    "brotli": "br",
    "brotlicffi": "br",
    "compression.zstd": "zstd",
    "backports.zstd": "zstd",
    "zstandard": "zstd",
}
NOT_HERE = "backports.zstd" if sys.version_info >= (3, 14) else "compression.zstd"
NEEDED_BY_TESTS = MODULES.keys() - {NOT_HERE}
MEBIBYTE = 1024 * 1024


def available(module: str) -> bool:
    try:
        import_module(module)
    except ImportError:
        assert module not in NEEDED_BY_TESTS
        return False
    return True


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "br": import_module("brotli").compress,
    "zstd": import_module("zstandard").compress,
}


def compress(coding: str, data: bytes) -> bytes:
    return COMPRESSORS[coding](data)


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Leave one of the optional packages importable."""

    def leave(kept: str) -> None:
        for module in set(MODULES) - {kept}:
            monkeypatch.setitem(sys.modules, module, None)
        content_coding._decoders.cache_clear()

    yield leave
    monkeypatch.undo()
    content_coding._decoders.cache_clear()


each_module = pytest.mark.parametrize(
    "module",
    [
        "zlib",
        *(
            pytest.param(
                module,
                marks=pytest.mark.skipif(
                    not available(module), reason=f"{module} is for another Python"
                ),
            )
            for module in MODULES
        ),
    ],
)


def decoded(coding: str, *pieces: bytes) -> bytes:
    decode = decoder(coding)
    assert decode is not None
    result = b"".join(part for piece in pieces for part in decode.decode(piece))
    decode.end()
    return result


@each_module
def test_what_is_installed_is_asked_for_and_decoded(
    module: str, only: Callable[[str], None]
) -> None:
    only(module)
    coding = MODULES.get(module, "gzip")
    asked = "gzip" if coding == "gzip" else f"gzip, {coding}"
    assert accepted_codings() == asked
    assert default_headers(Endpoint("http://wats", ""))["Accept-Encoding"] == asked
    assert decoded(coding, compress(coding, b"content" * 1000)) == b"content" * 1000


def test_without_packages_gzip_alone_is_asked_for(only: Callable[[str], None]) -> None:
    only("")
    assert accepted_codings() == "gzip"
    with pytest.raises(UnusableBodyError, match="has the encoding 'br', and only gzip was asked"):
        decoder("br")


def test_packages_that_cannot_limit_their_output_are_not_used(
    only: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    only("")
    old = SimpleNamespace(
        Decompressor=object, ZstdDecompressor=lambda: SimpleNamespace(decompressobj=object)
    )
    for module in ("brotli", "zstandard"):
        monkeypatch.setitem(sys.modules, module, old)
    content_coding._decoders.cache_clear()
    assert accepted_codings() == "gzip"


@each_module
@pytest.mark.parametrize("size", [0, 1, 1000, MEBIBYTE])
@pytest.mark.parametrize("piece", [1, 7, 4096, 100 * MEBIBYTE])
def test_pieces_of_any_size(
    module: str, size: int, piece: int, only: Callable[[str], None]
) -> None:
    only(module)
    coding = MODULES.get(module, "gzip")
    content = bytes(size)
    data = compress(coding, content)
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    assert decoded(coding, *pieces) == content


@each_module
def test_a_bomb_comes_in_small_pieces(module: str, only: Callable[[str], None]) -> None:
    only(module)
    coding = MODULES.get(module, "gzip")
    decode = decoder(coding)
    assert decode is not None
    sizes = [len(part) for part in decode.decode(compress(coding, bytes(16 * MEBIBYTE)))]
    assert sum(sizes) == 16 * MEBIBYTE
    assert max(sizes) <= 4.2 * MEBIBYTE


@each_module
@pytest.mark.parametrize("piece", [1, 4096])
def test_data_that_ends_early_is_refused(
    module: str, piece: int, only: Callable[[str], None]
) -> None:
    only(module)
    coding = MODULES.get(module, "gzip")
    data = compress(coding, b"content" * 1000)[:-3]
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    with pytest.raises(UnusableBodyError, match="ends in the middle of the compressed data"):
        decoded(coding, *pieces)


@each_module
def test_data_of_another_kind_is_refused(module: str, only: Callable[[str], None]) -> None:
    only(module)
    with pytest.raises(UnusableBodyError, match="its body does not decompress"):
        decoded(MODULES.get(module, "gzip"), b"\xff{} is not compressed")


@each_module
def test_an_empty_body_has_no_end(module: str, only: Callable[[str], None]) -> None:
    only(module)
    assert decoded(MODULES.get(module, "gzip")) == b""


@each_module
@pytest.mark.parametrize("piece", [1, 5, 100_000])
def test_members_and_frames_follow_each_other(
    module: str, piece: int, only: Callable[[str], None]
) -> None:
    only(module)
    coding = MODULES.get(module, "gzip")
    parts = [b"one", b"", b"two", b"x" * 100_000]
    # RFC 7932 has no series of streams.
    whole = [b"".join(parts)] if coding == "br" else parts
    data = b"".join(compress(coding, part) for part in whole)
    pieces = [data[start : start + piece] for start in range(0, len(data), piece)]
    assert decoded(coding, *pieces) == b"onetwo" + b"x" * 100_000


@pytest.mark.parametrize("module", [name for name in ("brotli", "brotlicffi") if available(name)])
def test_data_after_the_end_of_a_brotli_stream_is_refused(
    module: str, only: Callable[[str], None]
) -> None:
    only(module)
    with pytest.raises(UnusableBodyError, match="its body does not decompress"):
        decoded("br", compress("br", b"one"), compress("br", b"two"))


@settings(deadline=None)
@given(
    members=st.lists(st.binary(max_size=300), min_size=1, max_size=3),
    padding=st.integers(0, 40),
    end=st.integers(0, 600),
    cuts=st.lists(st.integers(0, 99)),
)
def test_zeros_after_gzip_members_are_padding(
    members: list[bytes], padding: int, end: int, cuts: list[int]
) -> None:
    data = b"".join(gzip.compress(each) + bytes(padding) for each in members) + bytes(end)
    edges = sorted({0, *cuts, len(data)})
    pieces = [data[start:stop] for start, stop in zip(edges, [*edges[1:], None], strict=True)]
    assert decoded("gzip", *pieces) == b"".join(members)


def test_other_bytes_after_a_gzip_member_are_refused() -> None:
    with pytest.raises(UnusableBodyError, match="its body does not decompress"):
        decoded("gzip", gzip.compress(b"{}") + bytes(9) + b"trailer")


@pytest.mark.parametrize("coding", ["", "identity", "Identity"])
def test_no_coding_needs_no_decoder(coding: str) -> None:
    assert decoder(coding) is None


@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip", "X-Gzip"])
def test_names_of_gzip(coding: str) -> None:
    assert decoded(coding, gzip.compress(b"{}")) == b"{}"


@pytest.mark.parametrize("coding", ["compress", "x-br", "gzip, gzip", "deflate"])
def test_other_codings_are_refused(coding: str) -> None:
    with pytest.raises(UnusableBodyError, match=f"its body has the encoding '{coding}'"):
        decoder(coding)
