"""The filter of most queries of the analytics API."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field

from pywats.models.analytics.enums import DateGrouping, StatusFilter
from pywats.models.base import WATSModel

__all__ = ["WatsFilter"]


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must be a non-empty string")
    return value


_Text = Annotated[str, AfterValidator(_not_blank)]
# Left to right: pydantic's smart mode would prefer the plain text to the enum.
_Status = Annotated[StatusFilter | _Text, Field(union_mode="left_to_right")]
_Count = Annotated[int, Field(strict=True, ge=1)]


class WatsFilter(WATSModel):
    """Selects the reports that count (``PublicWatsFilter``).

    A field that is None does not restrict anything. The server uses only the fields that a query
    supports; the documentation of each method lists them. Unlike a model of a response, the filter
    refuses unknown names, because a misspelt name would not restrict anything.

    Attributes:
        serial_number: Serial number of the unit.
        part_number: Part number of the unit.
        revision: Revision of the unit.
        batch_number: Batch of the unit.
        station_name: Name of the station.
        test_operation: Name of the test operation.
        status: Result of the report.
        yield_value: ``yield`` on the wire; the API file does not say what the numbers mean.
        misc_description: Name of a piece of miscellaneous information.
        misc_value: Its value.
        product_group: Name of the product group.
        level: Name of the level.
        sw_filename: File name of the test software.
        sw_version: Version of the test software.
        socket: Test socket.
        date_from: Begin of the time looked at, with a time zone.
        date_to: End of the time looked at, with a time zone.
        date_grouping: Length of a period.
        period_count: How many periods back, 1 or more.
        include_current_period: Whether the period that has not ended yet counts.
        max_count: Largest number of reports to look at, 1 or more.
        min_count: Leave out rows of fewer units, 0 or more.
        top_count: Largest number of rows to return, 1 or more.
        dimensions: Names that split and order the rows, with ``;`` between them, each optionally
            followed by ``asc`` or ``desc``; see `YieldDimension` and `RepairDimension`.
    """

    model_config = ConfigDict(extra="forbid")

    serial_number: _Text | None = None
    part_number: _Text | None = None
    revision: _Text | None = None
    batch_number: _Text | None = None
    station_name: _Text | None = None
    test_operation: _Text | None = None
    status: _Status | None = None
    yield_value: Annotated[int, Field(strict=True)] | None = Field(
        default=None, validation_alias="yield", serialization_alias="yield"
    )
    misc_description: _Text | None = None
    misc_value: _Text | None = None
    product_group: _Text | None = None
    level: _Text | None = None
    sw_filename: _Text | None = None
    sw_version: _Text | None = None
    socket: _Text | None = None
    date_from: AwareDatetime | None = None
    date_to: AwareDatetime | None = None
    date_grouping: DateGrouping | None = None
    period_count: _Count | None = None
    include_current_period: bool | None = None
    max_count: _Count | None = None
    min_count: Annotated[int, Field(strict=True, ge=0)] | None = None
    top_count: _Count | None = None
    dimensions: _Text | None = None

    def to_wire_json(self) -> bytes:
        """Encode the fields that are not None, by their wire names.

        Returns:
            A JSON object in UTF-8, without the fields that are None.
        """
        return self.model_dump_json(by_alias=True, exclude_none=True).encode()
