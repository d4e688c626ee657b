"""The engine: a synchronous face for async objects. It knows nothing of WATS."""

from typing import TYPE_CHECKING

from pywats.lazy import lazily
from pywats.sync.access import awaited, entering, unwrap
from pywats.sync.batches import Batches
from pywats.sync.call import Call, Limit, current_call
from pywats.sync.carrier import attach_context, inject_context
from pywats.sync.clock import Clock, SystemClock
from pywats.sync.correlation import (
    correlation_id,
    current_correlation_id,
    use_correlation_id_of,
)
from pywats.sync.engine import Engine
from pywats.sync.face import Faces, SyncFace
from pywats.sync.family import SpanAttributes
from pywats.sync.log_libraries import loguru_patcher, structlog_processor
from pywats.sync.logs import configure_logging
from pywats.sync.loop_warning import SyncInLoopWarning
from pywats.sync.members import sync_face
from pywats.sync.off_loop import in_thread
from pywats.sync.runner import (
    DirectRunner,
    OneTask,
    ReentrantCallError,
    Runner,
    SuspendedError,
)
from pywats.sync.stamp import CorrelationFilter, CorrelationHandler
from pywats.sync.wrapper import SyncServiceWrapper
from pywats.sync.wrapping import wrap

if TYPE_CHECKING:
    from pywats.sync.portal import PortalRunner

__all__ = [
    "Batches",
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
    "in_thread",
    "inject_context",
    "loguru_patcher",
    "structlog_processor",
    "sync_face",
    "unwrap",
    "use_correlation_id_of",
    "wrap",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(__name__, {"pywats.sync.portal": "PortalRunner"})
