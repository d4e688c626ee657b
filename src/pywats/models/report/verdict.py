"""What a measurement comes to."""

from pywats.models.report.enums import StepStatus

__all__ = ["status_of", "status_of_boolean"]


def status_of(comparison: bool | None) -> StepStatus:  # noqa: FBT001 - it is what is looked at
    """Return the status of a comparison; what was only recorded has passed."""
    return StepStatus.FAILED if comparison is False else StepStatus.PASSED


def status_of_boolean(step: str, value: bool | None) -> StepStatus:  # noqa: FBT001 - as above
    """Return the status of a yes or no of a step.

    Raises:
        ValueError: There is no value.
    """
    if value is None:
        raise ValueError(
            f"step {step!r}: value=None is neither True nor False; give one of them, or a status"
        )
    return StepStatus.PASSED if value else StepStatus.FAILED
