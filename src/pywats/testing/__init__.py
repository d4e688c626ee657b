"""Fixtures and helpers for tests of code that uses pywats.

`pywats.sandbox` has a server for such tests. The fixtures ``wats_sandbox``, ``wats_client`` and
``captured_calls`` do not need an import: pytest finds them if pywats is installed.
"""

from pywats.sync.engine.no_backoff import no_backoff
from pywats.testing.captured import CapturedCall, CapturedCalls

__all__ = ["CapturedCall", "CapturedCalls", "no_backoff"]
