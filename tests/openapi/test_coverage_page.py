"""The page on the coverage of the API is true, and nothing is missing without a reason."""

from __future__ import annotations

import re

import pytest

from pywats.client.registry import SERVICES
from tests.openapi.coverage_page import PAGE, CoverageError, check, observe, page


def test_the_page_is_up_to_date() -> None:
    assert page([observe(name) for name in SERVICES]) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("there", "explained", "problem"),
    [
        ({"a"}, {}, "thing neither there nor explained: ['b']"),
        ({"a", "b"}, {"b": "why"}, "thing there, but explained as left out: ['b']"),
        ({"a", "b"}, {"c": "why"}, "thing explained, but in no list: ['c']"),
    ],
)
def test_a_gap_is_an_error(there: set[str], explained: dict[str, str], problem: str) -> None:
    with pytest.raises(CoverageError, match=re.escape(problem)):
        check("thing", {"a", "b"}, there, explained)
