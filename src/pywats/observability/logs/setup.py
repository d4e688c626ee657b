"""Set up logging with correlation ids, in one line."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pywats.observability.logs.fields import log_fields
from pywats.observability.logs.handler import CorrelationHandler
from pywats.observability.logs.json_lines import JsonFormatter, json_names
from pywats.observability.logs.kept_handler import keep
from pywats.observability.service_name import service_name as name_of_process

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from pywats.observability.logs.fields import FieldNames

__all__ = ["configure_logging"]


def configure_logging(
    *,
    json: bool = False,
    fields: FieldNames = "otel",
    names: Mapping[str, str] | None = None,
    service_name: str | None = None,
    level: int = logging.INFO,
    stream: TextIO | None = None,
    logger: logging.Logger | None = None,
) -> CorrelationHandler:
    """Write log records with their correlation ids to a stream.

    Credentials in URLs are redacted, whichever library writes the record; see `CorrelationFilter`.
    Calling it again replaces the handler of the previous call. Handlers that were installed
    otherwise are not changed; add a `CorrelationFilter` to them. The handler stays if
    `logging.config` or ``basicConfig(force=True)`` sets up logging afterwards;
    ``logger.removeHandler`` removes it.

    Args:
        json: Write one JSON object a line, for Loki and similar stores. Fields without a value are
            left out. A key of ``extra`` that is also the name of a field of the record, such as
            ``level``, is written as ``extra.level``. ``extra`` may have any value: a value without
            a counterpart in JSON is written as text.
        fields: The names of the fields, for the log store that reads them: ``otel``
            (``trace_id``, ``span_id``; also for Loki), ``ecs`` (``trace.id``, ``span.id``) or
            ``datadog`` (``dd.trace_id``, ``dd.span_id``, in decimal).
        names: Names of your own for fields of JSON lines. The keys are ``timestamp``,
            ``level``, ``logger``, ``message``, ``exception``, ``exception_type``,
            ``exception_message``, ``stack``, ``service``, ``correlation_id``, ``trace_id``,
            ``span_id``, ``trace_sampled``.
        service_name: The name of the process in JSON lines; None for the name that was passed to
            `pywats.telemetry.configure` or is in the ``OTEL_…`` variables, if any.
        level: Lowest level that is written.
        stream: The stream to write to; standard error if None.
        logger: The logger whose records are written; if None, the root logger, and so the records
            of all loggers.

    Returns:
        The handler, for further settings.

    Raises:
        TypeError: The level is not a number or the name of a level.
        ValueError: The value of ``fields`` is unknown, ``names`` has an unknown key or gives two
            fields the same name, or the level has an unknown name.
    """
    line, ids = json_names(fields, names)
    target = logging.StreamHandler(stream)
    if json:
        target.setFormatter(JsonFormatter(line, ids, lambda: service_name or name_of_process()))
    else:
        target.setFormatter(_plain_formatter(log_fields(fields).correlation_id))
    handler = _InstalledHandler(target, fields=fields)
    logger = logging.getLogger() if logger is None else logger
    # First, because it refuses an unknown level.
    logger.setLevel(level)
    for old in [each for each in logger.handlers if isinstance(each, _InstalledHandler)]:
        logger.removeHandler(old)
        old.close()
    keep(logger, handler, hidden=False)
    return handler


class _InstalledHandler(CorrelationHandler):
    """Marks the handler that the next call of `configure_logging` replaces."""


def _plain_formatter(correlation_id: str) -> logging.Formatter:
    return logging.Formatter(
        f"%(asctime)s %(levelname)-7s [%({correlation_id})s] %(name)s: %(message)s"
    )
