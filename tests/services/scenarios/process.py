"""Scenarios of the process service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import ProcessService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = ProcessService

SCENARIOS: list[Scenario] = []
