"""Measured values, one by one and aggregated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, TypeAdapter

from pywats.models import AggregatedMeasurement, MeasurementData
from pywats.services.analytics.question import checked_filter, list_text, question, require_fields
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.http.port import Request
    from pywats.models import WatsFilter

__all__ = ["Measurements"]


def _flat(rows: object) -> object:
    """Take the rows out of ``{"measurements": […]}``, and add the common fields to each row."""
    if not isinstance(rows, list):
        return rows
    flat: list[object] = []
    for row in rows:
        inner = row.get("measurements") if isinstance(row, dict) else None
        if isinstance(inner, list) and all(isinstance(each, dict) for each in inner):
            said = {name: value for name, value in row.items() if name != "measurements"}
            flat += [said | each for each in inner]
        else:
            flat.append(row)
    return flat


_MEASUREMENTS: TypeAdapter[list[MeasurementData]] = TypeAdapter(
    Annotated[list[MeasurementData], BeforeValidator(_flat)]
)
_AGGREGATED: TypeAdapter[list[AggregatedMeasurement]] = TypeAdapter(
    Annotated[list[AggregatedMeasurement], BeforeValidator(_flat)]
)


class Measurements(Calls):
    """The methods on measured values.

    The API requires ``part_number`` and ``test_operation`` of the filter, unless it is empty:
    then the server takes the steps that failed most in the last seven days. The server returns
    10,000 rows at most.
    """

    async def get_measurements(
        self, filter: WatsFilter, *, measurement_paths: str | Iterable[str] | None = None
    ) -> list[MeasurementData]:
        """List measured numbers (POST /api/App/Measurements).

        The server marks the operation as a preview.

        Args:
            filter: Which reports count.
            measurement_paths: Paths, see `pywats.models.measurement_path`; a text may hold
                several with ``;`` between them.

        Returns:
            The rows in the order of the server.

        Raises:
            ValueError: ``filter`` lacks a field that the API requires.
        """
        request = _asked("/api/App/Measurements", filter, measurement_paths)
        return await self._list(request, _MEASUREMENTS)

    async def get_aggregated_measurements(
        self, filter: WatsFilter, *, measurement_paths: str | Iterable[str] | None = None
    ) -> list[AggregatedMeasurement]:
        """Calculate statistics of measured numbers (POST /api/App/AggregatedMeasurements).

        Args:
            filter: Which reports count.
            measurement_paths: Paths, see `pywats.models.measurement_path`; a text may hold
                several with ``;`` between them.

        Returns:
            The rows in the order of the server.

        Raises:
            ValueError: ``filter`` lacks a field that the API requires.
        """
        request = _asked("/api/App/AggregatedMeasurements", filter, measurement_paths)
        return await self._list(request, _AGGREGATED)


def _asked(
    template: str, filter: WatsFilter, measurement_paths: str | Iterable[str] | None
) -> Request:
    if checked_filter(filter).model_dump(exclude_none=True):
        require_fields(filter, "part_number", "test_operation")
    query = {"measurementPaths": list_text("measurement_paths", measurement_paths)}
    return question(template, filter, query=query)
