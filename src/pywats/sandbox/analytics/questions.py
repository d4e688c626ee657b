"""Parts of requests that public and internal analytics endpoints share."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.sandbox.analytics.filter import ReportFilter
from pywats.sandbox.analytics.period import earlier
from pywats.sandbox.analytics.steps import top_failed
from pywats.sandbox.analytics.store import time_text
from pywats.sandbox.requests import ROW, json_body, required_query
from pywats.sandbox.responses import ApiError, json_response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from pywats.sandbox.analytics.store import AnalyticsStore
    from pywats.sandbox.requests import Row

__all__ = ["TopFailedApi", "filter_of", "recent_filter"]

_TOP_STEPS = 10


async def filter_of(request: Request, store: AnalyticsStore) -> ReportFilter:
    """Return the filter in the body of a request.

    Raises:
        ApiError: It is not a filter (400).
    """
    return ReportFilter(await json_body(request, ROW), store.now)


def recent_filter(request: Request, store: AnalyticsStore) -> ReportFilter:
    """Return the filter made from ``days``, ``productGroupId`` and ``levelId``.

    Raises:
        ApiError: One of them is missing or not as described (400).
    """
    first = earlier(store.now(), _whole(request, "days"), timedelta(days=1))
    sent: Row = {
        "dateFrom": time_text(first),
        "productGroup": store.group_names(required_query(request, "productGroupId")),
        "level": store.level_names(required_query(request, "levelId")),
    }
    for name, key in (("partNumber", "partNumber"), ("processCode", "testOperation")):
        if name in request.query_params:
            sent[key] = request.query_params[name]
    return ReportFilter(sent, store.now)


class TopFailedApi:
    """The steps that fail most: equal responses in both APIs."""

    def __init__(self, store: AnalyticsStore) -> None:
        self._store = store

    async def post(self, request: Request) -> Response:
        """Respond to a filter."""
        asked = await filter_of(request, self._store)
        tests = asked.select(self._store.tests())
        return json_response(top_failed(tests, asked.top_count or _TOP_STEPS))

    async def get(self, request: Request) -> Response:
        """Respond to query parameters."""
        for name in ("partNumber", "processCode"):
            required_query(request, name)
        asked = recent_filter(request, self._store)
        count = _whole(request, "count")
        return json_response(top_failed(asked.select(self._store.tests()), count))


def _whole(request: Request, name: str) -> int:
    text = required_query(request, name)
    if not text.isdecimal():
        raise ApiError(400, f"The value '{text}' is not valid for {name}.")
    return int(text)
