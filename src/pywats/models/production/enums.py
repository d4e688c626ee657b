"""Enumerations of the production API; values that the server adds later stay plain integers."""

from enum import IntEnum, IntFlag, StrEnum
from typing import Annotated

from pydantic import Field

__all__ = [
    "AnySerialNumberIdentifier",
    "AnyUnitPhase",
    "SerialNumberFormat",
    "SerialNumberIdentifier",
    "UnitPhaseFlag",
]


class UnitPhaseFlag(IntFlag):
    """Phase of a unit in its life cycle.

    The server uses one flag at a time, or a flag together with ``QUEUED``: 4098 is
    ``UNDER_PRODUCTION | QUEUED``.
    """

    UNKNOWN = 1
    UNDER_PRODUCTION = 2
    PRODUCTION_REPAIR = 4
    SERVICE_REPAIR = 8
    FINALIZED = 16
    SCRAPPED = 32
    EXTENDED_TEST = 64
    CUSTOMIZATION = 128
    REPAIRED = 256
    MISSING = 512
    IN_STORAGE = 1024
    SHIPPED = 2048
    QUEUED = 4096


class SerialNumberIdentifier(IntEnum):
    """Kind of the numbers of a serial number type."""

    SERIAL_NUMBER = 0
    MAC_ADDRESS = 1
    IMEI = 2


class SerialNumberFormat(StrEnum):
    """Format of a file of serial numbers."""

    XML = "XML"
    CSV = "CSV"


# Negative numbers first: an IntFlag would turn them into other numbers.
AnyUnitPhase = Annotated[
    Annotated[int, Field(lt=0)] | UnitPhaseFlag, Field(union_mode="left_to_right")
]
# Left to right: pydantic's smart mode would prefer the plain int to the enum.
AnySerialNumberIdentifier = Annotated[
    SerialNumberIdentifier | int, Field(union_mode="left_to_right")
]
