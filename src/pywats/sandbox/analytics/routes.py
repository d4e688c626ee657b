"""The public analytics endpoints of the sandbox."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from pywats.models import RunFilter
from pywats.sandbox.analytics.filter import ReportFilter
from pywats.sandbox.analytics.internal_routes import internal_routes
from pywats.sandbox.analytics.lists import list_routes
from pywats.sandbox.analytics.measurements import aggregated_rows, measurement_rows
from pywats.sandbox.analytics.oee import oee_analysis
from pywats.sandbox.analytics.questions import TopFailedApi, filter_of, recent_filter
from pywats.sandbox.analytics.repairs import (
    DEFAULT_REPAIR_COLUMNS,
    related_repairs,
    repair_columns,
    repair_rows,
)
from pywats.sandbox.analytics.steps import step_analysis
from pywats.sandbox.analytics.store import time_text
from pywats.sandbox.analytics.yields import DEFAULT_COLUMNS, yield_columns, yield_rows
from pywats.sandbox.requests import ROW, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from pywats.sandbox.analytics.store import AnalyticsStore, SeenReport

__all__ = ["analytics_routes"]

_PATH = "/api/App"
_PREVIEW_TOP, _PREVIEW_DAYS, _MEASUREMENT_DAYS = 10, 30, 7
_STEP_DAYS, _STEP_COUNT = 30, 10_000
_BY_PART, _BY_GROUP = "partNumber;productName;testOperation", "productGroup"
_YIELD_LISTS = {
    "VolumeYield": f"unitCount desc;{_BY_PART}",
    "HighVolume": f"unitCount desc;{_BY_PART}",
    "HighVolumeByProductGroup": f"unitCount desc;{_BY_GROUP}",
    "WorstYield": f"fpy;{_BY_PART}",
    "WorstYieldByProductGroup": f"fpy;{_BY_GROUP}",
}


def analytics_routes(store: AnalyticsStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    api, top_failed = _AnalyticsApi(store), TopFailedApi(store)
    return [
        route("POST", f"{_PATH}/DynamicYield", api.dynamic_yield),
        route("POST", f"{_PATH}/DynamicRepair", api.dynamic_repair),
        *[route("POST", f"{_PATH}/{name}", api.yield_list) for name in _YIELD_LISTS],
        *[
            route("GET", f"{_PATH}/{name}", api.recent_yield_list)
            for name in ("VolumeYield", "HighVolume", "WorstYield")
        ],
        route("POST", f"{_PATH}/TopFailed", top_failed.post),
        route("GET", f"{_PATH}/TopFailed", top_failed.get),
        route("POST", f"{_PATH}/TestStepAnalysis", api.test_step_analysis),
        route("POST", f"{_PATH}/Measurements", api.measurements),
        route("POST", f"{_PATH}/AggregatedMeasurements", api.aggregated_measurements),
        route("POST", f"{_PATH}/OeeAnalysis", api.oee_analysis),
        route("GET", f"{_PATH}/RelatedRepairHistory", api.related_repair_history),
        *list_routes(store),
        *internal_routes(store),
    ]


class _AnalyticsApi:
    """The public analytics API, calculated from the reports."""

    def __init__(self, store: AnalyticsStore) -> None:
        self._store = store

    async def dynamic_yield(self, request: Request) -> Response:
        asked, named = await self._preview(request)
        columns = yield_columns(named or DEFAULT_COLUMNS)
        tests = asked.select(self._store.tests())
        return json_response(yield_rows(tests, columns, asked, all_kpis=named is None))

    async def dynamic_repair(self, request: Request) -> Response:
        asked, named = await self._preview(request)
        columns = repair_columns(named or DEFAULT_REPAIR_COLUMNS)
        repairs = asked.select(self._store.repairs())
        return json_response(repair_rows(repairs, self._store.tests(), columns, asked))

    async def yield_list(self, request: Request) -> Response:
        return self._listed(request, await filter_of(request, self._store))

    async def recent_yield_list(self, request: Request) -> Response:
        return self._listed(request, recent_filter(request, self._store))

    async def test_step_analysis(self, request: Request) -> Response:
        since = time_text(self._store.now() - timedelta(days=_STEP_DAYS))
        defaults: Row = {"dateFrom": since, "maxCount": _STEP_COUNT, "run": RunFilter.FIRST.value}
        asked = ReportFilter(defaults | await json_body(request, ROW), self._store.now)
        asked.require("partNumber", "testOperation")
        run = asked.number("run", min(RunFilter))
        return json_response(step_analysis(_of_run(asked.select(self._store.tests()), run)))

    async def measurements(self, request: Request) -> Response:
        tests, paths = await self._measured(request)
        return json_response(measurement_rows(tests, paths))

    async def aggregated_measurements(self, request: Request) -> Response:
        tests, paths = await self._measured(request)
        return json_response(aggregated_rows(tests, paths))

    async def oee_analysis(self, request: Request) -> Response:
        asked = await filter_of(request, self._store)
        return json_response(oee_analysis(asked.select(self._store.tests()), request.query_params))

    async def related_repair_history(self, request: Request) -> Response:
        wanted: dict[str, str | None] = {
            name: required_query(request, name) for name in ("partNumber", "revision")
        }
        for name in ("repairOperationCode", "testOperationCode"):
            wanted[name] = request.query_params.get(name)
        return json_response(related_repairs(self._store.repairs(), self._store.tests(), wanted))

    async def _preview(self, request: Request) -> tuple[ReportFilter, str | None]:
        """Return the filter (the default for an empty one) and the named dimensions."""
        asked = await filter_of(request, self._store)
        named = request.query_params.get("dimensions") or asked.dimensions
        if asked.is_empty and named is None:
            since = time_text(self._store.now() - timedelta(days=_PREVIEW_DAYS))
            default: Row = {"topCount": _PREVIEW_TOP, "dateFrom": since}
            return ReportFilter(default, self._store.now), None
        return asked, named

    async def _measured(self, request: Request) -> tuple[list[SeenReport], str | None]:
        """Return the tests and the paths whose measurements are requested."""
        asked = await filter_of(request, self._store)
        if asked.is_empty:
            since = time_text(self._store.now() - timedelta(days=_MEASUREMENT_DAYS))
            asked = ReportFilter({"dateFrom": since}, self._store.now)
        else:
            asked.require("partNumber", "testOperation")
        paths = request.query_params.get("measurementPaths")
        return asked.select(self._store.tests()), paths

    def _listed(self, request: Request, asked: ReportFilter) -> Response:
        name = request.url.path.rpartition("/")[2]
        columns = yield_columns(_YIELD_LISTS[name])
        tests = asked.select(self._store.tests())
        return json_response(yield_rows(tests, columns, asked, all_kpis=True))


def _of_run(tests: list[SeenReport], run: int | None) -> list[SeenReport]:
    if run == RunFilter.ALL:
        return tests
    if run == RunFilter.LAST:
        last = {(*test.unit, test.operation): str(test.document["id"]) for test in tests}
        return [test for test in tests if str(test.document["id"]) in last.values()]
    if run not in {RunFilter.FIRST, RunFilter.SECOND, RunFilter.THIRD}:
        raise ApiError(400, f"The value '{run}' is not valid for run.")
    return [test for test in tests if test.run == run]
