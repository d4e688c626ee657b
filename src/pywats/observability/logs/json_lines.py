"""Format log records as JSON, one object a line, for any content of the record."""

from __future__ import annotations

import logging
import traceback
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pydantic_core

from pywats.observability.guard import report
from pywats.observability.logs.fields import (
    FieldNames,
    LogFields,
    current_ids,
    is_given,
    is_stamp_of_others,
    log_fields,
    recorded_ids,
)
from pywats.observability.plain_values import JsonValue, plain
from pywats.observability.safe_text import class_name, exportable, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

__all__ = [
    "JSON_LINES",
    "STANDARD_ATTRIBUTES",
    "JsonFormatter",
    "JsonLine",
    "exception_of",
    "json_names",
    "message_of",
]

STANDARD_ATTRIBUTES = frozenset(logging.makeLogRecord({}).__dict__) | {
    # Formatters set the first two; Python 3.12 added the third.
    *("asctime", "message", "taskName")
}
"""The attributes that every log record has; all other attributes come from ``extra``."""


@dataclass(frozen=True, slots=True)
class JsonLine:
    """The keys in a JSON line for the standard fields of a log record.

    Attributes:
        timestamp: Key of the time: ISO 8601, with milliseconds, in UTC.
        level: Key of the level.
        logger: Key of the name of the logger.
        message: Key of the message.
        exception: Key of the traceback.
        exception_type: Key of the class of the exception.
        exception_message: Key of the message of the exception.
        stack: Key of the stack that ``stack_info=True`` adds.
        service: Key of the name of the process.
        constants: Further keys, with a constant value each.
    """

    timestamp: str = "timestamp"
    level: str = "level"
    logger: str = "logger"
    message: str = "message"
    exception: str = "exc_info"
    exception_type: str = "exception.type"
    exception_message: str = "exception.message"
    stack: str = "stack_info"
    service: str = "service.name"
    constants: dict[str, str] = field(default_factory=dict)


JSON_LINES: dict[FieldNames, JsonLine] = {
    "otel": JsonLine(),
    "ecs": JsonLine(
        "@timestamp",
        "log.level",
        "log.logger",
        exception="error.stack_trace",
        exception_type="error.type",
        exception_message="error.message",
        constants={"ecs.version": "8.11.0"},
    ),
    "datadog": JsonLine(
        logger="logger.name",
        exception="error.stack",
        exception_type="error.kind",
        exception_message="error.message",
        service="dd.service",
    ),
}
"""The keys of JSON lines, by the set of field names."""

_LINE_NAMES = tuple(name for name in JsonLine.__slots__ if name != "constants")
_ID_NAMES = ("correlation_id", "trace_id", "span_id", "trace_sampled")


def json_names(fields: FieldNames, names: Mapping[str, str] | None) -> tuple[JsonLine, LogFields]:
    """Return the names of the fields in JSON lines, some of them replaced.

    Args:
        fields: The set of names to begin with.
        names: Replacements; the keys are the attributes of `JsonLine`, and the names of the ids.

    Raises:
        ValueError: A key is unknown, or two fields have the same name.
    """
    ids, line = log_fields(fields), JSON_LINES[fields]
    given = dict(names or {})
    unknown = sorted(given.keys() - {*_LINE_NAMES, *_ID_NAMES})
    if unknown:
        allowed = ", ".join((*_LINE_NAMES, *_ID_NAMES))
        raise ValueError(f"names={given!r}: {unknown[0]!r} is not one of {allowed}")
    of_line: dict[str, Any] = {name: given[name] for name in _LINE_NAMES if name in given}
    of_ids: dict[str, Any] = {name: given[name] for name in _ID_NAMES if name in given}
    line, ids = replace(line, **of_line), replace(ids, **of_ids)
    used = [getattr(line, name) for name in _LINE_NAMES]
    used += [*line.constants, *ids.names]
    twice = sorted({name for name in used if used.count(name) > 1})
    if twice:
        raise ValueError(f"names={given!r}: two fields have the name {twice[0]!r}")
    return line, ids


def exception_of(record: logging.LogRecord) -> BaseException | None:
    """Return the exception of a record; None if there is none, for any value of ``exc_info``."""
    given: object = record.exc_info
    if isinstance(given, tuple) and len(given) > 1:
        given = given[1]
    return given if isinstance(given, BaseException) else None


class JsonFormatter(logging.Formatter):
    """Format a record as one JSON object on one line; it never raises.

    Fields without a value are left out. A key of ``extra`` that is also the name of a field of the
    record is written as ``extra.<name>``.

    Args:
        line: The names of the standard fields.
        fields: The names of the ids.
        service: Returns the name of the process; None if it has no name.
    """

    def __init__(
        self, line: JsonLine, fields: LogFields, service: Callable[[], str | None]
    ) -> None:
        super().__init__()
        self._line = line
        self._fields = fields
        self._service = service

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        try:
            data = self._data(record)
        except Exception as error:  # noqa: BLE001 - other code may have changed the record
            report("writing a log record as JSON", error)
            data = {self._line.message: message_of(record)}
        # Spaces as in json.dumps(), because people search log files for '"level": "ERROR"'.
        pairs = (f"{_json(name)}: {_json(value)}" for name, value in data.items())
        return f"{{{', '.join(pairs)}}}"

    def _data(self, record: logging.LogRecord) -> dict[str, JsonValue]:
        own = self._own(record)
        values = record.__dict__
        ids = recorded_ids(values) or current_ids()
        found = self._fields.values(ids)
        given: dict[str, object] = {
            name: value
            for name, value in values.items()
            if name not in STANDARD_ATTRIBUTES
            and not is_stamp_of_others(name, value, self._fields, ids)
        }
        renamed = {"levelname": self._line.level, "name": self._line.logger}
        if isinstance(record.msg, dict):
            for key, value in record.msg.items():
                name = text_of(key)
                if name != "message":
                    given[f"extra.{name}" if name in renamed else name] = value
        for name in self._fields.names:
            value = given.pop(name, None)
            if is_given(value):
                own[name] = plain(value)
            elif name in found:
                own[name] = found[name]
        for name, value in given.items():
            text = exportable(text_of(name))
            own[f"extra.{text}" if text in own else text] = plain(value)
        return own

    def _own(self, record: logging.LogRecord) -> dict[str, JsonValue]:
        line = self._line
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        own: dict[str, JsonValue] = {
            line.timestamp: time,
            line.level: exportable(text_of(record.levelname)),
            line.logger: exportable(text_of(record.name)),
            line.message: _message(record),
            **line.constants,
        }
        service = self._service()
        if service is not None:
            own[line.service] = exportable(service)
        error = exception_of(record)
        if error is not None:
            own[line.exception_type] = class_name(type(error))
            own[line.exception_message] = exportable(text_of(error))
            own[line.exception] = self._traceback(error)
        elif record.exc_text and not record.exc_info:
            # A SocketHandler cannot send the exception: it has replaced it with its text.
            own[line.exception] = exportable(text_of(record.exc_text))
        if record.stack_info:
            own[line.stack] = exportable(text_of(record.stack_info))
        return own

    @staticmethod
    def _traceback(error: BaseException) -> str:
        try:
            text = "".join(traceback.format_exception(error))
        except Exception:  # noqa: BLE001 - attributes of the exception may be properties that raise
            text = f"{class_name(type(error))}: {text_of(error)}"
        return exportable(text.rstrip("\n"))


def _json(value: JsonValue) -> str:
    return pydantic_core.to_json(value).decode()


def message_of(record: logging.LogRecord) -> str:
    """Return the message of a record; if it cannot be formatted, format string and arguments."""
    try:
        return text_of(record.getMessage())
    except Exception:  # noqa: BLE001 - arguments may raise anything
        arguments = text_of(plain(record.args))
        return f"{text_of(record.msg)} (arguments that do not fit: {arguments})"


def _message(record: logging.LogRecord) -> JsonValue:
    if isinstance(record.msg, dict):
        return plain(record.msg.get("message", ""))
    return exportable(message_of(record))
