"""The filters that the sandbox understands, and its answer to those that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pywats.errors import BadRequestError
from pywats.sandbox.answers import ApiError
from pywats.sandbox.odata_filter import row_filter
from pywats.sandbox.rows import select

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox.routing import Row

ROW: Row = {
    "name": "Board",
    "count": 5,
    "ratio": 0.5,
    "active": True,
    "nothing": None,
    "id": "B4CCBBAA-A853-4E37-BF6F-241CE1661E33",
    "start": "2026-01-02T03:04:05.1234567Z",
    "naive": "2026-01-02T03:04:05",
    "units": [{"pn": "A"}, {"pn": "B"}],
    "owner": {"name": "me"},
}


@pytest.mark.parametrize(
    "expression",
    [
        "name eq 'Board'",
        "NAME eq 'Board'",
        "name ne 'board'",
        "count gt 4 and count lt 6",
        "count ge 5 and count le 5",
        "count eq 1 or ratio eq 0.5",
        "not (count eq 1)",
        "count in (1, 5)",
        "active eq true",
        "nothing eq null",
        "missing eq null",
        "contains(name, 'oar')",
        "startswith(name, 'Bo') and endswith(name, 'rd')",
        "tolower(name) eq 'board' and toupper(name) eq 'BOARD'",
        "length(name) eq 5 and length(nothing) eq 0",
        "id eq b4ccbbaa-a853-4e37-bf6f-241ce1661e33",
        "start ge 2026-01-02T03:04:05Z and start lt 2026-01-02T03:04:06Z",
        "naive eq 2026-01-02T04:04:05+01:00",
        "units/any(u: u/pn eq 'B')",
        "units/all(u: u/pn ne 'C')",
        "owner/name eq 'me'",
    ],
)
def test_a_row_that_matches(expression: str) -> None:
    assert row_filter(expression)(ROW)
    assert not row_filter(f"not ({expression})")(ROW)


@pytest.mark.parametrize(
    "expression",
    [
        "nothing gt 5",
        "name gt 5",
        "nothing gt 2026-01-02T03:04:05Z",
        "nothing/any(u: u/pn eq 'B')",
        "nothing/name eq 'me'",
        "units/any(u: u/pn eq 'C')",
    ],
)
def test_a_row_that_does_not_match(expression: str) -> None:
    assert not row_filter(expression)(ROW)


@pytest.mark.parametrize(
    "expression", ["name eq", "name eq 'a' b", "round(count) eq 5", "count add 1 eq 6"]
)
def test_what_is_not_understood_is_refused(expression: str) -> None:
    with pytest.raises(ApiError, match="The query specified in the URI is not valid: "):
        row_filter(expression)(ROW)


@pytest.mark.parametrize("option", ["$top", "$skip"])
def test_what_is_no_number_is_refused(option: str) -> None:
    with pytest.raises(ApiError, match="is not a number: x"):
        select([], {option: "x"}, unfiltered_top=10)


def test_rows_are_ordered_by_several_names_whatever_is_in_them() -> None:
    rows: list[Row] = [{"a": 1, "b": "x"}, {"a": None}, {"A": 1, "b": "y"}, {"a": 0}]
    ordered = select(rows, {"$orderby": "a desc,b desc"}, unfiltered_top=10)
    assert ordered == [rows[2], rows[0], rows[3], rows[1]]


def test_the_client_gets_a_typed_error(api: pyWATS) -> None:
    with pytest.raises(BadRequestError, match="not valid: partNumber is 'A'"):
        api.product.query_products("partNumber is 'A'")
