"""Models of parts that test reports and repair reports share."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from pywats.models.base import WATSModel
from pywats.models.exact import exact
from pywats.models.wire_time import WireDatetime

__all__ = ["AssetStats", "ReportMiscInfo", "ReportSubUnit", "UsedAsset"]


class ReportMiscInfo(WATSModel):
    """A piece of information for which no other field exists.

    Attributes:
        description: What it is.
        id: Id.
        text: Its value as a text.
        numeric: Its value as a number. A value that JSON cannot express is sent as a text:
            ``NaN``, ``Infinity``, ``-Infinity``.
    """

    description: str
    id: str | None = None
    text: str | None = None
    numeric: Annotated[int | float | None, BeforeValidator(exact)] = None


class ReportSubUnit(WATSModel):
    """A unit inside the unit.

    Attributes:
        part_number: Part number, ``pn`` on the wire.
        serial_number: Serial number, ``sn`` on the wire.
        revision: Revision, ``rev`` on the wire.
        part_type: Kind of part.
    """

    part_number: str = Field(alias="pn")
    serial_number: str | None = Field(default=None, alias="sn")
    revision: str | None = Field(default=None, alias="rev")
    part_type: str | None = None


class UsedAsset(WATSModel):
    """An asset that was used.

    Attributes:
        serial_number: Serial number, ``sn`` on the wire.
        usage_count: Number of times that it was used.
        asset_type: Name of its type.
        part_number: Its part number.
        calibration_date: When it was calibrated.
        calibration_due: When it must be calibrated.
    """

    serial_number: str = Field(alias="sn")
    usage_count: int | None = None
    asset_type: str | None = None
    part_number: str | None = None
    calibration_date: WireDatetime | None = None
    calibration_due: WireDatetime | None = None


class AssetStats(WATSModel):
    """Usage and upkeep of an asset at the time of the test; the server adds it.

    Attributes:
        serial_number: Serial number, ``sn`` on the wire.
        running_count: Uses since the count was reset.
        running_count_exceeded: True if that is beyond the limit.
        total_count: All uses.
        total_count_exceeded: True if that is beyond the limit.
        days_since_calibration: Days since the last calibration.
        calibration_days_overdue: Days by which calibration is overdue.
        days_since_maintenance: Days since the last maintenance.
        maintenance_days_overdue: Days by which maintenance is overdue.
        message: Message.
    """

    serial_number: str | None = Field(default=None, alias="sn")
    running_count: int | None = None
    running_count_exceeded: bool | None = None
    total_count: int | None = None
    total_count_exceeded: bool | None = None
    days_since_calibration: int | None = None
    calibration_days_overdue: int | None = None
    days_since_maintenance: int | None = None
    maintenance_days_overdue: int | None = None
    message: str | None = None
