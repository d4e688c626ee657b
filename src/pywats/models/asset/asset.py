"""Models of assets, their types, their log and their status."""

from pydantic import AliasChoices, Field, field_validator

from pywats.models.asset.enums import AnyAssetAlarmState, AnyAssetLogType, AnyAssetState
from pywats.models.base import RenamedModel, WATSModel, WireUUID
from pywats.models.finite import finite
from pywats.models.product.product import Tag
from pywats.models.wire_time import WireDatetime

__all__ = ["Asset", "AssetLog", "AssetMessage", "AssetStatus", "AssetType", "AssetView"]


class AssetType(WATSModel):
    """A kind of asset and its limits (``Mes.Asset.AssetType``).

    Attributes:
        type_name: Name of the type.
        type_id: Id of the type.
        running_count_limit: Number of uses after which an asset must be calibrated.
        total_count_limit: Number of uses in the life of an asset.
        maintenance_interval: Days between two maintenances.
        calibration_interval: Days between two calibrations.
        warning_threshold: Percent of a limit at which the server warns.
        alarm_threshold: Percent of a limit at which the server raises an alarm.
        is_readonly: True if the type cannot be changed.
        icon: Icon of the type.
    """

    type_name: str
    type_id: WireUUID | None = None
    running_count_limit: int | None = None
    total_count_limit: int | None = None
    maintenance_interval: float | None = None
    calibration_interval: float | None = None
    warning_threshold: float | None = None
    alarm_threshold: float | None = None
    is_readonly: bool | None = None
    icon: str | None = None

    _finite_limits = field_validator(
        "maintenance_interval", "calibration_interval", "warning_threshold", "alarm_threshold"
    )(finite)


class AssetLog(WATSModel):
    """A record of the asset log (``Mes.Asset.AssetLog``).

    Attributes:
        log_id: Id of the record.
        asset_id: Id of the asset.
        serial_number: Serial number of the asset.
        date: When it happened.
        user: User who made the change.
        type: Kind of the record.
        property: Name of the changed property.
        value: Its new value.
        comment: The message, or the user's comment on the change.
    """

    log_id: int | None = None
    asset_id: str | None = None
    serial_number: str | None = None
    date: WireDatetime | None = None
    user: str | None = None
    type: AnyAssetLogType | None = None
    property: str | None = None
    value: str | None = None
    comment: str | None = None


class AssetMessage(WATSModel):
    """A message for the asset log (``Mes.Asset.AssetMessage``).

    Attributes:
        content: Text of the message.
    """

    content: str


class Asset(RenamedModel):
    """An asset (``Mes.Asset.Asset``).

    Saving an asset does not change its counts and its dates of calibration and maintenance: the
    service has separate methods for them.

    Attributes:
        serial_number: Serial number; no two assets have the same.
        type_id: Id of its type; needed to save it.
        asset_id: Id of the asset; may be empty for a new one.
        parent_asset_id: Id of the asset that it is part of.
        parent_serial_number: Serial number of that asset.
        asset_name: Name of the asset.
        part_number: Part number.
        revision: Revision.
        client_id: Number of the client it belongs to, ``ClientId`` on the wire.
        state: State in its life cycle.
        description: Description.
        location: Its location.
        first_seen_date: When it was first seen.
        last_seen_date: When it was last seen.
        last_maintenance_date: When it was last maintained.
        next_maintenance_date: When it must be maintained.
        last_calibration_date: When it was last calibrated.
        next_calibration_date: When it must be calibrated.
        total_count: Uses in its life.
        running_count: Uses since this count was reset.
        tags: Names and values that users attached to it.
        asset_children: The assets that are part of it, if the server sends them.
        asset_type: Its type, if the server sends it.
        asset_log: Its log, if the server sends it.
    """

    serial_number: str
    type_id: WireUUID | None = None
    asset_id: str | None = None
    parent_asset_id: str | None = None
    parent_serial_number: str | None = None
    asset_name: str | None = None
    part_number: str | None = None
    revision: str | None = None
    # Only this name is PascalCase in this definition.
    client_id: int | None = Field(
        default=None,
        validation_alias=AliasChoices("ClientId", "clientId"),
        serialization_alias="ClientId",
    )
    state: AnyAssetState | None = None
    description: str | None = None
    location: str | None = None
    first_seen_date: WireDatetime | None = None
    last_seen_date: WireDatetime | None = None
    last_maintenance_date: WireDatetime | None = None
    next_maintenance_date: WireDatetime | None = None
    last_calibration_date: WireDatetime | None = None
    next_calibration_date: WireDatetime | None = None
    total_count: int | None = None
    running_count: int | None = None
    tags: list[Tag] | None = None
    asset_children: "list[Asset] | None" = None
    asset_type: AssetType | None = None
    asset_log: list[AssetLog] | None = None


class AssetView(WATSModel):
    """A row of the asset list (``Mes.Asset.OData.Asset``).

    Attributes:
        serial_number: Serial number.
        asset_id: Id of the asset.
        parent_asset_id: Id of the asset that it is part of.
        parent_serial_number: Serial number of that asset.
        asset_name: Name of the asset.
        part_number: Part number.
        revision: Revision.
        type_id: Id of its type.
        state: State in its life cycle.
        description: Description.
        location: Its location.
        first_seen_date: When it was first seen.
        last_seen_date: When it was last seen.
        last_maintenance_date: When it was last maintained.
        next_maintenance_date: When it must be maintained.
        last_calibration_date: When it was last calibrated.
        next_calibration_date: When it must be calibrated.
        total_count: Uses in its life.
        running_count: Uses since this count was reset.
        xml_data: XML document with the tags; `pywats.models.xml_data.read_tags` reads them.
    """

    serial_number: str
    asset_id: str | None = None
    parent_asset_id: str | None = None
    parent_serial_number: str | None = None
    asset_name: str | None = None
    part_number: str | None = None
    revision: str | None = None
    type_id: WireUUID | None = None
    state: AnyAssetState | None = None
    description: str | None = None
    location: str | None = None
    first_seen_date: WireDatetime | None = None
    last_seen_date: WireDatetime | None = None
    last_maintenance_date: WireDatetime | None = None
    next_maintenance_date: WireDatetime | None = None
    last_calibration_date: WireDatetime | None = None
    next_calibration_date: WireDatetime | None = None
    total_count: int | None = None
    running_count: int | None = None
    xml_data: str | None = None


class AssetStatus(WATSModel):
    """Counts and dates of an asset against the limits of its type.

    The API file does not declare this response. The fields are the properties that the vendor's
    own client reads; other properties stay in ``model_extra``.

    Attributes:
        status: The verdict of the server.
        message: Its reason as a text.
        running_count: Uses since this count was reset.
        running_count_exceeded: By how many uses that is above the limit; negative below it.
        total_count: Uses in its life.
        total_count_exceeded: By how many uses that is above the limit; negative below it.
        calibration_days_overdue: Days since calibration was due; negative before that day.
        maintenance_days_overdue: Days since maintenance was due; negative before that day.
    """

    status: AnyAssetAlarmState | None = None
    message: str | None = None
    running_count: int | None = None
    running_count_exceeded: int | None = None
    total_count: int | None = None
    total_count_exceeded: int | None = None
    calibration_days_overdue: float | None = None
    maintenance_days_overdue: float | None = None
