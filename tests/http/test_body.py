"""The body of an answer, decoded piece by piece."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywats.http import ConnectionSettings
from pywats.http.body import Body, UnusableBodyError

GZIP = {"content-encoding": "gzip"}


def unchecked() -> None:
    """Have all the time in the world."""


@given(
    content=st.binary(max_size=300), members=st.integers(1, 3), cuts=st.lists(st.integers(0, 99))
)
def test_gzip_in_any_pieces_is_what_was_compressed(
    content: bytes, members: int, cuts: list[int]
) -> None:
    data = gzip.compress(content) * members
    body = Body(GZIP, None, unchecked)
    start = 0
    for end in [*sorted(cuts), len(data)]:
        body.add(data[start:end])
        start = max(start, end)
    assert body.end() == content * members


@pytest.mark.parametrize("encoding", ["", "identity", " GZIP ", "x-gzip"])
def test_known_encodings(encoding: str) -> None:
    packed = b"{}" if encoding in {"", "identity"} else gzip.compress(b"{}")
    body = Body({"content-encoding": encoding}, None, unchecked)
    body.add(packed)
    assert (body.start(), body.end()) == (b"{}", b"{}")


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
    assert len(body.start()) == 9000


@pytest.mark.parametrize("value", [0, -1])
def test_the_limit_is_at_least_a_byte(value: int) -> None:
    with pytest.raises(ValueError, match=f"max_response_bytes={value}: must be an integer >= 1"):
        ConnectionSettings(max_response_bytes=value)


@pytest.mark.parametrize("value", [1.5, True, "1"])
def test_the_limit_is_a_whole_number(value: object) -> None:
    with pytest.raises(TypeError, match="max_response_bytes=.*must be an integer >= 1"):
        ConnectionSettings(max_response_bytes=value)  # type: ignore[arg-type]  # the mistake
