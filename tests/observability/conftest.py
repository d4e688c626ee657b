from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from opentelemetry import metrics

from tests.observability.measuring import PROVIDER, Measurements

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider


@pytest.fixture
def measurements() -> Measurements:
    """Measure the test with the SDK, and nothing from before it."""
    current: MeterProvider = metrics.get_meter_provider()
    if current is not PROVIDER:
        metrics.set_meter_provider(PROVIDER)
    return Measurements()
