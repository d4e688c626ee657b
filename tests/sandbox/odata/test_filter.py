"""The filters that the sandbox understands, and its response to those that it does not."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywats.errors import BadRequestError
from pywats.sandbox.odata.filter import row_filter
from pywats.sandbox.odata.options import select
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox.requests import Row

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


FIELDS = frozenset({"name", "count", "units", "start"})


@pytest.mark.parametrize(
    "expression",
    [
        "nmae eq 'Board'",
        "not (nmae eq 'Board')",
        "name eq 'a' or nmae eq 'b'",
        "nmae in ('a', 'b')",
        "contains(nmae, 'a')",
        "nmae/any(u: u/pn eq 'B')",
        "units/any(u: nmae eq 'B')",
        "name eq nmae",
    ],
)
def test_a_field_that_there_is_not_is_refused(expression: str) -> None:
    with pytest.raises(ApiError, match="there is no 'nmae'"):
        row_filter(expression, FIELDS)
    row_filter(expression.replace("nmae", "name"), FIELDS)


@pytest.mark.parametrize(
    "expression",
    [
        "startswith(1, 'a')",
        "startswith(count, 'a')",
        "contains(name)",
        "length(name, name)",
        "name add 1 eq 5",
        "-count eq 1",
        "length(count) gt 1",
    ],
)
def test_a_function_that_does_not_fit_is_refused(expression: str) -> None:
    with pytest.raises(ApiError, match="The query specified in the URI is not valid: "):
        row_filter(expression)(ROW)


@pytest.mark.parametrize(
    "expression",
    ["name gt 2020-01-01T00:00:00Z", "name eq 2020-01-01T00:00:00Z", "count lt 'a'"],
)
def test_a_comparison_with_another_type_is_false(expression: str) -> None:
    assert not row_filter(expression)(ROW)


def test_a_field_to_sort_by_is_known() -> None:
    rows: list[Row] = [{"name": "b", "count": 1}, {"name": "a", "count": 2}]

    def sorted_by(orderby: str) -> list[object]:
        found = select(rows, {"$orderby": orderby}, unfiltered_top=9, fields=FIELDS)
        return [row["name"] for row in found]

    assert sorted_by("name") == sorted_by("NAME asc") == sorted_by("count desc,name") == ["a", "b"]
    assert sorted_by("") == ["b", "a"]
    for wrong in ("nmae", "name,nmae desc"):
        with pytest.raises(ApiError, match="cannot be ordered by a property named 'nmae'"):
            sorted_by(wrong)
    for wrong in ("name down", "name asc desc"):
        with pytest.raises(ApiError, match="orderby is not valid"):
            sorted_by(wrong)
    with pytest.raises(ApiError, match="named 'count'"):
        select(rows, {"$orderby": "count"}, unfiltered_top=9, fields=FIELDS, sorted_by={"name"})


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_text_is_an_error_of_the_sandbox(expression: str, orderby: str) -> None:
    options = {"$filter": expression, "$orderby": orderby}
    with contextlib.suppress(ApiError):
        select([ROW], options, unfiltered_top=9, fields=FIELDS)
