"""The internal analytics endpoints of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from pywats.sandbox.analytics.alarms import alarm_logs
from pywats.sandbox.analytics.dimensions import columns_of
from pywats.sandbox.analytics.filter import ReportFilter
from pywats.sandbox.analytics.flow import Flow, unit_numbers
from pywats.sandbox.analytics.measurements import measurement_list, step_status_list
from pywats.sandbox.analytics.questions import TopFailedApi, filter_of, recent_filter
from pywats.sandbox.analytics.step_name import path_of
from pywats.sandbox.analytics.yields import readers
from pywats.sandbox.requests import ROW, ROWS, Row, json_body, required_query, route
from pywats.sandbox.responses import ApiError, json_response

if TYPE_CHECKING:
    from pydantic import JsonValue
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    from pywats.sandbox.analytics.store import AnalyticsStore

__all__ = ["internal_routes"]

_APP, _FLOW = "/api/internal/App", "/api/internal/UnitFlow"
_ALARMS = "/api/internal/Trigger/GetAlarmAndNotificationLogs"
_NUMBERS = TypeAdapter(list[int])


def internal_routes(store: AnalyticsStore) -> list[Route]:
    """Return the routes, in the order in which they must be tried."""
    top_failed, steps, flow = TopFailedApi(store), _StepApi(store), _FlowApi(store)
    return [
        route("POST", f"{_APP}/TopFailed", top_failed.post),
        route("GET", f"{_APP}/TopFailed", top_failed.get),
        route("POST", f"{_APP}/StepStatusList", steps.post_statuses),
        route("GET", f"{_APP}/StepStatusList", steps.get_statuses),
        route("POST", f"{_APP}/MeasurementList", steps.post_measurements),
        route("GET", f"{_APP}/MeasurementList", steps.get_measurements),
        route("POST", _ALARMS, steps.alarms),
        route("POST", _FLOW, flow.flow),
        route("POST", f"{_FLOW}/SplitBy", flow.split),
        route("GET", f"{_FLOW}/Nodes", flow.nodes),
        route("GET", f"{_FLOW}/Links", flow.links),
        route("GET", f"{_FLOW}/Units", flow.units),
        route("POST", f"{_FLOW}/SN", flow.serial_numbers),
        route("POST", f"{_FLOW}/UnitOrder", flow.order),
    ]


class _StepApi:
    """One step test by test, and alarms."""

    def __init__(self, store: AnalyticsStore) -> None:
        self._store = store

    async def post_statuses(self, request: Request) -> Response:
        return self._statuses(request, await filter_of(request, self._store))

    async def get_statuses(self, request: Request) -> Response:
        return self._statuses(request, recent_filter(request, self._store))

    async def post_measurements(self, request: Request) -> Response:
        return self._measurements(request, await filter_of(request, self._store))

    async def get_measurements(self, request: Request) -> Response:
        return self._measurements(request, recent_filter(request, self._store))

    async def alarms(self, request: Request) -> Response:
        asked = await filter_of(request, self._store)
        query = request.query_params
        return json_response(
            alarm_logs(
                asked.select(self._store.tests()),
                query.get("includeTypes"),
                asked.top_count,
                with_calculation=query.get("includeCalculationString") == "true",
            )
        )

    def _statuses(self, request: Request, asked: ReportFilter) -> Response:
        return json_response(step_status_list(asked.select(self._store.tests()), _path(request)))

    def _measurements(self, request: Request, asked: ReportFilter) -> Response:
        return json_response(measurement_list(asked.select(self._store.tests()), _path(request)))


class _FlowApi:
    """Unit flow."""

    def __init__(self, store: AnalyticsStore) -> None:
        self._store = store

    async def flow(self, request: Request) -> Response:
        return json_response(self._flow(await filter_of(request, self._store), None).body())

    async def split(self, request: Request) -> Response:
        asked = await filter_of(request, self._store)
        asked.require("dimensions")
        return json_response(self._flow(asked, asked.dimensions).body())

    async def nodes(self, request: Request) -> Response:
        return json_response(self._asked(request).nodes())

    async def links(self, request: Request) -> Response:
        return json_response(self._asked(request).links())

    async def units(self, request: Request) -> Response:
        return json_response(self._asked(request).units())

    async def serial_numbers(self, request: Request) -> Response:
        return json_response(self._known(await json_body(request, _NUMBERS)))

    async def order(self, request: Request) -> Response:
        units = await json_body(request, ROWS)
        return json_response(self._known([_unit_id(unit) for unit in units]))

    def _known(self, numbers: list[int]) -> Row:
        """Return the units of these numbers, in the order of their first tests."""
        units = self._flow(ReportFilter({}, self._store.now), None).units()
        for number in numbers:
            if all(unit["unitId"] != number for unit in units):
                raise ApiError(404, f"Unit {number} does not exist.")
        found: list[JsonValue] = [unit for unit in units if unit["unitId"] in numbers]
        return {"nodes": [], "links": [], "units": found, "totalUnits": len(found)}

    def _asked(self, request: Request) -> Flow:
        try:
            sent = ROW.validate_json(required_query(request, "filter"))
        except ValidationError as error:
            raise ApiError(400, "The filter is not valid.") from error
        return self._flow(ReportFilter(sent, self._store.now), None)

    def _flow(self, asked: ReportFilter, dimensions: str | None) -> Flow:
        split = (
            [] if dimensions is None else columns_of(dimensions, list(readers(asked.grouping)), ())
        )
        tests = self._store.tests()
        names = [column.name for column in split]
        return Flow(asked.select(tests), unit_numbers(tests), names, asked.grouping)


def _path(request: Request) -> str:
    return path_of(
        required_query(request, "stepFilters"), required_query(request, "sequenceFilters")
    )


def _unit_id(unit: Row) -> int:
    number = unit.get("unitId")
    if not isinstance(number, int):
        raise ApiError(400, "The unitId field is required.")
    return number
