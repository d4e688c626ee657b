"""Models of step rows: failures, statistics, single results."""

from pywats.models.analytics.fields import ReportId, TestTime
from pywats.models.base import RenamedModel, WATSModel
from pywats.models.report.enums import AnyCompOp, AnyStepGroup
from pywats.models.wire_time import WireDatetime

__all__ = ["StepAnalysisRow", "StepStatusItem", "TopFailedStep"]


class TopFailedStep(WATSModel):
    """A step that failed often.

    Attributes:
        step_name: Name of the step.
        step_path: Path of the step.
        step_type: Kind of step.
        step_group: Part of the sequence.
        part_number: Part number of the units.
        revision: Revision of the units.
        product_group: Product group of the units.
        fail_count: Number of times that it failed.
        total_count: Number of times that it ran.
        fail_rate: Share of runs that failed, in percent.
        first_fail_date: When it failed first.
        last_fail_date: When it failed last.
        step_filters: XML that names the step, for the methods on step and measurement lists.
        sequence_filters: XML that names its sequences, for the same methods.
    """

    step_name: str | None = None
    step_path: str | None = None
    step_type: str | None = None
    step_group: AnyStepGroup | None = None
    part_number: str | None = None
    revision: str | None = None
    product_group: str | None = None
    fail_count: int | None = None
    total_count: int | None = None
    fail_rate: float | None = None
    first_fail_date: WireDatetime | None = None
    last_fail_date: WireDatetime | None = None
    step_filters: str | None = None
    sequence_filters: str | None = None


class StepAnalysisRow(WATSModel):
    """Statistics of a step, or of one measurement of it.

    A name that ends in ``wof`` is the same number "without failures": over the measurements
    that passed. Times are in seconds, measured values and limits in the unit of the measurement.

    Attributes:
        step_name: Name of the step.
        step_path: Path of the step.
        step_type: Kind of step.
        step_group: Part of the sequence.
        step_count: Number of times that it was reached.
        step_passed_count: Number of times that it passed.
        step_done_count: Number of times that it was done, without a verdict.
        step_skipped_count: Number of times that it was skipped.
        step_failed_count: Number of times that it failed.
        step_error_count: Number of times that it ended in an error.
        step_terminated_count: Number of times that it was terminated.
        step_other_count: Number of times that it had any other result.
        step_failed_error_terminated_count: Sum of the failed, error and terminated counts.
        step_caused_uut_failed_error_terminated: Number of times that it decided the result of the
            test.
        step_caused_uut_failed: Number of times that it made the test fail.
        step_caused_uut_error: Number of times that it ended the test in an error.
        step_caused_uut_terminated: Number of times that it terminated the test.
        limit1: Lower limit; the limit of a one-sided comparison too.
        limit1_wof: The same without failures.
        limit2: Upper limit.
        limit2_wof: The same without failures.
        comp_operator: How a value is compared with its limits.
        step_time_avg: Mean duration of the step.
        step_time_max: Longest duration.
        step_time_min: Shortest duration.
        measure_name: Name of the measurement, where the step has several.
        measure_count: Number of values.
        measure_count_wof: The same without failures.
        min: Least value.
        min_wof: The same without failures.
        max: Greatest value.
        max_wof: The same without failures.
        avg: Mean value.
        avg_wof: The same without failures.
        stdev: Standard deviation.
        stdev_wof: The same without failures.
        var: Variance.
        var_wof: The same without failures.
        cpk: Process capability against the nearer limit.
        cpk_wof: The same without failures.
        cp: Process capability against the distance of the limits.
        cp_wof: The same without failures.
        cp_lower: Process capability against the lower limit.
        cp_lower_wof: The same without failures.
        cp_upper: Process capability against the upper limit.
        cp_upper_wof: The same without failures.
        sigma_high_3: Mean plus three standard deviations.
        sigma_high_3_wof: The same without failures.
        sigma_low_3: Mean minus three standard deviations.
        sigma_low_3_wof: The same without failures.
    """

    step_name: str | None = None
    step_path: str | None = None
    step_type: str | None = None
    step_group: AnyStepGroup | None = None
    step_count: int | None = None
    step_passed_count: int | None = None
    step_done_count: int | None = None
    step_skipped_count: int | None = None
    step_failed_count: int | None = None
    step_error_count: int | None = None
    step_terminated_count: int | None = None
    step_other_count: int | None = None
    step_failed_error_terminated_count: int | None = None
    step_caused_uut_failed_error_terminated: int | None = None
    step_caused_uut_failed: int | None = None
    step_caused_uut_error: int | None = None
    step_caused_uut_terminated: int | None = None
    limit1: float | None = None
    limit1_wof: float | None = None
    limit2: float | None = None
    limit2_wof: float | None = None
    comp_operator: AnyCompOp | None = None
    step_time_avg: float | None = None
    step_time_max: float | None = None
    step_time_min: float | None = None
    measure_name: str | None = None
    measure_count: int | None = None
    measure_count_wof: int | None = None
    min: float | None = None
    min_wof: float | None = None
    max: float | None = None
    max_wof: float | None = None
    avg: float | None = None
    avg_wof: float | None = None
    stdev: float | None = None
    stdev_wof: float | None = None
    var: float | None = None
    var_wof: float | None = None
    cpk: float | None = None
    cpk_wof: float | None = None
    cp: float | None = None
    cp_wof: float | None = None
    cp_lower: float | None = None
    cp_lower_wof: float | None = None
    cp_upper: float | None = None
    cp_upper_wof: float | None = None
    sigma_high_3: float | None = None
    sigma_high_3_wof: float | None = None
    sigma_low_3: float | None = None
    sigma_low_3_wof: float | None = None


class StepStatusItem(RenamedModel):
    """The result of a step in one test, or its counts over several.

    Attributes:
        step_name: Name of the step.
        step_path: Path of the step.
        step_type: Kind of step.
        step_group: Part of the sequence.
        part_number: Part number of the unit.
        revision: Revision of the unit.
        pass_count: Number of times that it passed.
        fail_count: Number of times that it failed.
        total_count: Number of times that it ran.
        status: Result.
        timestamp: When the test began, ``startUtc`` on the wire.
        serial_number: Serial number of the unit.
        report_id: Id of the report; ``id`` is read as well.
    """

    step_name: str | None = None
    step_path: str | None = None
    step_type: str | None = None
    step_group: AnyStepGroup | None = None
    part_number: str | None = None
    revision: str | None = None
    pass_count: int | None = None
    fail_count: int | None = None
    total_count: int | None = None
    status: str | None = None
    timestamp: TestTime = None
    serial_number: str | None = None
    report_id: ReportId = None
