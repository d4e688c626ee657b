"""Tests of code that talks to WATS: over real sockets, without WATS, with its bad days.

Run it with no arguments, or by pytest: the fixtures come with pywats and need no import.
"""

import subprocess
import sys

import pytest

from pywats import RetryConfig, pyWATS
from pywats.errors import NotFoundError, WATSConnectionError
from pywats.sandbox import Fault, Sandbox
from pywats.testing import CapturedCalls, no_backoff


def name_of(api: pyWATS, part_number: str) -> str | None:
    """Return the name of a product, None if WATS does not know it: the code under test."""
    try:
        return api.product.get_product(part_number).name
    except NotFoundError:
        return None


def test_a_product(wats_client: pyWATS, captured_calls: CapturedCalls) -> None:
    """A whole round over loopback; what was sent is there to be compared."""
    wats_client.product.create_product("PCBA-100", name="Power board")
    captured_calls.clear()
    assert name_of(wats_client, "PCBA-100") == "Power board"
    assert name_of(wats_client, "NO-SUCH-PART") is None
    assert captured_calls == ["GET /api/Product/PCBA-100", "GET /api/Product/NO-SUCH-PART"]


def test_a_bad_minute(
    wats_client: pyWATS, wats_sandbox: Sandbox, captured_calls: CapturedCalls
) -> None:
    """Two failures, then a response: retried as in production, without the waits."""
    wats_sandbox.inject("GET", "*", Fault.status(503), times=2)
    with no_backoff():
        patient = wats_client.with_options(retry_config=RetryConfig(max_retries=3))
        assert name_of(patient, "PCBA-100") is None
    assert [call.status for call in captured_calls] == [503, 503, 404]


def test_an_outage(wats_client: pyWATS, wats_sandbox: Sandbox) -> None:
    """What is not expected is not swallowed."""
    with wats_sandbox.refused(), pytest.raises(WATSConnectionError):
        name_of(wats_client, "PCBA-100")


if __name__ == "__main__":
    sys.exit(subprocess.call([sys.executable, "-m", "pytest", "--quiet", __file__]))
