"""Scenarios of the production service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import ProductionService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = ProductionService

SCENARIOS: list[Scenario] = []
