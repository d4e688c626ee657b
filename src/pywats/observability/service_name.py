"""The name under which the process is found in the stores."""

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

    It is what `pywats.telemetry.configure` was told, else ``OTEL_SERVICE_NAME``, else the
    ``service.name`` of ``OTEL_RESOURCE_ATTRIBUTES``.
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
