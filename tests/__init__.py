"""The tests, and what each process that they run in or start gets and does not get.

Logfire and ddtrace are here for `tests.observability.test_coexistence` alone. Their plugins would
be loaded by every pytest, and with the first model of pydantic.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# Tests start hundreds of programs. Without cached bytecode each would compile every module that
# it imports, which takes longer than the rest of the test.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "logfire-plugin"
os.environ["PYTEST_ADDOPTS"] = "-p no:ddtrace -p no:logfire -p no:pytest_logfire"
# Each client of httpx reads the authorities that it trusts, the 140 of certifi in 21 ms of CPU. No
# test talks to a server whose certificate is from one of those; this one has signed nothing either.
os.environ.pop("SSL_CERT_DIR", None)
os.environ["SSL_CERT_FILE"] = str(Path(__file__).with_name("authority.pem"))
