from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pywats.observability.retry_after import parse_retry_after

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("120", 120.0),
        ("1.5", 1.5),
        ("-5", 0.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 +99999999999999", None),
        ("", None),
        ("Tue, 24 Nov 2026 12:00:30 GMT", 30.0),
        ("Tue, 24 Nov 2026 12:00:30 -0000", 30.0),
        ("Tue, 24 Nov 2026 11:59:00 GMT", 0.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert parse_retry_after(header, now=lambda: NOW) == seconds


def test_a_date_is_compared_with_now() -> None:
    assert parse_retry_after("Tue, 24 Nov 2020 12:00:30 GMT") == 0.0


@pytest.mark.parametrize("year", [1999, 2026, 2099])
@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Tue, 24 Nov {year} 12:00:00 GMT", 30.0),
        ("Tuesday, 24-Nov-{short} 12:00:10 GMT", 20.0),
        ("Tue Nov 24 12:00:31 {year}", 0.0),
    ],
)
def test_a_date_is_compared_with_that_of_the_response(year: int, date: str, seconds: float) -> None:
    if "{short}" in date:
        # Two digits do not say 2099.
        year = min(year, 2026)
    date = date.format(year=year, short=f"{year % 100:02}")
    until = f"Tue, 24 Nov {year} 12:00:30 GMT"
    assert parse_retry_after(until, date, now=lambda: NOW) == seconds


@pytest.mark.parametrize("date", [None, "", "soon", "Wed, 21 Oct 2015 07:28:00 +99999999999999"])
def test_a_date_is_compared_with_now_where_the_response_has_none(date: str | None) -> None:
    until = "Tue, 24 Nov 2026 12:00:30 GMT"
    assert parse_retry_after(until, date, now=lambda: NOW) == 30.0


@pytest.mark.parametrize("date", ["Tue, 24 Nov 1999 12:00:00 GMT", ""])
def test_seconds_need_no_date(date: str) -> None:
    assert parse_retry_after("30", date, now=lambda: NOW) == 30.0
