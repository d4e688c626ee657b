"""Enumerations of the software API; values that the server adds later stay plain values."""

from enum import IntEnum, StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

__all__ = [
    "AnyFileAttribute",
    "AnyPackageStatus",
    "AnyVirtualFolderType",
    "FileAttribute",
    "NumberedPackageStatus",
    "PackageStatus",
    "VirtualFolderType",
]


class PackageStatus(StrEnum):
    """Status of a package on its way from the author to the station.

    It moves from draft to pending, from pending back to draft or on to released, and from
    released to revoked.
    """

    DRAFT = "Draft"
    PENDING = "Pending"
    RELEASED = "Released"
    REVOKED = "Revoked"

    @property
    def number(self) -> int:
        """The number of the status in the internal API: 0 to 3."""
        return list(PackageStatus).index(self)


class FileAttribute(StrEnum):
    """How the software that installs a package treats a file."""

    NONE = "None"
    EXECUTE_ONCE = "ExecuteOnce"
    EXECUTE_ALWAYS = "ExecuteAlways"
    TOP_LEVEL_FILE = "TopLevelFile"
    OVERWRITE_NEVER = "OverwriteNever"
    OVERWRITE_ON_NEW_PACKAGE_VERSION = "OverwriteOnNewPackageVersion"
    EXECUTE_ONCE_PER_VERSION = "ExecuteOncePerVersion"


class VirtualFolderType(IntEnum):
    """Purpose of a virtual folder.

    The API file does not name the numbers; these are the numbers of the vendor's own client.
    """

    WORKFLOW = 0
    PACKAGE = 1
    TEST_SEQUENCE = 2
    RESTRICTED_PACKAGE = 3


def _from_number(value: object) -> object:
    if isinstance(value, int):
        return next((status for status in PackageStatus if status.number == value), value)
    return value


def _to_number(value: PackageStatus | int) -> int:
    return value.number if isinstance(value, PackageStatus) else value


# Left to right: pydantic's smart mode would prefer the plain value to the enum.
AnyPackageStatus = Annotated[PackageStatus | str, Field(union_mode="left_to_right")]
AnyFileAttribute = Annotated[FileAttribute | str, Field(union_mode="left_to_right")]
AnyVirtualFolderType = Annotated[VirtualFolderType | int, Field(union_mode="left_to_right")]
NumberedPackageStatus = Annotated[
    PackageStatus | int,
    Field(union_mode="left_to_right"),
    BeforeValidator(_from_number),
    PlainSerializer(_to_number, return_type=int, when_used="json"),
]
"""A status that goes over the wire as its number."""
