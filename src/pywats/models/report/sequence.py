"""Sequences: the steps that hold steps, and how a test program adds to them."""

from typing import Annotated

from pydantic import Discriminator, Tag

from pywats.models.base import WATSModel
from pywats.models.report.enums import AnyCompOp, AnyStepStatus, CompOp, StepGroup, StepStatus
from pywats.models.report.measurement import (
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
)
from pywats.models.report.step import Step
from pywats.models.report.verdict import status_of, status_of_boolean, worst

__all__ = ["AnyStep", "SequenceCall", "SequenceCallInfo"]

_SEQUENCE_TYPES = frozenset({"SequenceCall", "WATS_SeqCall"})


class SequenceCallInfo(WATSModel):
    """The sequence file that was run.

    Attributes:
        path: Path of the file.
        name: Name of the file.
        version: Version of the file.
    """

    path: str | None = None
    name: str | None = None
    version: str | None = None


def _kind(value: object) -> str:
    if isinstance(value, Step):
        return "sequence" if isinstance(value, SequenceCall) else "step"
    if not isinstance(value, dict):
        return "step"
    named = value.get("stepType", value.get("step_type"))
    return "sequence" if named in _SEQUENCE_TYPES or "steps" in value else "step"


AnyStep = Annotated[
    Annotated["SequenceCall", Tag("sequence")] | Annotated[Step, Tag("step")],
    Discriminator(_kind),
]
"""A step, or a sequence if it holds steps."""


class SequenceCall(Step):
    """A step that holds steps.

    Attributes:
        step_type: ``SequenceCall`` or ``WATS_SeqCall``.
        seq_call: The sequence file.
        steps: The steps in the order in which they ran.
    """

    step_type: str = "SequenceCall"
    seq_call: SequenceCallInfo | None = None
    steps: list[AnyStep] | None = None

    def model_post_init(self, _: object) -> None:
        """Count the kind of step as set, so that it is sent."""
        self.model_fields_set.add("step_type")

    def add_step(
        self,
        name: str,
        step_type: str = "Action",
        *,
        status: StepStatus = StepStatus.DONE,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a step without measurements.

        Args:
            name: Name of the step.
            step_type: Kind of step, such as ``Action`` or ``NI_Wait``.
            status: Result.
            group: Part of the sequence.

        Returns:
            The step.
        """
        return self._add(Step(step_type=step_type, name=name, group=group, status=status))

    def add_sequence(
        self,
        name: str,
        file_name: str | None = None,
        version: str | None = None,
        *,
        path: str | None = None,
        group: StepGroup = StepGroup.MAIN,
    ) -> "SequenceCall":
        """Add a sequence, to which steps can be added in turn.

        Args:
            name: Name of the step.
            file_name: Name of the sequence file.
            version: Version of the sequence file.
            path: Path of the sequence file.
            group: Part of the sequence.

        Returns:
            The sequence.
        """
        called = SequenceCallInfo(path=path, name=file_name, version=version)
        sequence = SequenceCall(
            step_type="SequenceCall",
            name=name,
            group=group,
            status=StepStatus.PASSED,
            seq_call=called,
            steps=[],
        )
        self._add(sequence)
        return sequence

    def add_numeric(
        self,
        name: str,
        value: float,
        unit: str = "",
        *,
        comp_op: AnyCompOp = CompOp.LOG,
        low_limit: float | None = None,
        high_limit: float | None = None,
        status: StepStatus | None = None,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a test of one number.

        Args:
            name: Name of the step.
            value: The measured value in ``unit``.
            unit: Unit of the value and its limits.
            comp_op: How the value is compared; ``LOG`` records it only.
            low_limit: Lower limit in ``unit``, or the limit of a one-sided comparison.
            high_limit: Upper limit in ``unit``.
            status: Result; None compares the value with its limits.
            group: Part of the sequence.

        Returns:
            The step.

        Raises:
            ValueError: There is no status, and the comparison cannot be made: ``comp_op`` is
                unknown or for texts, or what it needs is missing or no number.
        """
        limits = {"low_limit": low_limit, "high_limit": high_limit}
        given = {key: limit for key, limit in limits.items() if limit is not None}
        measured = NumericMeasurement.model_validate(
            {"value": value, "unit": unit, "comp_op": comp_op, **given}
        )
        measured.status = status or status_of(f"step {name!r}", measured)
        return self._add(
            Step(
                step_type="ET_NLT",
                name=name,
                group=group,
                status=measured.status,
                numeric_meas=[measured],
            )
        )

    def add_boolean(
        self,
        name: str,
        value: bool,  # noqa: FBT001 - it is what is measured
        *,
        status: StepStatus | None = None,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a test of a yes or no, which passes if the value is True.

        Args:
            name: Name of the step.
            value: The measured value; what counts as one, such as 0 or a bool of numpy, becomes
                one.
            status: Result; None goes by the value.
            group: Part of the sequence.

        Returns:
            The step.

        Raises:
            ValueError: The value is neither True nor False.
        """
        measured = BooleanMeasurement(value=value)
        # Of what the model made of the value, for a bool of numpy is never the object False.
        measured.status = status or status_of_boolean(f"step {name!r}", measured.value)
        return self._add(
            Step(
                step_type="ET_PFT",
                name=name,
                group=group,
                status=measured.status,
                boolean_meas=[measured],
            )
        )

    def add_string(
        self,
        name: str,
        value: str,
        limit: str | None = None,
        *,
        comp_op: AnyCompOp | None = None,
        status: StepStatus | None = None,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a test of a text.

        Args:
            name: Name of the step.
            value: The measured text.
            limit: The text to compare with; None records the value only.
            comp_op: How they are compared; None is ``EQ`` if there is a limit, else ``LOG``.
            status: Result; None compares the text with its limit.
            group: Part of the sequence.

        Returns:
            The step.

        Raises:
            ValueError: There is no status, and the comparison cannot be made: ``comp_op`` is
                unknown or for numbers, or what it needs is missing.
        """
        chosen = comp_op or (CompOp.LOG if limit is None else CompOp.EQ)
        given = {} if limit is None else {"limit": limit}
        measured = StringMeasurement.model_validate({"value": value, "comp_op": chosen, **given})
        measured.status = status or status_of(f"step {name!r}", measured)
        return self._add(
            Step(
                step_type="ET_SVT",
                name=name,
                group=group,
                status=measured.status,
                string_meas=[measured],
            )
        )

    def add_numerics(
        self,
        name: str,
        measurements: list[NumericMeasurement],
        *,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a test of several numbers, each with its name and limits.

        Args:
            name: Name of the step.
            measurements: The numbers. Those without a status are compared with their limits.
            group: Part of the sequence.

        Returns:
            The step, whose status is the worst of its numbers: error, terminated, failed; else
            passed.

        Raises:
            ValueError: The status of a number is unknown, or it has none and its comparison
                cannot be made; see `SequenceCall.add_numeric`.
        """
        judged: list[tuple[str, AnyStepStatus]] = []
        for each in measurements:
            place = f"step {name!r}: measurement {each.name or ''!r}"
            judged.append((place, each.status or status_of(place, each)))
        status = worst(judged)
        # Only now, so that an error leaves all as they are.
        for each, (_, found) in zip(measurements, judged, strict=True):
            each.status = found
        return self._add(
            Step(
                step_type="ET_MNLT",
                name=name,
                group=group,
                status=status,
                numeric_meas=measurements,
            )
        )

    def conclude(self) -> StepStatus:
        """Set the status of this sequence, and of those below it, from their steps.

        Returns:
            The worst that a step came to: error, terminated, failed; else passed.

        Raises:
            ValueError: The status of a step is unknown.
        """
        status = worst(
            (
                f"step {step.name!r}",
                step.conclude() if isinstance(step, SequenceCall) else step.status,
            )
            for step in self.steps or []
        )
        self.status = status
        return status

    def _add(self, step: Step) -> Step:
        if self.steps is None:
            self.steps = []
        # Assigning a longer list would check all steps again: a report of 10,000 took a minute.
        self.steps.append(step)
        return step
