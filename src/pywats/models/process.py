"""Test, repair and work-in-progress (WIP) operations."""

from pydantic import Field, JsonValue

from pywats.models.base import WATSModel, WireUUID

__all__ = ["ProcessInfo"]


class ProcessInfo(WATSModel):
    """An operation.

    Attributes:
        code: Code of the operation, as reports have it.
        name: Name.
        description: Description.
        is_test_operation: True for tests.
        is_repair_operation: True for repairs.
        is_wip_operation: True for work in progress.
        process_id: Id, ``ProcessID`` on the wire.
        process_index: Place in the order of operations.
        state: State; the API file does not name the numbers.
        properties: Further properties, ``Properties`` on the wire.
        repair_operation: What a repair operation asks for.
    """

    code: int | None = None
    name: str | None = None
    description: str | None = None
    is_test_operation: bool | None = None
    is_repair_operation: bool | None = None
    is_wip_operation: bool | None = None
    process_id: WireUUID | None = Field(
        default=None, validation_alias="ProcessID", serialization_alias="ProcessID"
    )
    process_index: int | None = None
    state: int | None = None
    properties: str | None = Field(
        default=None, validation_alias="Properties", serialization_alias="Properties"
    )
    repair_operation: dict[str, JsonValue] | None = None
