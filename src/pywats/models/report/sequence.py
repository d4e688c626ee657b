"""Sequences of steps, and the methods that add steps to them."""

from typing import Annotated

from pydantic import Discriminator, Tag

from pywats.models.base import WATSModel
from pywats.models.report.enums import AnyStepStatus, StepGroup, StepStatus
from pywats.models.report.measuring_steps import MeasuringSteps
from pywats.models.report.step import Step
from pywats.models.report.verdict import worst

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
    known = isinstance(named, str) and named in _SEQUENCE_TYPES
    return "sequence" if known or "steps" in value else "step"


AnyStep = Annotated[
    Annotated["SequenceCall", Tag("sequence")] | Annotated[Step, Tag("step")],
    Discriminator(_kind),
]
"""A step, or a sequence if it holds steps."""


class SequenceCall(MeasuringSteps, Step):
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
        """Mark the kind of step as set, so that it is sent."""
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
        """Add a sequence, to which steps can be added.

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

    def conclude(self) -> StepStatus:
        """Set the status of this sequence, and of the sequences below it, from their steps.

        Measurements without a status are compared with their limits first. An existing status does
        not change: after a change of a value, set the status of the measurement and of its step to
        None.

        Returns:
            The worst status of a step: error, terminated, failed; else passed.

        Raises:
            ValueError: The status of a step is unknown, or a measurement without a status cannot
                be compared.
        """
        # Not recursive: sequences may be nested deeper than Python's function calls.
        sequences: list[SequenceCall] = [self]
        for sequence in sequences:
            sequences += [each for each in sequence.steps or [] if isinstance(each, SequenceCall)]
        status = StepStatus.PASSED
        for sequence in reversed(sequences):
            status = worst(map(_concluded, sequence.steps or []))
            sequence.status = status
        return status

    def _add(self, step: Step) -> Step:
        if self.steps is None:
            self.steps = []
        # append, not assignment, which validates all steps again: 10,000 steps took a minute.
        self.steps.append(step)
        return step


def _concluded(step: Step) -> tuple[str, AnyStepStatus | None]:
    """Return the place and status of a step, whose own sequences are concluded already."""
    status = step.status if isinstance(step, SequenceCall) else step.conclude()
    return f"step {step.name!r}", status
