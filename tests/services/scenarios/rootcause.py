"""Scenarios of the rootcause service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import RootCauseService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = RootCauseService

SCENARIOS: list[Scenario] = []
