"""OpenTelemetry in one line, for scripts: spans, metrics and logs to an OTLP endpoint.

The library needs none of this. An application that sets its own providers
leaves it out: whatever providers there are, the spans and metrics of pywats go
there.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from pywats import validation
from pywats.telemetry.environment import is_disabled

if TYPE_CHECKING:
    from pywats.telemetry.providers import Providers
    from pywats.validation import Duration

__all__ = ["configure", "shutdown"]

_LIMIT = 5.0

_lock = threading.Lock()
_configured: Providers | None = None


def configure(
    service_name: str | None = None,
    *,
    exit_timeout: Duration = _LIMIT,
    logger: logging.Logger | None = None,
) -> None:
    """Send the spans, metrics and log records of this process to an OTLP endpoint.

    Needs the extra ``pywats[otel]``. Where they go and how is said by the standard ``OTEL_…``
    variables: ``OTEL_EXPORTER_OTLP_ENDPOINT`` (``http://localhost:4318`` if unset),
    ``…_HEADERS``, ``…_TIMEOUT``, ``OTEL_RESOURCE_ATTRIBUTES``, ``OTEL_TRACES_SAMPLER``,
    ``OTEL_METRIC_EXPORT_INTERVAL`` and the rest that the SDK reads. ``OTEL_TRACES_EXPORTER``,
    ``OTEL_METRICS_EXPORTER`` and ``OTEL_LOGS_EXPORTER`` may be ``otlp`` or ``none``. With
    ``OTEL_SDK_DISABLED=true`` nothing is set.

    What is still queued when the process exits is exported first, for at most ``exit_timeout``
    seconds: with the collector down the exit takes no longer. Calling this again with the same
    service name does nothing.

    Args:
        service_name: Under which name the process is found; None reads ``OTEL_SERVICE_NAME``.
        exit_timeout: Limit in seconds (or a timedelta) of the last export.
        logger: Whose log records are exported, by the levels that are set; the root logger, and
            so those of all, if None.

    Raises:
        ModuleNotFoundError: The OpenTelemetry SDK or its OTLP exporter is not installed.
        RuntimeError: The application has set a provider; it is not replaced.
        TypeError: A value is of the wrong type.
        ValueError: A value, or one of the variables above, is not as described.
    """
    if service_name is not None:
        _check_name(service_name)
    limit = validation.seconds("exit_timeout", exit_timeout)
    if is_disabled():
        return
    providers = _import_providers()
    global _configured  # noqa: PLW0603 - a process has its providers once
    with _lock:
        if _configured is None:
            _configured = providers.install(
                service_name, limit, logging.getLogger() if logger is None else logger
            )
        elif service_name not in {None, _configured.service_name}:
            raise ValueError(
                f"service_name={service_name!r}: this process is configured as "
                f"{_configured.service_name!r}, and it can be that once"
            )


def shutdown(timeout: Duration = _LIMIT) -> bool:
    """Export what is still queued and stop exporting, before the process exits by itself.

    For a process that is ended in a way that leaves out Python's own exit, such as a signal.

    Args:
        timeout: Limit in seconds (or a timedelta).

    Returns:
        Whether everything was done in time; True if there was nothing to do.

    Raises:
        TypeError: The limit is of the wrong type.
        ValueError: The limit is out of range.
    """
    limit = validation.seconds("timeout", timeout)
    return True if _configured is None else _configured.shutdown(limit)


def _check_name(name: object) -> None:
    if not isinstance(name, str):
        raise TypeError(f"service_name={name!r}: must be a string, not {type(name).__name__}")
    if not name.strip():
        raise ValueError(f"service_name={name!r}: must not be empty")


def _import_providers() -> type[Providers]:
    try:
        from pywats.telemetry.providers import Providers  # noqa: PLC0415 - needs an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "pywats.telemetry.configure() needs the OpenTelemetry SDK and its OTLP exporter: "
            "pip install 'pywats[otel]'",
            name=error.name,
        ) from error
    return Providers
