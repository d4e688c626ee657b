"""Scenarios of the scim service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import ScimService

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = ScimService

SCENARIOS: list[Scenario] = []
