"""Test, repair and work-in-progress (WIP) operations, which the API calls processes."""

from pydantic import AliasChoices, AliasGenerator, ConfigDict, Field
from pydantic.alias_generators import to_camel, to_pascal

from pywats.models.base import RenamedModel, WATSModel, WireUUID
from pywats.models.process.enums import AnyRepairBinding, AnyRepairType

__all__ = ["ProcessInfo", "RepairOperationDetails"]


def _either_case(name: str) -> AliasChoices:
    return AliasChoices(to_camel(name), to_pascal(name))


class RepairOperationDetails(WATSModel):
    """Requirements of a repair operation in the public API.

    The API file names these five fields and the meaning of their numbers, but not the object that
    contains them. Other fields stay in ``model_extra``.

    Attributes:
        uut_binding: Whether a repair must name the test it is about.
        bom_binding: Whether it must name a part of the bill of materials.
        vendor_binding: Whether it must name the vendor of the part.
        image_constraint: Whether it must have an image.
        repair_type: Kind of failure or repair.
    """

    uut_binding: AnyRepairBinding | None = None
    bom_binding: AnyRepairBinding | None = None
    vendor_binding: AnyRepairBinding | None = None
    image_constraint: AnyRepairBinding | None = None
    repair_type: AnyRepairType | None = None


class ProcessInfo(RenamedModel):
    """An operation (``Mes.Process``); the names of both APIs are read, camelCase and PascalCase.

    Attributes:
        code: Code of the operation, as reports have it.
        name: Name.
        description: Description.
        is_test_operation: True for tests.
        is_repair_operation: True for repairs.
        is_wip_operation: True for work in progress.
        process_id: Id.
        process_index: Place in the order of operations.
        state: State; the API file does not name the numbers.
        properties: Further properties, as text.
        repair_operation: Requirements of a repair operation; only in the public API.
    """

    model_config = ConfigDict(
        alias_generator=AliasGenerator(
            validation_alias=_either_case,
            serialization_alias=to_camel,
        )
    )

    code: int
    name: str | None = None
    description: str | None = None
    is_test_operation: bool | None = None
    is_repair_operation: bool | None = None
    is_wip_operation: bool | None = Field(
        default=None,
        validation_alias=AliasChoices("isWipOperation", "IsWIPOperation"),
        serialization_alias="isWipOperation",
    )
    process_id: WireUUID | None = Field(
        default=None,
        validation_alias=AliasChoices("processId", "processID", "ProcessID"),
        serialization_alias="processId",
    )
    process_index: int | None = None
    state: int | None = None
    properties: str | None = None
    repair_operation: RepairOperationDetails | None = None
