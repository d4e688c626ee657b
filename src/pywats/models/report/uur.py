"""Reports of repairs (UUR: unit under repair)."""

from typing import Literal

from pydantic import Field, field_validator

from pywats.models.base import WATSModel, WireUUID
from pywats.models.finite import finite
from pywats.models.report.checks import sub_unit_problems
from pywats.models.report.parts import ReportSubUnit
from pywats.models.report.report import Report
from pywats.models.wire_time import WireDatetime

__all__ = ["UURFailure", "UURInfo", "UURReport", "UURSubUnit"]


class UURFailure(WATSModel):
    """A failure that was found and repaired.

    Attributes:
        category: Category of the fail code.
        code: Fail code.
        comment: Comment.
        comp_ref: Component, for example ``R12``; ``comRef`` on the wire.
        func_block: Function block of the component.
        ref_step_id: Id of the test step that found it.
        ref_step_name: Name of that step.
        art_number: Part number of the component.
        art_rev: Revision of the component.
        art_vendor: Vendor of the component.
        art_description: Description of the component.
    """

    category: str
    code: str
    comment: str | None = None
    comp_ref: str | None = Field(default=None, alias="comRef")
    func_block: str | None = None
    ref_step_id: int | None = None
    ref_step_name: str | None = None
    art_number: str | None = None
    art_rev: str | None = None
    art_vendor: str | None = None
    art_description: str | None = None


class UURSubUnit(ReportSubUnit):
    """A unit inside the repaired unit, or that unit itself (``idx`` 0), with its failures.

    Attributes:
        idx: Number of the unit in the report; 0 is the repaired unit.
        parent_idx: Number of the unit that contains it.
        position: Place in that unit.
        replaced_idx: Number of the unit that it replaces.
        failures: Its failures.
    """

    idx: int | None = None
    parent_idx: int | None = None
    position: int | None = None
    replaced_idx: int | None = None
    failures: list[UURFailure] | None = None

    def add_failure(
        self,
        category: str,
        code: str,
        *,
        comment: str | None = None,
        comp_ref: str | None = None,
        ref_step_name: str | None = None,
    ) -> UURFailure:
        """Add a failure.

        Args:
            category: Category of the fail code.
            code: Fail code.
            comment: Comment.
            comp_ref: Component, for example ``R12``.
            ref_step_name: Name of the test step that found it.

        Returns:
            The failure.
        """
        fields = {
            "category": category,
            "code": code,
            "comment": comment,
            "comp_ref": comp_ref,
            "ref_step_name": ref_step_name,
        }
        added = UURFailure.model_validate({k: v for k, v in fields.items() if v is not None})
        self.failures = [*(self.failures or []), added]
        return added


class UURInfo(WATSModel):
    """Data of a repair other than its failures.

    Attributes:
        operator: Operator of the repair, ``user`` on the wire.
        comment: Comment.
        exec_time: Duration in seconds.
        process_code: Code of the test operation that failed.
        process_name: Name of that operation; the server adds it.
        test_operation_code: Code of the test operation that failed.
        test_operation_name: Name of that operation.
        test_operation_guid: Id of that operation.
        ref_uut: Id of the test report, ``refUUT`` on the wire.
        confirm_date: When the failure was confirmed.
        finalize_date: When the repair was done.
        active: True if the report counts.
        parent: Id of the report it belongs to.
    """

    operator: str | None = Field(default=None, alias="user")
    comment: str | None = None
    exec_time: int | float | None = None
    process_code: int | None = None
    process_name: str | None = None
    test_operation_code: int | None = None
    test_operation_name: str | None = None
    test_operation_guid: WireUUID | None = None
    ref_uut: WireUUID | None = Field(default=None, alias="refUUT")
    confirm_date: WireDatetime | None = None
    finalize_date: WireDatetime | None = None
    active: bool | None = None
    parent: WireUUID | None = None

    _finite_time = field_validator("exec_time")(finite)


class UURReport(Report):
    """The report of a repair.

    Attributes:
        type: ``R``.
        info: Data of the repair, ``uur`` on the wire.
        sub_units: The repaired unit and the units inside it, with their failures.
    """

    type: Literal["R"] = "R"
    info: UURInfo | None = Field(default=None, alias="uur")
    sub_units: list[UURSubUnit] | None = None

    def unit(self) -> UURSubUnit:
        """Return the repaired unit itself; it is added if it is not listed yet."""
        for unit in self.sub_units or []:
            if unit.idx == 0:
                return unit
        main = UURSubUnit(
            pn=self.part_number,
            sn=self.serial_number,
            rev=self.revision,
            part_type="Unknown",
            idx=0,
            failures=[],
        )
        self.sub_units = [main, *(self.sub_units or [])]
        return main

    def add_sub_unit(
        self,
        *,
        part_number: str,
        serial_number: str | None = None,
        revision: str | None = None,
        part_type: str = "Unknown",
    ) -> UURSubUnit:
        """Add a unit inside the repaired unit, to which failures can be added.

        Args:
            part_number: Part number.
            serial_number: Serial number.
            revision: Revision.
            part_type: Kind of part.

        Returns:
            The sub unit, with the next free number.
        """
        self.unit()
        units = self.sub_units or []
        given = {"sn": serial_number, "rev": revision}
        added = UURSubUnit.model_validate(
            {
                "pn": part_number,
                "part_type": part_type,
                "idx": 1 + max(unit.idx or 0 for unit in units),
                "parent_idx": 0,
                **{name: value for name, value in given.items() if value is not None},
            }
        )
        self.sub_units = [*units, added]
        return added

    def _faults(self) -> list[str]:
        found = super()._faults() + sub_unit_problems(self.sub_units)
        if self.info is None:
            found.append("info is missing: a repair report has a UURInfo")
        numbers = [unit.idx for unit in self.sub_units or []]
        if len(set(numbers)) < len(numbers):
            found.append("sub_units: two have the same idx")
        for unit in self.sub_units or []:
            if unit.parent_idx is not None and unit.parent_idx not in numbers:
                found.append(f"sub_units: parent_idx={unit.parent_idx} names no sub unit")
        return found
