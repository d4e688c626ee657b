"""One line to get log lines with correlation ids."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from pywats.sync.log_fields import ABSENT, log_fields
from pywats.sync.stamp import CorrelationHandler

if TYPE_CHECKING:
    from typing import Any, TextIO

    from pywats.sync.log_fields import FieldNames, LogFields

__all__ = ["JSON_LINES", "JsonLine", "configure_logging"]


def configure_logging(
    *,
    json: bool = False,
    fields: FieldNames = "otel",
    level: int = logging.INFO,
    stream: TextIO | None = None,
    logger: logging.Logger | None = None,
) -> CorrelationHandler:
    """Write log records with their correlation ids to a stream.

    Calling it again replaces the handler of the call before. Handlers that others have installed
    stay as they are; add a `CorrelationFilter` to those.

    Args:
        json: Write one JSON object a line, for Loki and the like; needs the extra
            ``pywats[json]``. Fields without a value are left out. What ``extra`` has under the
            name of a field of the record, such as ``level``, is written as ``extra.level``.
        fields: How JSON lines name their fields, by the store that reads them: ``otel``
            (``trace_id``, ``span_id``; also for Loki), ``ecs`` (``trace.id``, ``span.id``) or
            ``datadog`` (``dd.trace_id``, ``dd.span_id``, in decimal).
        level: Lowest level that is written.
        stream: Where to; standard error if None.
        logger: Whose records; the root logger, and so those of all, if None.

    Returns:
        The handler, for further settings.

    Raises:
        ModuleNotFoundError: ``json=True`` without the package ``python-json-logger``.
        ValueError: There are no fields of that name.
    """
    names = log_fields(fields)
    target = logging.StreamHandler(stream)
    target.setFormatter(
        _json_formatter(JSON_LINES[fields], names)
        if json
        else _plain_formatter(names.correlation_id)
    )
    handler = _InstalledHandler(target, fields=fields)
    logger = logging.getLogger() if logger is None else logger
    for old in [each for each in logger.handlers if isinstance(each, _InstalledHandler)]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(level)
    return handler


class _InstalledHandler(CorrelationHandler):
    """Marks the handler that a further `configure_logging` replaces."""


def _plain_formatter(correlation_id: str) -> logging.Formatter:
    return logging.Formatter(
        f"%(asctime)s %(levelname)-7s [%({correlation_id})s] %(name)s: %(message)s"
    )


@dataclass(frozen=True, slots=True)
class JsonLine:
    """How a JSON line names what every log record has.

    Attributes:
        timestamp: Name of the time: ISO 8601, with milliseconds, in UTC.
        level: Name of the level.
        logger: Name of the name of the logger.
        exception: Name of the traceback.
        constants: Further fields, each with its one value.
    """

    timestamp: str = "timestamp"
    level: str = "level"
    logger: str = "logger"
    exception: str = "exc_info"
    constants: dict[str, str] = field(default_factory=dict)


JSON_LINES: dict[FieldNames, JsonLine] = {
    "otel": JsonLine(),
    "ecs": JsonLine(
        "@timestamp", "log.level", "log.logger", "error.stack_trace", {"ecs.version": "8.11.0"}
    ),
    "datadog": JsonLine(logger="logger.name", exception="error.stack"),
}
"""How JSON lines are written, by the names of their fields."""


def _json_formatter(line: JsonLine, fields: LogFields) -> logging.Formatter:
    import json  # noqa: PLC0415 - with the extra alone

    try:
        from pythonjsonlogger.json import JsonEncoder, JsonFormatter  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "configure_logging(json=True) needs python-json-logger: pip install 'pywats[json]'",
            name=error.name,
        ) from error

    renamed = {"levelname": line.level, "name": line.logger, "exc_info": line.exception}

    class OneTypeEach(JsonFormatter):
        """Give each field one type: leave out those without a value, let nobody replace ours."""

        def add_fields(
            self,
            log_data: dict[str, Any],
            record: logging.LogRecord,
            message_dict: dict[str, Any],
        ) -> None:
            time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
            own: dict[str, object] = {
                line.timestamp: time,
                line.level: record.levelname,
                line.logger: record.name,
                **line.constants,
            }
            if "exc_info" in message_dict:
                own[line.exception] = message_dict["exc_info"]
            # What a message that is a dictionary says goes to the same place as what extra says.
            given = {
                _beside(key) if key != "exc_info" and renamed.get(key, key) in own else key: value
                for key, value in message_dict.items()
            }
            log_data[line.timestamp] = time
            super().add_fields(log_data, record, given)
            for name, value in own.items():
                if log_data[name] is not value:
                    log_data[_beside(name)] = log_data[name]
                    log_data[name] = value
            for name in fields.names:
                if log_data[name] == ABSENT:
                    del log_data[name]

        def jsonify_log_record(self, log_data: dict[str, Any]) -> str:
            try:
                return super().jsonify_log_record(log_data)
            except ValueError:
                # There is a NaN or an infinity somewhere, which JSON does not have.
                text = json.dumps(log_data, cls=JsonEncoder)
                return super().jsonify_log_record(json.loads(text, parse_constant=str))

    return OneTypeEach(
        "%(levelname)s %(name)s %(message)s " + " ".join(f"%({name})s" for name in fields.names),
        rename_fields=renamed,
        json_serializer=partial(json.dumps, allow_nan=False),
        static_fields=dict(line.constants),
    )


def _beside(name: str) -> str:
    return f"extra.{name}"
