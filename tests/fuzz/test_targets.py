"""Fuzz every parser, from kept seeds: a short while here, longer by ``make fuzz``.

An input that has found a fault is kept as a file under ``seeds/<target>``. Every seed is run as it
is, and mutated: by Hypothesis, which shrinks what fails.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import SEEDS, TARGETS

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
# A quadratic parser takes minutes for the longest inputs; this is not a measurement.
LONGEST = 5.0

each_target = pytest.mark.parametrize("name", TARGETS)
seeds = {name: sorted((SEEDS / name).glob("*")) for name in TARGETS}
# Pieces that parsers treat in a way of their own.
PIECES = [
    *(b"\0", b"\xff", b"\xed\xa0\x80", b"\x1b[2J", "\u202e".encode(), b"\r\n", b"%25", b"&amp;"),
    *(b'"', b"'", b"\\u0041", b"<", b">", b"{", b"}", b"[", b"(", b")", b",", b":", b"/", b"-1"),
    *(b"9" * 400, b"1e999", b"NaN", b"null", b"true", b"<!DOCTYPE a>", b"&#0;", b"S3cr3t"),
]


@st.composite
def mutations(draw: st.DrawFn, name: str) -> bytes:
    """Draw a seed with some of its bytes replaced, repeated or left out."""
    data = draw(st.sampled_from([each.read_bytes() for each in seeds[name]]))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=12) | st.just(data[start:end]))
        data = data[:start] + piece * draw(st.sampled_from([0, 1, 1, 2, 300])) + data[end:]
    return data


def parse(name: str, data: bytes) -> None:
    target = TARGETS[name]
    began = time.process_time()
    with suppress(*target.refuses):
        target.parse(data)
    assert time.process_time() - began < LONGEST, f"{name}: {len(data)} bytes took too long"


@each_target
def test_there_are_seeds_and_each_is_parsed(name: str) -> None:
    assert seeds[name]
    for seed in seeds[name]:
        parse(name, seed.read_bytes())


@each_target
@pytest.mark.timeout(max(300, EXAMPLES))
def test_mutated_seeds(name: str) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        # Its metaclass leaves out what is deprecated, and hides from pyright that it is an Enum.
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
    )
    @given(mutations(name) | st.binary(max_size=300))
    def run(data: bytes) -> None:
        parse(name, data)

    run()


# What costs a parser more than its length; one of each kind, in every target.
LONG = {
    "nested": b"[" * 50_000,
    "parentheses": b"(" * 50_000 + b")" * 50_000,
    "elements": b"<a>" * 50_000,
    "objects": b'{"data":' * 20_000,
    "escapes": b"%25" * 50_000,
    "entities": b"&amp;" * 50_000,
    "quotes": b"'" * 50_001,
    "spaces": b" " * 100_000,
    "digits": b"9" * 100_000,
    "controls": b"\x1b[" * 50_000,
    "attributes": b"<a " + b"b='c' " * 20_000,
    "words": b"not " * 20_000,
}


@each_target
@pytest.mark.parametrize("kind", LONG)
def test_long_inputs_take_little_time(name: str, kind: str) -> None:
    parse(name, LONG[kind])
