"""Reports of tests (UUT: unit under test)."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field, field_validator

from pywats.models.base import WATSModel, WireUUID
from pywats.models.finite import finite
from pywats.models.report.attachment import Attachment
from pywats.models.report.checks import MAX_TEXT, file_problems, sub_unit_problems, too_long
from pywats.models.report.enums import ReportStatus, StepStatus
from pywats.models.report.measurement import (
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
)
from pywats.models.report.parts import ReportSubUnit
from pywats.models.report.report import Report
from pywats.models.report.sequence import SequenceCall
from pywats.models.report.step import Step
from pywats.models.report.verdict import BAD, doubt, unknown
from pywats.models.wire_time import WireDatetime

__all__ = ["ReferencingUUR", "UUTInfo", "UUTReport"]


class ReferencingUUR(WATSModel):
    """A repair report that refers to the test; the server adds it.

    Attributes:
        id: Id of the repair report.
        start: When the repair began.
    """

    id: WireUUID
    start: WireDatetime | None = None


class UUTInfo(WATSModel):
    """Data of a test other than its steps.

    Attributes:
        operator: Operator of the test, ``user`` on the wire.
        comment: Comment.
        exec_time: Duration in seconds.
        fixture_id: Id of the fixture.
        test_socket_index: Number of the test socket.
        error_code: Error code.
        error_message: Error message.
        batch_number: Batch of the unit, ``batchSN`` on the wire.
        batch_fail_count: Failed units of the batch.
        batch_loop_index: Number of the loop over the batch.
        step_id_caused_uut_failure: Id of the step that made the test fail.
        referenced_by_uurs: Repair reports that refer to the test.
    """

    operator: str | None = Field(default=None, alias="user")
    comment: str | None = None
    exec_time: int | float | None = None
    fixture_id: str | None = None
    test_socket_index: int | None = None
    error_code: int | None = None
    error_message: str | None = None
    batch_number: str | None = Field(default=None, alias="batchSN")
    batch_fail_count: int | None = None
    batch_loop_index: int | None = None
    step_id_caused_uut_failure: int | None = Field(default=None, alias="stepIdCausedUUTFailure")
    referenced_by_uurs: list[ReferencingUUR] | None = Field(default=None, alias="referencedByUURs")

    _finite_time = field_validator("exec_time")(finite)


class UUTReport(Report):
    """The report of a test.

    Attributes:
        type: ``T``.
        info: Data of the test, ``uut`` on the wire.
        sub_units: Units inside the unit.
        root: The sequence that was run.
    """

    type: Literal["T"] = "T"
    info: UUTInfo | None = Field(default=None, alias="uut")
    sub_units: list[ReportSubUnit] | None = None
    root: SequenceCall | None = None

    def sequence(self) -> SequenceCall:
        """Return the root sequence; it is created on the first call."""
        if self.root is None:
            self.root = SequenceCall(
                step_type="SequenceCall",
                name="MainSequence Callback",
                group="M",
                status=StepStatus.PASSED,
                steps=[],
            )
        return self.root

    def add_sub_unit(
        self, *, part_number: str, serial_number: str, revision: str, part_type: str = "Unknown"
    ) -> ReportSubUnit:
        """Add a unit inside the unit.

        The arguments are keyword-only, because all are texts and pywats-api has them in another
        order.

        Args:
            part_number: Part number.
            serial_number: Serial number.
            revision: Revision.
            part_type: Kind of part.

        Returns:
            The sub unit.
        """
        added = ReportSubUnit(pn=part_number, sn=serial_number, rev=revision, part_type=part_type)
        self.sub_units = [*(self.sub_units or []), added]
        return added

    def conclude(self, exec_time: float | None = None) -> ReportStatus:
        """Set the status of the sequences and the result of the report from the steps.

        Args:
            exec_time: Duration of the test in seconds; None leaves it as it is.

        Returns:
            The result.

        Raises:
            ValueError: The status of a step is unknown, or ``exec_time`` is not finite.
        """
        if exec_time is not None:
            info = self.info or UUTInfo()
            info.exec_time = exec_time
            self.info = info
        result = ReportStatus(self.sequence().conclude().value)
        self.result = result
        return result

    def steps(self) -> Iterator[Step]:
        """Yield all steps, each sequence before its steps."""
        if self.root is not None:
            yield from _steps(self.root)

    def problems(self) -> list[str]:
        """List the problems of the report; see `pywats.models.report.Report.problems`."""
        found = super().problems()
        for step in self.steps():
            if step.attachment is not None:
                found += file_problems(f"step {step.name!r}: attachment", step.attachment)
        return found

    def _attached(self, added: Attachment) -> Attachment:
        # In WSJF only repairs have files of the whole report, and a step has at most one file.
        step = self.sequence().add_step(added.name[:MAX_TEXT])
        step.attachment = added
        return added

    def _faults(self) -> list[str]:
        found = super()._faults() + sub_unit_problems(self.sub_units)
        if self.binary_data:
            found.append(
                "binary_data is for repairs only: attach files to a step, or call attach()"
            )
        if self.info is None:
            found.append("info is missing: a test report has a UUTInfo")
        if self.root is None:
            return [*found, "root is missing: a test report has a sequence of steps"]
        if self.result == ReportStatus.PASSED and self.root.status in BAD:
            found.append(
                f"result is passed but the root sequence is {self.root.status!s}: call conclude()"
            )
        for step in self.steps():
            found += _step_problems(step)
        return found


def _steps(root: Step) -> Iterator[Step]:
    # Not recursive: sequences may be nested deeper than Python's function calls.
    left = [root]
    while left:
        step = left.pop()
        yield step
        if isinstance(step, SequenceCall):
            left += reversed(step.steps or [])


def _step_problems(step: Step) -> list[str]:
    found: list[str] = []
    place = f"step {step.name!r}"
    if not step.name.strip():
        found.append(f"{place}: the name is empty")
    found += too_long(f"{place}: the name", step.name)
    wrong = unknown("status", step.status, StepStatus)
    if wrong is not None:
        found.append(f"{place}: {wrong}")
    for measurements in (step.numeric_meas, step.boolean_meas, step.string_meas):
        names = [each.name for each in measurements or []]
        if len(names) > 1 and (None in names or len(set(names)) < len(names)):
            found.append(f"{place}: each of several measurements needs a name of its own")
        for each in measurements or []:
            found += _measurement_problems(f"{place}: measurement {each.name or ''!r}", each, step)
    if isinstance(step, SequenceCall) and step.status == StepStatus.PASSED:
        found += [
            f"{place} passed but step {child.name!r} {BAD[child.status]}: call conclude(), or set "
            "caused_seq_failure=False on that step if it is meant"
            for child in step.steps or []
            if isinstance(child.status, StepStatus)
            and child.status in BAD
            and child.caused_seq_failure is not False
        ]
    return found


def _measurement_problems(
    place: str, measured: NumericMeasurement | BooleanMeasurement | StringMeasurement, step: Step
) -> list[str]:
    if not isinstance(measured.status, StepStatus):
        wrong = unknown("status", measured.status, StepStatus)
        return [] if wrong is None else [f"{place}: {wrong}"]
    if measured.status in BAD and step.status == StepStatus.PASSED:
        return [f"{place} {BAD[measured.status]} but the step passed"]
    why = doubt(measured) if measured.status is StepStatus.PASSED else None
    return [] if why is None else [f"{place} passed but {why}"]
