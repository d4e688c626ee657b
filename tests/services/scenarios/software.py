"""Scenarios of the software service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import SoftwareService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = SoftwareService

SCENARIOS: list[Scenario] = []
