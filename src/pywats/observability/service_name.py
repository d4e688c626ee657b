"""The service name of the process, for logs, traces and metrics."""

from __future__ import annotations

import os
from urllib.parse import unquote

__all__ = ["service_name", "set_service_name"]

_configured: str | None = None


def set_service_name(name: str) -> None:
    """Set the name that `pywats.telemetry.configure` has given to the process."""
    global _configured  # noqa: PLW0603 - a process has one name
    _configured = name


def service_name() -> str | None:
    """Return the name of the process; None if it has none.

    It is the name that was passed to `pywats.telemetry.configure`, else ``OTEL_SERVICE_NAME``, else
    ``service.name`` in ``OTEL_RESOURCE_ATTRIBUTES``.
    """
    if _configured is not None:
        return _configured
    named = os.environ.get("OTEL_SERVICE_NAME", "").strip()
    if named:
        return named
    for pair in os.environ.get("OTEL_RESOURCE_ATTRIBUTES", "").split(","):
        name, _, value = pair.partition("=")
        if name.strip() == "service.name" and value.strip():
            return unquote(value.strip())
    return None
