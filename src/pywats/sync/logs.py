"""One line to get log lines with correlation ids."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pywats.sync.stamp import ABSENT, FIELDS, CorrelationHandler

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["configure_logging"]

PLAIN_FORMAT = "%(asctime)s %(levelname)-7s [%(correlation_id)s] %(name)s: %(message)s"
JSON_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s " + " ".join(
    f"%({field})s" for field in FIELDS
)


def configure_logging(
    *,
    json: bool = False,
    level: int = logging.INFO,
    stream: TextIO | None = None,
    logger: logging.Logger | None = None,
) -> CorrelationHandler:
    """Write log records with their correlation ids to a stream.

    Calling it again replaces the handler of the call before. Handlers that others have installed
    stay as they are; add a `CorrelationFilter` to those.

    Args:
        json: Write one JSON object a line, for Loki and the like; needs the extra
            ``pywats[json]``. Fields without a value are left out.
        level: Lowest level that is written.
        stream: Where to; standard error if None.
        logger: Whose records; the root logger, and so those of all, if None.

    Returns:
        The handler, for further settings.

    Raises:
        ModuleNotFoundError: ``json=True`` without the package ``python-json-logger``.
    """
    target = logging.StreamHandler(stream)
    target.setFormatter(_json_formatter() if json else logging.Formatter(PLAIN_FORMAT))
    handler = _InstalledHandler(target)
    logger = logging.getLogger() if logger is None else logger
    for old in [each for each in logger.handlers if isinstance(each, _InstalledHandler)]:
        logger.removeHandler(old)
        old.close()
    logger.addHandler(handler)
    logger.setLevel(level)
    return handler


class _InstalledHandler(CorrelationHandler):
    """Marks the handler that a further `configure_logging` replaces."""


def _json_formatter() -> logging.Formatter:
    try:
        from pythonjsonlogger.json import JsonFormatter  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "configure_logging(json=True) needs python-json-logger: pip install 'pywats[json]'",
            name=error.name,
        ) from error

    class PresentFields(JsonFormatter):
        """Leave out the fields that stand for nothing, so that each keeps one type."""

        def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
            return {
                name: value
                for name, value in log_data.items()
                if name not in FIELDS or value != ABSENT
            }

    return PresentFields(
        JSON_FORMAT,
        rename_fields={"asctime": "timestamp", "levelname": "level", "name": "logger"},
    )
