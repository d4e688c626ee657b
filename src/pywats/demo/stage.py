"""Plays a scene and keeps what can be seen of it: log lines, requests, spans."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pywats import CorrelationHandler
from pywats.errors import WATSError
from pywats.sandbox import RecordedRequest
from pywats.waterfall import SpanRecord

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.demo.story import Scene
    from pywats.demo.tracing import Tracing
    from pywats.sandbox import Sandbox

__all__ = ["LOG_FORMAT", "Performance", "Stage"]

LOG_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-7s [%(correlation_id)s] %(name)s: %(message)s"


@dataclass(frozen=True, slots=True)
class Performance:
    """What was seen of a scene.

    Attributes:
        correlation_id: The id of the call.
        log_lines: The formatted log records of library and caller.
        requests: What the server received.
        spans: The finished spans; empty without the OpenTelemetry SDK.
        error: What the call raised.
    """

    correlation_id: str
    log_lines: tuple[str, ...]
    requests: tuple[RecordedRequest, ...]
    spans: tuple[SpanRecord, ...]
    error: WATSError | None


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(LOG_FORMAT, datefmt="%H:%M:%S"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class Stage:
    """A sandbox, a client of it, and the instruments that watch them.

    Args:
        sandbox: The server.
        api: The client.
        tracing: Where spans end up; None without the SDK.
    """

    def __init__(self, sandbox: Sandbox, api: pyWATS, tracing: Tracing | None) -> None:
        self._sandbox = sandbox
        self._api = api
        self._tracing = tracing

    def play(self, scene: Scene) -> Performance:
        """Play the scene."""
        self._sandbox.heal()
        self._sandbox.clear()
        scene.prepare(self._sandbox)
        lines = _Lines()
        handler = CorrelationHandler(lines)
        root = logging.getLogger()
        root.addHandler(handler)
        error: WATSError | None = None
        try:
            scene.call(self._api)
        except WATSError as raised:
            error = raised
        finally:
            root.removeHandler(handler)
        requests = self._sandbox.requests
        return Performance(
            correlation_id=requests[0].header("x-correlation-id") or "",
            log_lines=tuple(lines.lines),
            requests=requests,
            spans=self._tracing.take() if self._tracing else (),
            error=error,
        )
