"""The body of an answer, decoded piece by piece."""

from __future__ import annotations

import gzip
import os
import tracemalloc

import pytest

from pywats.http import ConnectionSettings, content_coding
from pywats.http import body as body_module
from pywats.http.body import Body, UnusableBodyError
from pywats.redaction import EXCERPT_BYTES

# Other threads allocate meanwhile.
MODULES = [body_module.__file__, content_coding.__file__, __file__]
GZIP = {"content-encoding": "gzip"}


def unchecked() -> None:
    """Have all the time in the world."""


def test_nothing_needs_no_end() -> None:
    assert Body(GZIP, None, unchecked).end() == b""


def test_what_is_as_large_as_the_limit_is_not_too_large() -> None:
    body = Body({"content-length": "4"}, 4, unchecked)
    body.add(b"12")
    body.add(b"34")
    assert body.end() == b"1234"
    with pytest.raises(UnusableBodyError, match="larger than max_response_bytes=4: ask for less"):
        body.add(b"5")
    body = Body({}, 4, unchecked)
    for announced in ("", "4", "many"):
        body.expect(announced)
    with pytest.raises(UnusableBodyError):
        body.expect("5")


def test_only_the_start_of_a_large_body_is_looked_at() -> None:
    body = Body({}, None, unchecked)
    for _ in range(100):
        body.add(b"x" * 1000)
    assert body.start() == b"x" * (EXCERPT_BYTES + 1)


@pytest.mark.parametrize("headers", [{}, GZIP])
def test_a_body_in_many_small_pieces_takes_no_more_room_than_in_one(
    headers: dict[str, str],
) -> None:
    content = os.urandom(60_000)
    data = gzip.compress(content) if headers else content
    body = Body(headers, None, unchecked)
    tracemalloc.start()
    try:
        # Python shares bytes of length 1; of these each would be an object of its own.
        for start in range(0, len(data), 3):
            body.add(data[start : start + 3])
        kept = tracemalloc.take_snapshot().filter_traces(
            [tracemalloc.Filter(inclusive=True, filename_pattern=each) for each in MODULES]
        )
    finally:
        tracemalloc.stop()
    assert body.end() == content
    # Kept apart, each piece would be an object of more than 36 bytes, and a reference to it.
    assert sum(each.size for each in kept.traces) < 44 * len(data) / 3


@pytest.mark.parametrize("nothing", [gzip.compress(b""), bytes(20)], ids=["members", "zeros"])
def test_gzip_that_expands_to_nothing_meets_the_limit(nothing: bytes) -> None:
    body = Body(GZIP, 1000, unchecked)
    body.add(gzip.compress(b"{}"))
    body.add(nothing * 50)
    with pytest.raises(UnusableBodyError, match="larger than max_response_bytes=1000"):
        body.add(nothing * 3500)


def test_gzip_of_what_does_not_compress_is_not_too_large() -> None:
    content = os.urandom(1_000_000)
    data = gzip.compress(content)
    assert len(data) > len(content)
    body = Body(GZIP, len(content), unchecked)
    body.expect(str(len(data)))
    body.add(data)
    assert body.end() == content


def test_gzip_that_is_larger_than_its_content_is_not_too_large() -> None:
    data = gzip.compress(b"{}")
    body = Body(GZIP, 2, unchecked)
    body.expect(str(len(data)))
    body.add(data)
    assert body.end() == b"{}"


@pytest.mark.parametrize("value", [0, -1])
def test_the_limit_is_at_least_a_byte(value: int) -> None:
    with pytest.raises(ValueError, match=f"max_response_bytes={value}: must be an integer >= 1"):
        ConnectionSettings(max_response_bytes=value)


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_the_limit_is_a_whole_number(value: object) -> None:
    with pytest.raises(TypeError, match="max_response_bytes=.*must be an integer >= 1"):
        ConnectionSettings(max_response_bytes=value)  # type: ignore[arg-type]  # the mistake
