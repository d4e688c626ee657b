"""Facts about the machine and about the measured versions."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = ["facts"]

_PACKAGES = (
    *("anyio", "asgiref", "h11", "httpcore", "httpx", "httpx2"),
    *("opentelemetry-instrumentation-httpx", "opentelemetry-sdk", "pydantic", "pyreqwest"),
    *("requests", "synchronicity", "urllib3"),
)


def facts() -> dict[str, str]:
    """Return the facts that a reader needs to compare the numbers."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": platform.platform(),
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg())
        + " (1, 5, 15 minutes, at the start)",
        "packages": ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
        + ", pywats-api 0.6.0rc1",
    }


def _commit() -> str:
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],  # noqa: S607 - the developer's own git
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or "unknown"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
