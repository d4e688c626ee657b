"""Periods: the period that contains a time, and the range of several periods."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pywats.models import DateGrouping

__all__ = ["begin_of_periods", "earlier", "period_name", "period_start"]

_FIRST = datetime.min.replace(tzinfo=UTC)
_MONTHS = {DateGrouping.MONTH: 1, DateGrouping.QUARTER: 3, DateGrouping.YEAR: 12}
_LENGTHS = {
    DateGrouping.HOUR: timedelta(hours=1),
    DateGrouping.DAY: timedelta(days=1),
    DateGrouping.WEEK: timedelta(weeks=1),
}
_FORMATS = {
    DateGrouping.HOUR: "%Y-%m-%d %H:00",
    DateGrouping.DAY: "%Y-%m-%d",
    DateGrouping.WEEK: "%G-W%V",
    DateGrouping.MONTH: "%Y-%m",
    DateGrouping.YEAR: "%Y",
}


def period_start(time: datetime, grouping: DateGrouping) -> datetime:
    """Return the begin of the period that contains a time; weeks begin on Monday."""
    hour = time.replace(minute=0, second=0, microsecond=0)
    if grouping is DateGrouping.HOUR:
        return hour
    day = hour.replace(hour=0)
    if grouping is DateGrouping.WEEK:
        return day - timedelta(days=day.weekday())
    if grouping in _MONTHS:
        months = _MONTHS[grouping]
        return day.replace(day=1, month=(day.month - 1) // months * months + 1)
    return day


def period_name(time: datetime, grouping: DateGrouping) -> str | None:
    """Return the name of the period that contains a time; None without a grouping."""
    if grouping is DateGrouping.NONE:
        return None
    if grouping is DateGrouping.QUARTER:
        return f"{time.year:04}-Q{(time.month - 1) // 3 + 1}"
    return time.strftime(_FORMATS[grouping])


def begin_of_periods(time: datetime, grouping: DateGrouping, count: int) -> datetime:
    """Return the begin of the first of ``count`` periods; the last one contains the time."""
    last = period_start(time, grouping)
    if grouping not in _MONTHS:
        return earlier(last, count - 1, _LENGTHS.get(grouping, _LENGTHS[DateGrouping.DAY]))
    month = last.year * 12 + last.month - 1 - (count - 1) * _MONTHS[grouping]
    year = month // 12
    return _FIRST if year < 1 else last.replace(year=year, month=month % 12 + 1)


def earlier(time: datetime, count: int, length: timedelta) -> datetime:
    """Return the time ``count`` lengths before another, but not before `datetime.min`."""
    try:
        return time - count * length
    except OverflowError:
        return _FIRST
