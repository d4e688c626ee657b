"""Models of serial numbers that the server hands out: their types, ranges and single numbers."""

from pydantic import AliasChoices, Field

from pywats.models.base import RenamedModel, WATSModel
from pywats.models.production.enums import AnySerialNumberIdentifier
from pywats.models.wire_time import WireDatetime

__all__ = ["SerialNumberRange", "SerialNumberRecord", "SerialNumberType"]


class SerialNumberType(WATSModel):
    """A type of serial numbers (``Mes.Production.Public.SerialNumberType``).

    Attributes:
        name: Name of the type, by which numbers are taken.
        description: Description.
        format: Format of the numbers.
        reg_ex: Regular expression that the numbers match.
        identifier: Kind of number.
        identifier_name: Name of that kind. The server ignores what is sent here, so it cannot be
            assigned.
    """

    name: str | None = None
    description: str | None = None
    format: str | None = None
    reg_ex: str | None = None
    identifier: AnySerialNumberIdentifier | None = None
    identifier_name: str | None = Field(default=None, frozen=True)


class SerialNumberRange(WATSModel):
    """A range of serial numbers of one type (``Mes.Production.SerialNumberRange``).

    Attributes:
        type: Name of the type.
        identifier: Kind of number.
        identifier_name: Name of that kind. The server ignores what is sent here, so it cannot be
            assigned.
        start_address: First number of the range.
        end_address: Last number of the range.
        total: Number of serial numbers in it.
        free: Number of its free numbers.
        taken: Number of its taken numbers.
        reserved: Number of its reserved numbers.
    """

    type: str | None = None
    identifier: AnySerialNumberIdentifier | None = None
    identifier_name: str | None = Field(default=None, frozen=True)
    start_address: str | None = None
    end_address: str | None = None
    total: int | None = None
    free: int | None = None
    taken: int | None = None
    reserved: int | None = None


class SerialNumberRecord(RenamedModel):
    """One serial number and the unit that has it; the API file does not declare its fields.

    Attributes:
        serial_number: The number; ``id`` in a file in XML.
        taken: When it was taken.
        reference_serial_number: Serial number of the unit that it was taken for, ``refSN`` on
            the wire.
        reference_part_number: Part number of that unit, ``refPN`` on the wire.
        station_name: Station that took it, ``refStn`` on the wire.
    """

    serial_number: str = Field(
        validation_alias=AliasChoices("serialNumber", "id"),
        serialization_alias="serialNumber",
    )
    taken: WireDatetime | None = None
    reference_serial_number: str | None = Field(
        default=None, validation_alias="refSN", serialization_alias="refSN"
    )
    reference_part_number: str | None = Field(
        default=None, validation_alias="refPN", serialization_alias="refPN"
    )
    station_name: str | None = Field(
        default=None, validation_alias="refStn", serialization_alias="refStn"
    )
