"""A synchronous face for async services that is safe in production.

`pyWATS` and `SyncWATSClient` speak the WATS REST API without an event loop, `AsyncWATS` in the
user's own. `SyncServiceWrapper` gives a synchronous face to any async object.
"""

import logging
from typing import TYPE_CHECKING

from pywats._version import __version__
from pywats.client import pyWATS
from pywats.config import CircuitBreakerConfig, RetryConfig, SyncClientConfig, SyncConfig
from pywats.events import CircuitState, CircuitTransition, GiveUpEvent, RetryEvent
from pywats.lazy import lazily
from pywats.sync import (
    CorrelationFilter,
    CorrelationHandler,
    SyncInLoopWarning,
    SyncServiceWrapper,
    attach_context,
    configure_logging,
    correlation_id,
    current_correlation_id,
    inject_context,
    loguru_patcher,
    structlog_processor,
    use_correlation_id_of,
)

if TYPE_CHECKING:
    from pywats.client import AsyncWATS, SyncWATSClient

__all__ = [
    "AsyncWATS",
    "CircuitBreakerConfig",
    "CircuitState",
    "CircuitTransition",
    "CorrelationFilter",
    "CorrelationHandler",
    "GiveUpEvent",
    "RetryConfig",
    "RetryEvent",
    "SyncClientConfig",
    "SyncConfig",
    "SyncInLoopWarning",
    "SyncServiceWrapper",
    "SyncWATSClient",
    "__version__",
    "attach_context",
    "configure_logging",
    "correlation_id",
    "current_correlation_id",
    "inject_context",
    "loguru_patcher",
    "pyWATS",
    "structlog_processor",
    "use_correlation_id_of",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(__name__, {"pywats.client": "AsyncWATS SyncWATSClient"})

# A library stays silent until the application configures logging (logging HOWTO).
logging.getLogger(__name__).addHandler(logging.NullHandler())
