"""Scenarios of the production service; see `tests.services.production.test_production_requests`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.services import ProductionService
from tests.services.scenarios._production_assembly import ASSEMBLY
from tests.services.scenarios._production_serial_numbers import SERIAL_NUMBERS
from tests.services.scenarios._production_units import UNITS

if TYPE_CHECKING:
    from tests.services.bench import Scenario

SERVICE = ProductionService

SCENARIOS: list[Scenario] = [*UNITS, *ASSEMBLY, *SERIAL_NUMBERS]
