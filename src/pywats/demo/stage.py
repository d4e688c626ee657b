"""Play a scene of the demo and record its log lines, requests and spans."""

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
    """The record of a scene that was played.

    Attributes:
        correlation_id: The id of the call.
        log_lines: The formatted log records of library and caller.
        requests: The requests that the server received.
        spans: The finished spans; empty without the OpenTelemetry SDK.
        error: The exception that the call raised; None if it succeeded.
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
    """Plays scenes with a sandbox and a client, and records them.

    Args:
        sandbox: The server.
        api: The client.
        tracing: Keeps the spans; None without the SDK.
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
