"""Convert any object to text without raising."""

from __future__ import annotations

import traceback

from pywats.redaction import one_line, several_lines, without_credentials

__all__ = [
    "class_name",
    "escape_surrogates",
    "exportable",
    "stacktrace_of",
    "summary_of",
    "text_of",
]

_WIDEST_INT_IN_DECIMAL = 1024


def text_of(value: object) -> str:
    """Return ``str(value)``; a placeholder if the object's own ``__str__`` fails."""
    try:
        if isinstance(value, int) and value.bit_length() > _WIDEST_INT_IN_DECIMAL:
            # int.__str__ refuses more than 4300 digits, and takes quadratic time.
            return hex(value)
        return str(value)
    except Exception:  # noqa: BLE001 - the class of the object may raise anything
        return f"<unprintable {type(value).__name__} object>"


def class_name(kind: type) -> str:
    """Return the name of a class with its module; without the module for builtins."""
    # A class body can set __module__ to anything.
    module: object = kind.__module__
    name = kind.__qualname__
    if isinstance(module, str) and module != "builtins":
        name = f"{module}.{name}"
    return one_line(name)


def escape_surrogates(text: str) -> str:
    r"""Return the text with lone surrogates escaped (``\udce9``), so that it can be exported.

    `os.fsdecode` puts lone surrogates into names of files that are not UTF-8. OTLP cannot represent
    them, and its exporters drop the whole batch for a single one.
    """
    return text.encode("utf-8", "backslashreplace").decode()


def exportable(text: str) -> str:
    """Return the text without credentials in URLs and raw headers, and with surrogates escaped."""
    return escape_surrogates(without_credentials(text))


def summary_of(error: BaseException, message: str) -> str:
    """Return class and message of an exception; its repr if the message is blank."""
    if message.strip():
        return f"{type(error).__name__}: {message}"
    try:
        return repr(error)
    except Exception:  # noqa: BLE001 - the class of the exception may raise anything
        return type(error).__name__


def stacktrace_of(error: BaseException) -> str:
    """Return the traceback of an exception as text that can be exported, cut if it is too long."""
    try:
        lines = "".join(traceback.format_exception(error))
    except Exception:  # noqa: BLE001 - attributes of the exception may be properties that raise
        lines = f"{class_name(type(error))}: {text_of(error)}\n"
    return several_lines(lines)
