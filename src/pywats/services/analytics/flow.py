"""Unit flow: the ways of units through the operations of a production."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import JsonValue, TypeAdapter

from pywats import models, validation
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.analytics.flow_figures import (
    UnitFlowSummary,
    bottlenecks_of,
    summary_of,
)
from pywats.services.analytics.question import checked_filter, question
from pywats.services.calls import Calls, json_array

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.models import (
        UnitFlowLink,
        UnitFlowNode,
        UnitFlowResult,
        UnitFlowUnit,
        WatsFilter,
    )

__all__ = ["UnitFlow"]

_FLOW = adapter(lambda: models.UnitFlowResult)
_NODES = adapter(lambda: list[models.UnitFlowNode])
_LINKS = adapter(lambda: list[models.UnitFlowLink])
_UNITS = adapter(lambda: list[models.UnitFlowUnit])
_NUMBERS = TypeAdapter(list[int])
_PATH = "/api/internal/UnitFlow"
_PERCENT = 100


class UnitFlow(Calls):
    """The methods on unit flow."""

    async def get_unit_flow(self, filter: WatsFilter | None = None) -> UnitFlowResult:
        """Get the flow of units (POST /api/internal/UnitFlow).

        Args:
            filter: Which reports count; None for an empty filter.

        Returns:
            Operations, the ways between them, and the units.
        """
        return await self._one(question(_PATH, _or_empty(filter)), _FLOW())

    async def split_flow_by(
        self, dimension: str, filter: WatsFilter | None = None
    ) -> UnitFlowResult:
        """Get the flow of units, with operations split (POST /api/internal/UnitFlow/SplitBy).

        Args:
            dimension: Dimension that splits them, for example ``stationName``; several with ``;``
                between them. It is sent as ``dimensions``, the field of the filter for such names.
            filter: Which reports count; None for an empty filter.

        Returns:
            Operations, the ways between them, and the units.

        Raises:
            ValueError: ``filter`` has ``dimensions`` too.
        """
        given = _or_empty(filter)
        split: dict[str, JsonValue] = {"dimensions": arguments.text("dimension", dimension)}
        if given.dimensions is not None:
            raise ValueError(
                f"filter.dimensions={given.dimensions!r}: must be None, because dimension "
                "is sent in its place"
            )
        return await self._one(question(f"{_PATH}/SplitBy", given, further=split), _FLOW())

    async def get_flow_nodes(self, filter: WatsFilter | str) -> list[UnitFlowNode]:
        """List the operations of a flow (GET /api/internal/UnitFlow/Nodes).

        Args:
            filter: Which reports count. The API file declares a text, but not its format: a
                `WatsFilter` is sent as JSON, a text as it is.

        Returns:
            The operations in the order of the server.
        """
        return await self._list(_part("Nodes", filter), _NODES())

    async def get_flow_links(self, filter: WatsFilter | str) -> list[UnitFlowLink]:
        """List the ways between operations (GET /api/internal/UnitFlow/Links).

        Args:
            filter: Which reports count; see `get_flow_nodes`.

        Returns:
            The ways in the order of the server.
        """
        return await self._list(_part("Links", filter), _LINKS())

    async def get_flow_units(self, filter: WatsFilter | str) -> list[UnitFlowUnit]:
        """List the units of a flow (GET /api/internal/UnitFlow/Units).

        Args:
            filter: Which reports count; see `get_flow_nodes`.

        Returns:
            The units in the order of the server.
        """
        return await self._list(_part("Units", filter), _UNITS())

    async def trace_serial_numbers(self, unit_ids: Iterable[int]) -> JsonValue:
        """Get the serial numbers of units of a flow (POST /api/internal/UnitFlow/SN).

        Args:
            unit_ids: Numbers of units, as ``unit_id`` of `UnitFlowUnit` has them; at least one.

        Returns:
            The server's response; the API file does not declare it.
        """
        numbers = [
            validation.whole_number(f"unit_ids[{index}]", each, 0)
            for index, each in enumerate(arguments.iterable("unit_ids", unit_ids))
        ]
        if not numbers:
            raise ValueError("unit_ids is empty: name at least one unit")
        return await self._undeclared(_posted("SN", _NUMBERS.dump_json(numbers)))

    async def set_unit_order(self, units: Iterable[UnitFlowUnit]) -> JsonValue:
        """Get the order of units of a flow (POST /api/internal/UnitFlow/UnitOrder).

        Nothing is kept on the server: only the response is in this order.

        Args:
            units: Units as a flow has them, at least one.

        Returns:
            The server's response; the API file does not declare it.
        """
        checked = arguments.instances("units", units, models.UnitFlowUnit)
        return await self._undeclared(_posted("UnitOrder", json_array(checked)))

    async def get_flow_summary(self, filter: WatsFilter | None = None) -> UnitFlowSummary:
        """Get the flow of units in a few numbers (POST /api/internal/UnitFlow).

        Args:
            filter: Which reports count; None for an empty filter.

        Returns:
            The numbers, calculated from the flow.
        """
        return summary_of(await self.get_unit_flow(filter))

    async def get_bottlenecks(
        self, filter: WatsFilter | None = None, min_yield_threshold: float = 95.0
    ) -> list[UnitFlowNode]:
        """List the operations of low yield (POST /api/internal/UnitFlow).

        Args:
            filter: Which reports count; None for an empty filter.
            min_yield_threshold: Yield in percent that is good enough, 0 to 100.

        Returns:
            The operations whose yield is known and lower, the lowest first.
        """
        threshold = validation.number_at_least("min_yield_threshold", min_yield_threshold, 0)
        if threshold > _PERCENT:
            raise ValueError(
                f"min_yield_threshold={min_yield_threshold!r}: must be {_PERCENT} or less"
            )
        return bottlenecks_of(await self.get_unit_flow(filter), threshold)


def _or_empty(filter: WatsFilter | None) -> WatsFilter:
    return models.WatsFilter() if filter is None else checked_filter(filter)


def _part(name: str, filter: WatsFilter | str) -> Request:
    if isinstance(filter, str):
        text = arguments.text("filter", filter)
    else:
        text = checked_filter(filter).to_wire_json().decode()
    return Request(method="GET", template=f"{_PATH}/{name}", query={"filter": text})


def _posted(name: str, content: bytes) -> Request:
    return Request(method="POST", template=f"{_PATH}/{name}", content=content, idempotent=True)
