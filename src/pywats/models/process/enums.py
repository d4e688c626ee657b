"""Enumerations of repair operations; values that the server adds later stay plain integers."""

from enum import IntEnum
from typing import Annotated

from pydantic import Field

__all__ = ["AnyRepairBinding", "AnyRepairType", "RepairBinding", "RepairType"]


class RepairBinding(IntEnum):
    """Whether a repair must name something: the test, the part, its vendor, an image."""

    REQUIRED = 0
    OPTIONAL = 1
    NEVER = 2


class RepairType(IntEnum):
    """Kind of failure or repair of a fail code."""

    DEFAULT = 0
    AUTOMATIC_PROCESS = 1
    SCRAPPED = 2
    NO_FAILURE_FOUND = 3
    COMPONENT = 4
    DESIGN = 5
    MANUAL_PROCESS = 6
    REPLACED = 7


# Left to right: pydantic's smart mode would prefer the plain int to the enum.
AnyRepairBinding = Annotated[RepairBinding | int, Field(union_mode="left_to_right")]
AnyRepairType = Annotated[RepairType | int, Field(union_mode="left_to_right")]
