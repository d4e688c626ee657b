"""Literals in OData filters."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pywats import pyWATS
from pywats.sandbox.odata.filter import row_filter
from pywats.services import odata_literal

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("O'Brien", "'O''Brien'"),
        ("", "''"),
        (5, "5"),
        (-4.5, "-4.5"),
        (True, "true"),
        (False, "false"),
        (None, "null"),
        (
            datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=1))),
            "2026-01-02T02:04:05.000000Z",
        ),
        (
            UUID("b4ccbbaa-a853-4e37-bf6f-241ce1661e33"),
            "b4ccbbaa-a853-4e37-bf6f-241ce1661e33",
        ),
    ],
)
def test_a_value_is_written_as_odata_wants_it(
    value: str | float | bool | datetime | UUID | None,  # noqa: FBT001 - any value
    literal: str,
) -> None:
    assert odata_literal(value) == literal


@pytest.mark.parametrize("value", [math.nan, math.inf, datetime(2026, 1, 2)])  # noqa: DTZ001 - the mistake under test
def test_a_value_that_odata_cannot_write_is_refused(value: float | datetime) -> None:
    with pytest.raises(ValueError, match="finite number|time zone"):
        odata_literal(value)


def test_a_value_of_another_type_is_refused() -> None:
    wrong: str = ["a"]  # type: ignore[assignment]  # the mistake under test
    with pytest.raises(TypeError, match="must be a str, a number"):
        odata_literal(wrong)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_no_text_ends_the_literal(text: str) -> None:
    test = row_filter(f"name eq {odata_literal(text)} and other eq 1")
    assert test({"name": text, "other": 1})
    assert not test({"name": text + "x", "other": 1})
    assert not test({"name": text, "other": 2})


def test_a_quoted_serial_number_finds_its_report(sandbox: Sandbox) -> None:
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        report = api.report.create_uut_report("op", "P", "A", "O'Brien & Co", 100)
        api.report.submit_report(report)
        found = api.report.query_headers(
            filter=f"serialNumber eq {odata_literal(report.serial_number)} and start ge "
            f"{odata_literal(datetime(2020, 1, 1, tzinfo=UTC))}"
        )
    assert [row.uuid for row in found] == [report.id]
