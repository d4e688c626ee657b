"""Redact the credentials that other libraries write into log records, mostly in URLs.

httpx logs the URL of every request, with user name, password and the keys in its query; httpcore
logs the headers of every response; a traceback ends with the message of an exception, which may
quote a URL.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pywats.observability.guard import guarded
from pywats.observability.plain_values import plain
from pywats.observability.safe_text import text_of
from pywats.redaction import without_credentials

if TYPE_CHECKING:
    from typing import Any

__all__ = ["redact_record", "redacted_value"]

# The attributes that every record has; `redact_record` handles those that may hold a credential.
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__)


@guarded("redacting the credentials in a log record")
def redact_record(record: logging.LogRecord, *, keeps_exception: bool = True) -> None:
    """Redact a record in place; a record without credentials is not changed.

    Redacted are the message, the traceback, the stack, and the texts and URLs in ``extra``.

    Args:
        record: The record.
        keeps_exception: Whether the exception of the record stays as it is, and only its text for
            formatters, ``exc_text``, is redacted. Otherwise the text replaces it if it has
            credentials: formatters of other libraries format the exception themselves.
    """
    values = record.__dict__
    _redact_message(record)
    if record.exc_info:
        text = record.exc_text or _traceback_of(record.exc_info)
        redacted = without_credentials(text)
        if redacted != text:
            record.exc_text = redacted
            if not keeps_exception:
                record.exc_info = None
    elif record.exc_text:
        record.exc_text = without_credentials(record.exc_text)
    if record.stack_info:
        record.stack_info = without_credentials(record.stack_info)
    if len(values) > len(_STANDARD):
        for name, value in list(values.items()):
            if name not in _STANDARD:
                values[name] = redacted_value(value)


def redacted_value(value: object) -> object:
    """Return a text without the credentials in it, and a URL as such a text if it has any."""
    if isinstance(value, str):
        text: str = value
    # httpx.URL, yarl.URL and others; the classes are not imported here.
    elif type(value).__name__ == "URL":
        text = text_of(value)
    else:
        return value
    redacted = without_credentials(text)
    return value if redacted == text else redacted


def _redact_message(record: logging.LogRecord) -> None:
    try:
        message = record.getMessage()
    except Exception:  # noqa: BLE001 - arguments may raise anything
        # The handler reports arguments that do not fit, and shows them.
        record.args = _redacted_arguments(record.args)
        return
    redacted = without_credentials(message)
    if redacted == message:
        return
    # Formatters for JSON read a dictionary as fields.
    record.msg = plain(record.msg) if isinstance(record.msg, dict) else redacted
    record.args = ()


def _redacted_arguments(arguments: Any) -> Any:
    if isinstance(arguments, Mapping):
        return {name: redacted_value(value) for name, value in arguments.items()}
    if isinstance(arguments, tuple):
        return tuple(redacted_value(value) for value in arguments)
    return redacted_value(arguments)


def _traceback_of(exc_info: object) -> str:
    error = exc_info[1] if isinstance(exc_info, tuple) and len(exc_info) > 1 else exc_info
    if not isinstance(error, BaseException):
        return ""
    try:
        return "".join(traceback.format_exception(error)).rstrip("\n")
    except Exception:  # noqa: BLE001 - attributes of the exception may be properties that raise
        return ""
