"""Measurements of a step, and how they compare with their limits."""

import operator
from collections.abc import Callable

from pywats.models.base import WATSModel
from pywats.models.report.enums import AnyCompOp, AnyStepStatus, CompOp, StepStatus

__all__ = ["BooleanMeasurement", "NumericMeasurement", "StringMeasurement", "status_of"]

_ONE_SIDED: dict[CompOp, Callable[[float, float], bool]] = {
    CompOp.EQ: operator.eq,
    CompOp.EQT: operator.eq,
    CompOp.NE: operator.ne,
    CompOp.LT: operator.lt,
    CompOp.LE: operator.le,
    CompOp.GT: operator.gt,
    CompOp.GE: operator.ge,
}
_PARTS = {"GT": operator.gt, "GE": operator.ge, "LT": operator.lt, "LE": operator.le}


class NumericMeasurement(WATSModel):
    """A number with limits.

    Attributes:
        status: Result of the comparison.
        name: Name; required where a step has more than one.
        value: The measured value in ``unit``; a text for values that JSON cannot write (NaN).
        value_format: How to print the value.
        unit: Unit of the value and its limits.
        comp_op: How the value is compared.
        high_limit: Upper limit in ``unit``.
        high_limit_format: How to print it.
        low_limit: Lower limit in ``unit``; the limit of a one-sided comparison too.
        low_limit_format: How to print it.
    """

    status: AnyStepStatus | None = None
    name: str | None = None
    value: int | float | str | None = None
    value_format: str | None = None
    unit: str | None = None
    comp_op: AnyCompOp | None = None
    high_limit: int | float | str | None = None
    high_limit_format: str | None = None
    low_limit: int | float | str | None = None
    low_limit_format: str | None = None

    def within_limits(self) -> bool | None:
        """Compare the value with its limits.

        Returns:
            Whether it meets them; None if there is nothing to compare: ``comp_op`` is ``LOG``,
            unknown or for texts, or a value is missing or no number.
        """
        if not isinstance(self.comp_op, CompOp) or not isinstance(self.value, int | float):
            return None
        if self.comp_op in _ONE_SIDED:
            # The API's one-sided comparisons keep their limit in lowLimit; some exporters write
            # upper limits into highLimit.
            limit = self.low_limit if self.low_limit is not None else self.high_limit
            if not isinstance(limit, int | float):
                return None
            return _ONE_SIDED[self.comp_op](self.value, limit)
        low, high = _PARTS.get(self.comp_op[:2]), _PARTS.get(self.comp_op[2:])
        if low is None or high is None:
            return None
        if not isinstance(self.low_limit, int | float):
            return None
        if not isinstance(self.high_limit, int | float):
            return None
        above, below = low(self.value, self.low_limit), high(self.value, self.high_limit)
        # LTGT and its like accept what is outside the two limits.
        return bool(above or below) if self.comp_op.startswith("L") else bool(above and below)


class BooleanMeasurement(WATSModel):
    """A yes or no.

    Attributes:
        status: Result.
        name: Name; required where a step has more than one.
        value: The measured value.
    """

    status: AnyStepStatus | None = None
    name: str | None = None
    value: bool | None = None


class StringMeasurement(WATSModel):
    """A text with a limit.

    Attributes:
        status: Result of the comparison.
        name: Name; required where a step has more than one.
        value: The measured text.
        comp_op: How the text is compared.
        limit: The text to compare with.
    """

    status: AnyStepStatus | None = None
    name: str | None = None
    value: str | None = None
    comp_op: AnyCompOp | None = None
    limit: str | None = None

    def within_limits(self) -> bool | None:
        """Compare the text with its limit.

        Returns:
            Whether it meets it; None if there is nothing to compare.
        """
        if not isinstance(self.comp_op, CompOp) or self.value is None or self.limit is None:
            return None
        if self.comp_op is CompOp.IGNORECASE:
            return self.value.casefold() == self.limit.casefold()
        if self.comp_op in {CompOp.EQ, CompOp.CASESENSIT}:
            return self.value == self.limit
        return self.value != self.limit if self.comp_op is CompOp.NE else None


def status_of(comparison: bool | None) -> StepStatus:  # noqa: FBT001 - it is what is looked at
    """Return the status of a comparison; what was only recorded has passed."""
    return StepStatus.FAILED if comparison is False else StepStatus.PASSED
