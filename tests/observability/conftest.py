from __future__ import annotations

import pytest

from tests.observability.measuring import Measurements, measure


@pytest.fixture
def measurements() -> Measurements:
    """Measure the test with the SDK, and nothing from before it."""
    return measure()
