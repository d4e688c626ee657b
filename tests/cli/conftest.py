from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox


@pytest.fixture(autouse=True)
def _no_telemetry_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def station(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Return the sandbox, with the environment of a station that uses it."""
    monkeypatch.setenv("PYWATS_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("PYWATS_TOKEN", sandbox.token)
    return sandbox
