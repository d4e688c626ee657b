"""Overall equipment effectiveness (OEE)."""

from pywats.models.base import WATSModel

__all__ = ["OeeAnalysisResult"]


class OeeAnalysisResult(WATSModel):
    """Overall equipment effectiveness of a station.

    The API file declares neither the units of the times nor whether shares are in percent.

    Attributes:
        oee: Product of availability, performance and quality.
        availability: Share of the planned time in which it ran.
        performance: Its speed as a share of full speed.
        quality: Share of the output that was good.
        total_time: All time looked at.
        run_time: Time in which it ran.
        down_time: Planned time in which it did not run.
        planned_production_time: Time in which it was meant to run.
        total_count: Output.
        good_count: Good output.
        reject_count: Output that was not good.
        ideal_cycle_time: Time for one unit at full speed.
        actual_cycle_time: Time that one unit took.
        period: Period, as the server writes it.
        part_number: Part number.
        station_name: Name of the station.
    """

    oee: float | None = None
    availability: float | None = None
    performance: float | None = None
    quality: float | None = None
    total_time: float | None = None
    run_time: float | None = None
    down_time: float | None = None
    planned_production_time: float | None = None
    total_count: int | None = None
    good_count: int | None = None
    reject_count: int | None = None
    ideal_cycle_time: float | None = None
    actual_cycle_time: float | None = None
    period: str | None = None
    part_number: str | None = None
    station_name: str | None = None
