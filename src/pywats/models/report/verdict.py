"""What a measurement and what holds several come to, and why one cannot be judged."""

from collections.abc import Iterable
from enum import StrEnum

from pywats.models.report.enums import AnyStepStatus, CompOp, StepStatus
from pywats.models.report.measurement import (
    ONE_SIDED,
    BooleanMeasurement,
    NumericMeasurement,
    StringMeasurement,
    as_number,
)

__all__ = ["BAD", "doubt", "status_of", "status_of_boolean", "unknown", "worst"]

# The worst first, each with what it says.
BAD = {
    StepStatus.ERROR: "had an error",
    StepStatus.TERMINATED: "was terminated",
    StepStatus.FAILED: "failed",
}
_OF_TEXTS = (CompOp.EQ, CompOp.NE, CompOp.CASESENSIT, CompOp.IGNORECASE)
_ONLY_OF_TEXTS = (CompOp.CASESENSIT, CompOp.IGNORECASE)


def status_of(place: str, measured: NumericMeasurement | StringMeasurement) -> StepStatus:
    """Return the status of a measurement by its limits; what is only recorded has passed.

    Args:
        place: Where it belongs, for the error.
        measured: The measurement.

    Raises:
        ValueError: It is to be compared, but cannot be.
    """
    why = _obstacle(measured)
    if why is not None:
        raise ValueError(f"{place} cannot be judged: {why}; mend that, or give a status")
    return StepStatus.FAILED if measured.within_limits() is False else StepStatus.PASSED


def status_of_boolean(place: str, value: bool | None) -> StepStatus:  # noqa: FBT001 - it is judged
    """Return the status of a yes or no.

    Args:
        place: Where it belongs, for the error.
        value: True or False.

    Raises:
        ValueError: There is no value.
    """
    if value is None:
        raise ValueError(
            f"{place} cannot be judged: value is missing; give True or False, or a status"
        )
    return StepStatus.PASSED if value else StepStatus.FAILED


def worst(found: Iterable[tuple[str, AnyStepStatus | None]]) -> StepStatus:
    """Return the worst of some statuses; passed if none is bad.

    Args:
        found: The statuses, each with where it stands, for the error.

    Raises:
        ValueError: One is unknown, so that it might be bad.
    """
    statuses = set()
    for place, status in found:
        wrong = unknown("status", status, StepStatus)
        if wrong is not None:
            raise ValueError(f"{place}: {wrong}")
        statuses.add(status)
    return next((status for status in BAD if status in statuses), StepStatus.PASSED)


def unknown(name: str, value: str | None, known: type[StrEnum]) -> str | None:
    """Return what is wrong with a status or result that is not known; None if it is or is none."""
    if value is None or isinstance(value, known):
        return None
    allowed = ", ".join(f"{each.value} ({each.name.lower()})" for each in known)
    return f"{name}={value!r} is none of {allowed}"


def doubt(measured: NumericMeasurement | BooleanMeasurement | StringMeasurement) -> str | None:
    """Return what speaks against it that a measurement passed; None if nothing does."""
    if isinstance(measured, BooleanMeasurement):
        return "its value is False" if measured.value is False else None
    why = _obstacle(measured)
    return None if why is None else f"cannot be compared: {why}"


def _obstacle(measured: NumericMeasurement | StringMeasurement) -> str | None:
    """Return why a measurement cannot be compared; None if it can or need not be."""
    comp_op = measured.comp_op
    if comp_op is None or comp_op == CompOp.LOG or measured.within_limits() is not None:
        return None
    if not isinstance(comp_op, CompOp):
        return f"comp_op={comp_op!r} is none of {', '.join(CompOp)}"
    if measured.value is None:
        return "value is missing"
    if isinstance(measured, StringMeasurement):
        if comp_op in _OF_TEXTS:
            return f"{comp_op} needs limit"
        return f"{comp_op} does not compare texts, as {', '.join(_OF_TEXTS)} do"
    return _obstacle_of_number(comp_op, measured)


def _obstacle_of_number(comp_op: CompOp, measured: NumericMeasurement) -> str:
    if comp_op in _ONLY_OF_TEXTS:
        return f"{comp_op} compares texts, not numbers"
    if as_number(measured.value) is None:
        return f"value={measured.value!r} is no number"
    limits = {"low_limit": measured.low_limit, "high_limit": measured.high_limit}
    for name, limit in limits.items():
        if limit is not None and as_number(limit) is None:
            return f"{name}={limit!r} is no number"
    missing = [name for name, limit in limits.items() if limit is None]
    return f"{comp_op} needs {missing[0] if comp_op in ONE_SIDED else ' and '.join(missing)}"
