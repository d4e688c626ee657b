"""OpenTelemetry in one line, for scripts: spans, metrics and logs to an OTLP endpoint.

The library needs none of this. An application that sets its own providers leaves it out, because
the spans and metrics of pywats go to the providers that there are.
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

    Needs the extra ``pywats[otel]``. Where they go and how is said by the standard ``OTEL_…``
    variables: ``OTEL_EXPORTER_OTLP_ENDPOINT`` (``http://localhost:4318`` if unset),
    ``…_HEADERS``, ``…_TIMEOUT``, ``OTEL_RESOURCE_ATTRIBUTES``, ``OTEL_TRACES_SAMPLER``,
    ``OTEL_METRIC_EXPORT_INTERVAL`` and the rest that the SDK reads. ``OTEL_TRACES_EXPORTER``,
    ``OTEL_METRICS_EXPORTER`` and ``OTEL_LOGS_EXPORTER`` may be ``otlp`` or ``none``. With
    ``OTEL_SDK_DISABLED=true`` nothing is set.

    What is still queued when the process exits is exported first, for at most ``exit_timeout``
    seconds: with the collector down the exit takes no longer. A signal that the endpoint does not
    take is given up, with one log line that names the variable to set.

    Logging may be set up before this or afterwards: `logging.basicConfig` and `logging.config` work
    as they do without it, and do not end the export. Calling this again with the same service name
    changes nothing, but exports the records of the logger again if something had stopped that.

    Args:
        service_name: Under which name the process is found; None reads ``OTEL_SERVICE_NAME``.
        exit_timeout: Limit in seconds (or a timedelta) of the last export.
        logger: Whose log records are exported, by the levels that are set; the root logger, and
            so the records of all loggers, if None.
        existing: What to do about providers that were set before: ``refuse`` raises, ``keep``
            leaves the signals that have a provider to it, and sets up the others.
        code_attributes: Give exported log records ``code.file.path``, ``code.line.number`` and
            ``code.function.name``, and the stack of those logged with ``stack_info=True``.

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
    """Export what is queued now and go on.

    For a process that is frozen between two requests (AWS Lambda, Cloud Run), and for the end of a
    test. It empties the queues of all global providers, also of providers that the program set.

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
    # Only the providers of an SDK can flush, which is not a part of the API.
    found = [getattr(each, "force_flush", None) for each in providers]
    milliseconds = max(1, int(limit * 1000))
    return run_bounded([partial(each, milliseconds) for each in found if callable(each)], limit)


def _export_at_exit() -> None:
    if _configured is not None:
        _configured.last_export.at_exit()


# Registered on import, and so run after the functions that the program registers afterwards: what
# they log is exported too.
atexit.register(_export_at_exit)


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
    with needs("otel", "pywats.telemetry.configure()"):
        from pywats.telemetry.providers import Providers  # noqa: PLC0415 - needs an extra
    return Providers
