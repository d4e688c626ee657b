"""Scenarios of the asset service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import AssetService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = AssetService

SCENARIOS: list[Scenario] = []
