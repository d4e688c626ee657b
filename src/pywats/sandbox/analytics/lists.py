"""Endpoints that list reports, levels, product groups and user settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.analytics.filter import ReportFilter
from pywats.sandbox.analytics.questions import filter_of
from pywats.sandbox.analytics.store import LEVEL
from pywats.sandbox.requests import Row, required_query, route
from pywats.sandbox.responses import json_response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from pywats.sandbox.analytics.store import AnalyticsStore, SeenReport

__all__ = ["list_routes"]

_PATH = "/api/App"
_NEWEST = 1000


def list_routes(store: AnalyticsStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    api = _ListApi(store)
    return [
        route("POST", f"{_PATH}/UutReport", api.post_uut_report),
        route("GET", f"{_PATH}/UutReport", api.get_uut_report),
        route("POST", f"{_PATH}/UurReport", api.uur_report),
        route("POST", f"{_PATH}/SerialNumberHistory", api.history),
        route("GET", f"{_PATH}/Levels", api.levels),
        route("GET", f"{_PATH}/ProductGroups", api.product_groups),
        route("GET", f"{_PATH}/CommonUserSettings", api.user_settings),
    ]


class _ListApi:
    """Lists of reports, levels and product groups, and the settings of users."""

    def __init__(self, store: AnalyticsStore) -> None:
        self._store = store

    async def post_uut_report(self, request: Request) -> Response:
        return _newest(self._store.tests(), await filter_of(request, self._store))

    async def get_uut_report(self, request: Request) -> Response:
        sent: Row = dict(request.query_params)
        if "productGroupId" in sent:
            sent["productGroup"] = self._store.group_names(str(sent["productGroupId"]))
        if "levelId" in sent:
            sent["level"] = self._store.level_names(str(sent["levelId"]))
        return _newest(self._store.tests(), ReportFilter(sent, self._store.now))

    async def uur_report(self, request: Request) -> Response:
        return _newest(self._store.repairs(), await filter_of(request, self._store))

    async def history(self, request: Request) -> Response:
        return _newest(self._store.reports(), await filter_of(request, self._store))

    async def levels(self, _: Request) -> Response:
        return json_response([LEVEL])

    async def product_groups(self, request: Request) -> Response:
        with_rules = request.query_params.get("includeFilters") == "true"
        return json_response(self._store.groups(with_rules=with_rules))

    async def user_settings(self, request: Request) -> Response:
        """Respond to every name, because the stores do not know the account of the sandbox."""
        groups = self._store.groups(with_rules=False)
        return json_response(
            {
                "fullName": required_query(request, "UserName"),
                "cultureCode": "en-US",
                "email": None,
                "roles": ["Administrator"],
                "levels": [LEVEL["levelName"]],
                "productGroups": [group["productGroupName"] for group in groups],
            }
        )


def _newest(reports: list[SeenReport], asked: ReportFilter) -> Response:
    found = asked.select(reports)[::-1][: asked.top_count or _NEWEST]
    # These lists have no expansions.
    return json_response(
        [
            {name: value for name, value in report.header.items() if not isinstance(value, list)}
            for report in found
        ]
    )
