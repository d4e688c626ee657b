"""The tests, and what packages may not put into each process that they run in or start.

Logfire and ddtrace are here for `tests.observability.test_coexistence` alone. Their plugins would
be loaded by every pytest, and with the first model of pydantic.
"""

from __future__ import annotations

import os

os.environ["PYDANTIC_DISABLE_PLUGINS"] = "logfire-plugin"
os.environ["PYTEST_ADDOPTS"] = "-p no:ddtrace -p no:logfire -p no:pytest_logfire"
