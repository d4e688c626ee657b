"""Models of units, their phases, changes and verification, and of batches."""

from pydantic import AliasChoices, Field, JsonValue

from pywats.models.base import RenamedModel, WATSModel
from pywats.models.product.product import Product, ProductRevision, Tag
from pywats.models.production.enums import AnyUnitPhase
from pywats.models.wire_time import WireDatetime

__all__ = [
    "ProductionBatch",
    "SaveUnitsResult",
    "Unit",
    "UnitChange",
    "UnitPhase",
    "UnitVerification",
    "UnitVerificationGrade",
]


class Unit(WATSModel):
    """A unit: one piece of a product, with a serial number (``Mes.Production.Public.Unit``).

    Attributes:
        serial_number: Serial number.
        part_number: Part number of the product.
        revision: Revision of the product.
        parent_serial_number: Serial number of the unit it is built into.
        batch_number: Number of the batch it belongs to.
        serial_date: When it was made.
        current_location: Its current location.
        xml_data: XML document with the tags, see `pywats.models.xml_data`; change a tag with
            ``set_unit_tag`` of the service.
        unit_phase_id: Its phase.
        unit_phase: Name of its phase. The server ignores what is sent here, so it cannot be
            assigned.
        process_code: Code of the process it is in. The API file says text; a number is taken too.
        tags: The tags of ``xml_data`` as the server reads them. The server ignores what is sent
            here, so it cannot be assigned.
        product_revision: The revision.
        product: The product.
        sub_units: The units that are built into it.
    """

    serial_number: str | None = None
    part_number: str | None = None
    revision: str | None = None
    parent_serial_number: str | None = None
    batch_number: str | None = None
    serial_date: WireDatetime | None = None
    current_location: str | None = None
    xml_data: str | None = None
    unit_phase_id: AnyUnitPhase | None = None
    unit_phase: str | None = Field(default=None, frozen=True)
    process_code: str | int | None = None
    tags: list[Tag] | None = Field(default=None, frozen=True)
    product_revision: ProductRevision | None = None
    product: Product | None = None
    sub_units: "list[Unit] | None" = None


class SaveUnitsResult(WATSModel):
    """The response to a save of units; the API file does not declare it.

    Attributes:
        insert_count: Number of units that were added.
        update_count: Number of units that were updated.
        error_count: Number of units that were not saved.
        errors: Messages of the server about these units.
    """

    insert_count: int | None = None
    update_count: int | None = None
    error_count: int | None = None
    errors: list[JsonValue] | None = None


class UnitPhase(RenamedModel):
    """A phase that units can be in (``Mes.UnitPhase``).

    Attributes:
        phase_id: Number of the phase.
        code: Code of the phase.
        name: Name of the phase.
        description: Description.
    """

    phase_id: AnyUnitPhase = Field(
        validation_alias=AliasChoices("UnitPhaseId", "unitPhaseId"),
        serialization_alias="UnitPhaseId",
    )
    code: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Code", "code"),
        serialization_alias="Code",
    )
    name: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Name", "name"),
        serialization_alias="Name",
    )
    description: str | None = Field(
        default=None,
        validation_alias=AliasChoices("Description", "description"),
        serialization_alias="Description",
    )


class UnitChange(WATSModel):
    """A change of a unit that waits to be handled (``Mes.Production.Public.UnitChange``).

    Attributes:
        id: Id of the change, by which it is deleted once it is handled.
        unit_serial_number: Serial number of the unit.
        new_parent_serial_number: Serial number of the unit it was built into.
        new_part_number: Part number that it got.
        new_revision: Revision that it got.
        new_unit_phase_id: Phase that it got.
    """

    id: int | None = None
    unit_serial_number: str | None = None
    new_parent_serial_number: str | None = None
    new_part_number: str | None = None
    new_revision: str | None = None
    new_unit_phase_id: AnyUnitPhase | None = None


class UnitVerification(WATSModel):
    """Result of a unit in one process (``PublicUnitVerification``).

    Attributes:
        process_code: Code of the test operation.
        process_name: Name of the test operation.
        process_index: Place of the operation in the order of operations.
        status: Result of the unit in this operation.
        start_utc: When the test began; None if the unit was not tested.
        station_name: Name of the test station.
        total_count: Number of tests of the unit.
        non_passed_count: Number of these tests that it did not pass.
        repair_count: Number of its repairs.
    """

    process_code: int | None = None
    process_name: str | None = None
    process_index: int | None = None
    status: str | None = None
    start_utc: WireDatetime | None = None
    station_name: str | None = None
    total_count: int | None = None
    non_passed_count: int | None = None
    repair_count: int | None = None


class UnitVerificationGrade(WATSModel):
    """Result of a unit by the verification rule of its product (``PublicUnitVerificationGrade``).

    Attributes:
        status: Status of the unit.
        grade: Grade of the unit.
        all_processes_executed_in_correct_order: True if it was tested in the order of operations.
        all_processes_passed_first_run: True if it passed each operation the first time.
        all_processes_passed_any_run: True if it passed each operation at least once.
        all_processes_passed_last_run: True if it passed each operation the last time.
        no_repairs: True if it was never repaired.
        results: Its result in each operation of the rule.
    """

    status: str | None = None
    grade: str | None = None
    all_processes_executed_in_correct_order: bool | None = None
    all_processes_passed_first_run: bool | None = None
    all_processes_passed_any_run: bool | None = None
    all_processes_passed_last_run: bool | None = None
    no_repairs: bool | None = None
    results: list[UnitVerification] | None = None


class ProductionBatch(WATSModel):
    """A batch of units (``Mes.Production.Public.ProductionBatch``).

    Attributes:
        batch_number: Number of the batch.
        batch_size: How many units it has.
    """

    batch_number: str | None = None
    batch_size: int | None = None
