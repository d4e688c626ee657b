"""Enumerations of the asset API; values that the server adds later stay plain integers."""

from enum import IntEnum
from typing import Annotated

from pydantic import Field

__all__ = [
    "AnyAssetAlarmState",
    "AnyAssetLogType",
    "AnyAssetState",
    "AssetAlarmState",
    "AssetLogType",
    "AssetState",
]


class AssetState(IntEnum):
    """State of an asset in its life cycle; users set it."""

    UNKNOWN = 0
    IN_OPERATION = 1
    IN_TRANSIT = 2
    IN_MAINTENANCE = 3
    IN_CALIBRATION = 4
    IN_STORAGE = 5
    SCRAPPED = 6


class AssetAlarmState(IntEnum):
    """State of an asset against the limits of its type, as the server calculates it.

    The API file allows 0 to 4 without names; the names are from the vendor's own client.
    """

    OK = 0
    NOT_REGISTERED = 1
    WARNING = 2
    ALARM = 3
    SYSTEM_ERROR = 4


class AssetLogType(IntEnum):
    """Kind of a record of the asset log.

    The API file also allows 7 and 8, but does not name them.
    """

    MESSAGE = 0
    REGISTER = 1
    UPDATE = 2
    RESET_COUNT = 3
    CALIBRATION = 4
    MAINTENANCE = 5
    STATE_CHANGE = 6


# Left to right: pydantic's smart mode would prefer the plain int to the enum.
AnyAssetState = Annotated[AssetState | int, Field(union_mode="left_to_right")]
AnyAssetAlarmState = Annotated[AssetAlarmState | int, Field(union_mode="left_to_right")]
AnyAssetLogType = Annotated[AssetLogType | int, Field(union_mode="left_to_right")]
