"""Methods that add steps with measurements to a sequence, and judge them."""

from typing import TYPE_CHECKING

from pywats.models.report.enums import AnyCompOp, CompOp, StepGroup, StepStatus
from pywats.models.report.measurement import (
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
)
from pywats.models.report.step import Step
from pywats.models.report.verdict import judge, status_of, status_of_boolean

__all__ = ["MeasuringSteps"]


class MeasuringSteps:
    """The methods of a sequence for steps with measurements."""

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
            comp_op: How the value is compared; ``LOG`` records it only, and takes no limits.
            low_limit: Lower limit in ``unit``, or the limit of a one-sided comparison.
            high_limit: Upper limit in ``unit``.
            status: Result; None compares the value with its limits.
            group: Part of the sequence.

        Returns:
            The step.

        Raises:
            ValueError: The status is None, and the comparison cannot be made: ``comp_op`` is
                unknown or for texts, or a required value is missing or not a number, or a limit
                is given without ``comp_op``.
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
            value: The measured value; an equivalent such as 0 or a bool of numpy is converted.
            status: Result; None takes it from the value.
            group: Part of the sequence.

        Returns:
            The step.

        Raises:
            ValueError: The value is neither True nor False.
        """
        measured = BooleanMeasurement(value=value)
        # The converted value of the model is used: a bool of numpy is not the object False.
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
            comp_op: How they are compared; None means ``EQ`` with a limit, else ``LOG``.
            status: Result; None compares the text with its limit.
            group: Part of the sequence.

        Returns:
            The step.

        Raises:
            ValueError: The status is None, and the comparison cannot be made: ``comp_op`` is
                unknown or for numbers, or a required value is missing, or a limit is given with
                ``LOG``.
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
            measurements: The numbers. A number without a status is compared with its limits.
            group: Part of the sequence.

        Returns:
            The step, whose status is the worst of its numbers: error, terminated, failed; else
            passed.

        Raises:
            ValueError: The status of a number is unknown, or it has none and its comparison
                cannot be made; see `SequenceCall.add_numeric`.
        """
        status = judge(f"step {name!r}", measurements)
        return self._add(
            Step(
                step_type="ET_MNLT",
                name=name,
                group=group,
                status=status,
                numeric_meas=measurements,
            )
        )

    def add_booleans(
        self,
        name: str,
        measurements: list[BooleanMeasurement],
        *,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a test of several yes or no values, each with its name.

        Args:
            name: Name of the step.
            measurements: The values. A value without a status passes if it is True.
            group: Part of the sequence.

        Returns:
            The step, whose status is the worst of its values: error, terminated, failed; else
            passed.

        Raises:
            ValueError: The status of a value is unknown, or it has neither a status nor a value.
        """
        status = judge(f"step {name!r}", measurements)
        return self._add(
            Step(
                step_type="ET_MPFT",
                name=name,
                group=group,
                status=status,
                boolean_meas=measurements,
            )
        )

    def add_strings(
        self,
        name: str,
        measurements: list[StringMeasurement],
        *,
        group: StepGroup = StepGroup.MAIN,
    ) -> Step:
        """Add a test of several texts, each with its name and limit.

        Args:
            name: Name of the step.
            measurements: The texts. A text without a status is compared with its limit.
            group: Part of the sequence.

        Returns:
            The step, whose status is the worst of its texts: error, terminated, failed; else
            passed.

        Raises:
            ValueError: The status of a text is unknown, or it has none and its comparison cannot
                be made; see `SequenceCall.add_string`.
        """
        status = judge(f"step {name!r}", measurements)
        return self._add(
            Step(
                step_type="ET_MSVT",
                name=name,
                group=group,
                status=status,
                string_meas=measurements,
            )
        )

    if TYPE_CHECKING:

        def _add(self, step: Step) -> Step: ...
