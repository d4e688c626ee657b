"""The engine: a synchronous face for async objects. It knows nothing of WATS."""

from pywats.sync.batches import Batches
from pywats.sync.call import Call, Limit, current_call
from pywats.sync.clock import Clock, SystemClock
from pywats.sync.correlation import (
    correlation_id,
    current_correlation_id,
    use_correlation_id_of,
)
from pywats.sync.engine import Engine
from pywats.sync.face import SyncFace, sync_face
from pywats.sync.log_libraries import loguru_patcher, structlog_processor
from pywats.sync.logs import configure_logging
from pywats.sync.loop_warning import SyncInLoopWarning
from pywats.sync.runner import DirectRunner, Runner, SuspendedError
from pywats.sync.stamp import CorrelationFilter, CorrelationHandler
from pywats.sync.wrapper import SyncServiceWrapper

__all__ = [
    "Batches",
    "Call",
    "Clock",
    "CorrelationFilter",
    "CorrelationHandler",
    "DirectRunner",
    "Engine",
    "Limit",
    "Runner",
    "SuspendedError",
    "SyncFace",
    "SyncInLoopWarning",
    "SyncServiceWrapper",
    "SystemClock",
    "configure_logging",
    "correlation_id",
    "current_call",
    "current_correlation_id",
    "loguru_patcher",
    "structlog_processor",
    "sync_face",
    "use_correlation_id_of",
]
