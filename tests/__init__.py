"""The tests, and what packages may not put into each process that they run in or start.

Logfire and ddtrace are here for `tests.observability.test_coexistence` alone. Their plugins would
be loaded by every pytest, and with the first model of pydantic.
"""

from __future__ import annotations

import os
import sys

# Tests start hundreds of programs. Without cached bytecode each would compile every module that
# it imports, which takes longer than the rest of the test.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "logfire-plugin"
os.environ["PYTEST_ADDOPTS"] = "-p no:ddtrace -p no:logfire -p no:pytest_logfire"
