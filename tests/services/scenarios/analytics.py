"""Scenarios of the analytics service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import AnalyticsService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = AnalyticsService

SCENARIOS: list[Scenario] = []
