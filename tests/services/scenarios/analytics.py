"""Scenarios of the analytics service; see `tests.services.analytics.test_analytics_requests`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import AnalyticsService
from tests.services.scenarios import (
    _analytics_flow,
    _analytics_reports,
    _analytics_steps,
    _analytics_yield,
)

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = AnalyticsService

SCENARIOS: list[Scenario] = [
    *_analytics_yield.SCENARIOS,
    *_analytics_steps.SCENARIOS,
    *_analytics_reports.SCENARIOS,
    *_analytics_flow.SCENARIOS,
]
