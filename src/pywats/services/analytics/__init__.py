"""Yield, failures, measurements, repairs, unit flow, alarms: `AnalyticsService`."""

from __future__ import annotations

from pywats.services.analytics.alarms import Alarms
from pywats.services.analytics.failed_steps import FailedSteps
from pywats.services.analytics.flow import UnitFlow
from pywats.services.analytics.flow_figures import UnitFlowSummary
from pywats.services.analytics.measurements import Measurements
from pywats.services.analytics.oee import EquipmentEffectiveness
from pywats.services.analytics.repairs import Repairs
from pywats.services.analytics.report_lists import ReportLists
from pywats.services.analytics.server_lists import ServerLists
from pywats.services.analytics.step_lists import StepLists
from pywats.services.analytics.step_statistics import StepStatistics
from pywats.services.analytics.yield_lists import YieldLists
from pywats.services.analytics.yields import Yields

__all__ = ["AnalyticsService", "UnitFlowSummary"]


class AnalyticsService(
    Yields,
    YieldLists,
    FailedSteps,
    StepStatistics,
    StepLists,
    Measurements,
    ReportLists,
    Repairs,
    EquipmentEffectiveness,
    UnitFlow,
    Alarms,
    ServerLists,
):
    """Yield, failures, measurements, repairs, unit flow and alarms.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises: no error of
    the server becomes an empty result. A `pywats.models.WatsFilter` selects the reports that
    count. Queries that are sent as POST change nothing on the server, so they are retried like GET.

    Args:
        port: Sends the requests.
    """
