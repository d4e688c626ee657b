"""The engine: a synchronous face for any async object. It does not depend on WATS."""

from typing import TYPE_CHECKING

from pywats.lazy import lazily
from pywats.observability.call import Call, Limit, current_call
from pywats.observability.correlation import (
    correlation_id,
    current_correlation_id,
    use_correlation_id_of,
)
from pywats.runtime.bell import Bell
from pywats.sync.engine.clock import Clock, SystemClock
from pywats.sync.engine.engine import Engine
from pywats.sync.engine.loop_warning import SyncInLoopWarning
from pywats.sync.faces.access import awaited, entering, face_of, unawaited, unwrap
from pywats.sync.faces.crossing.batches import Batches
from pywats.sync.faces.face import Faces, SyncFace
from pywats.sync.faces.family import SpanAttributes
from pywats.sync.faces.future import SyncFuture
from pywats.sync.faces.members import sync_face
from pywats.sync.faces.repeatable import repeatable
from pywats.sync.faces.wrap import wrap
from pywats.sync.faces.wrapper import SyncServiceWrapper
from pywats.sync.runners.direct import (
    DirectRunner,
    OneTask,
    ReentrantCallError,
    Runner,
    SuspendedError,
)
from pywats.sync.runners.in_thread import in_thread

if TYPE_CHECKING:
    from pywats.observability.logs.handler import CorrelationFilter, CorrelationHandler
    from pywats.observability.logs.libraries import loguru_patcher, structlog_processor
    from pywats.observability.logs.setup import configure_logging
    from pywats.observability.propagation import attach_context, inject_context, outgoing_headers
    from pywats.sync.runners.portal import PortalRunner

__all__ = [
    "Batches",
    "Bell",
    "Call",
    "Clock",
    "CorrelationFilter",
    "CorrelationHandler",
    "DirectRunner",
    "Engine",
    "Faces",
    "Limit",
    "OneTask",
    "PortalRunner",
    "ReentrantCallError",
    "Runner",
    "SpanAttributes",
    "SuspendedError",
    "SyncFace",
    "SyncFuture",
    "SyncInLoopWarning",
    "SyncServiceWrapper",
    "SystemClock",
    "attach_context",
    "awaited",
    "configure_logging",
    "correlation_id",
    "current_call",
    "current_correlation_id",
    "entering",
    "face_of",
    "in_thread",
    "inject_context",
    "loguru_patcher",
    "outgoing_headers",
    "repeatable",
    "structlog_processor",
    "sync_face",
    "unawaited",
    "unwrap",
    "use_correlation_id_of",
    "wrap",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.observability.logs.handler": "CorrelationFilter CorrelationHandler",
            "pywats.observability.logs.libraries": "loguru_patcher structlog_processor",
            "pywats.observability.logs.setup": "configure_logging",
            "pywats.observability.propagation": "attach_context inject_context outgoing_headers",
            "pywats.sync.runners.portal": "PortalRunner",
        },
    )
