"""Set up OpenTelemetry in one line, for scripts: spans, metrics and logs to an OTLP endpoint.

The rest of pywats does not need it. An application that sets its own providers should not call it:
spans and metrics of pywats go to the global providers anyway.
"""

from __future__ import annotations

import atexit
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Literal

from opentelemetry import _logs, metrics, trace

from pywats import validation
from pywats.extras import needs
from pywats.telemetry.environment import is_disabled
from pywats.telemetry.last_export import run_bounded

if TYPE_CHECKING:
    from pywats.telemetry.providers import Providers
    from pywats.validation import Duration

__all__ = ["configure", "flush", "shutdown"]

_LIMIT = 5.0

_lock = threading.Lock()
_configured: Providers | None = None


def configure(
    service_name: str | None = None,
    *,
    exit_timeout: Duration = _LIMIT,
    logger: logging.Logger | None = None,
    existing: Literal["refuse", "keep"] = "refuse",
    code_attributes: bool = False,
) -> None:
    """Send the spans, metrics and log records of this process to an OTLP endpoint.

    Needs the extra ``pywats[otel]``. The standard ``OTEL_…`` variables configure the export:
    ``OTEL_EXPORTER_OTLP_ENDPOINT`` (``http://localhost:4318`` if unset),
    ``…_HEADERS``, ``…_TIMEOUT``, ``OTEL_RESOURCE_ATTRIBUTES``, ``OTEL_TRACES_SAMPLER``,
    ``OTEL_METRIC_EXPORT_INTERVAL`` and all other variables of the SDK. ``OTEL_TRACES_EXPORTER``,
    ``OTEL_METRICS_EXPORTER`` and ``OTEL_LOGS_EXPORTER`` may be ``otlp`` or ``none``. With
    ``OTEL_SDK_DISABLED=true``, no provider is set.

    When the process exits, queued data is exported first, for at most ``exit_timeout`` seconds,
    also if the collector is down. If the endpoint does not accept a signal, its export stops, with
    one log line that names the variable to set.

    Logging may be set up before or after this call: `logging.basicConfig` and `logging.config` work
    as usual, and do not stop the export. Calling this again with the same service name only adds
    the log handler again if other code has removed it.

    Args:
        service_name: Service name of the process; None reads ``OTEL_SERVICE_NAME``.
        exit_timeout: Limit in seconds (or a timedelta) of the last export.
        logger: The logger whose records are exported, subject to its levels; if None, the root
            logger, and so the records of all loggers.
        existing: What to do about providers that were set before: ``refuse`` raises; ``keep``
            keeps them, and sets up only the signals that have no provider.
        code_attributes: Add ``code.file.path``, ``code.line.number`` and ``code.function.name`` to
            exported log records, and the stack if ``stack_info=True`` was passed.

    Raises:
        ModuleNotFoundError: The OpenTelemetry SDK or its OTLP exporter is not installed.
        RuntimeError: The application has set a provider, and ``existing`` is not ``keep``.
        TypeError: A value is of the wrong type.
        ValueError: A value, or one of the variables above, is not as described.
    """
    if service_name is not None:
        _check_name(service_name)
    limit = validation.seconds("exit_timeout", exit_timeout)
    if existing not in {"refuse", "keep"}:
        raise ValueError(f"existing={existing!r}: must be 'refuse' or 'keep'")
    validation.boolean("code_attributes", code_attributes)
    if is_disabled():
        return
    providers = _import_providers()
    global _configured  # noqa: PLW0603 - a process has its providers once
    with _lock:
        if _configured is None:
            _configured = providers.install(
                service_name,
                limit,
                logging.getLogger() if logger is None else logger,
                keep_existing=existing == "keep",
                code_attributes=code_attributes,
            )
        elif service_name not in {None, _configured.service_name}:
            raise ValueError(
                f"service_name={service_name!r}: this process is configured as "
                f"{_configured.service_name!r}, and it can be that once"
            )
        else:
            _configured.attach_handler()


def flush(timeout: Duration = _LIMIT) -> bool:
    """Export the queued data now, and continue.

    Use it in a process that is frozen between two requests (AWS Lambda, Cloud Run), and at the end
    of a test. It flushes all global providers, also providers that the program has set.

    Args:
        timeout: Limit in seconds (or a timedelta).

    Returns:
        Whether everything was exported in time; True if there was nothing to do.

    Raises:
        TypeError: The limit is of the wrong type.
        ValueError: The limit is out of range.
    """
    limit = validation.seconds("timeout", timeout)
    providers: tuple[object, ...] = (
        trace.get_tracer_provider(),
        metrics.get_meter_provider(),
        _logs.get_logger_provider(),
    )
    # force_flush is not a part of the API: only providers of an SDK have it.
    found = [getattr(each, "force_flush", None) for each in providers]
    milliseconds = max(1, int(limit * 1000))
    return run_bounded([partial(each, milliseconds) for each in found if callable(each)], limit)


def _export_at_exit() -> None:
    if _configured is not None:
        _configured.last_export.at_exit()


# Registered on import, so it runs after the exit functions that the program registers later, and
# exports their log records too.
atexit.register(_export_at_exit)


def shutdown(timeout: Duration = _LIMIT) -> bool:
    """Export the queued data and stop exporting, before the process exits.

    Use it in a process that ends without Python's own exit, for example by a signal.

    Args:
        timeout: Limit in seconds (or a timedelta).

    Returns:
        Whether everything was exported in time; True if there was nothing to do.

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
    with needs("otel", "pywats.telemetry.configure()"):
        from pywats.telemetry.providers import Providers  # noqa: PLC0415 - needs an extra
    return Providers
