"""What a synchronous client makes of its settings."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pywats import http
from pywats.errors import WATSClosedError
from pywats.observability.propagators import propagator
from pywats.runtime.fork_gate import importing
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from pywats.config import SyncConfig
    from pywats.http import ConnectionSettings, Endpoint
    from pywats.observability.instrumentation import Instrumentation

__all__ = ["Wiring"]


@dataclass(frozen=True, slots=True)
class Wiring:
    """Connections and engine of a client and its views.

    Attributes:
        port: Sends requests; shared by all views.
        engine: Runs calls by the settings of this client or view.
    """

    port: http.BlockingPort
    engine: Engine

    @classmethod
    def make(
        cls,
        endpoint: Endpoint,
        connection: ConnectionSettings,
        config: SyncConfig,
        instrumentation: Instrumentation,
    ) -> Self:
        """Return a wiring that shares nothing with another."""
        engine = Engine(
            config,
            DirectRunner(stand_in=False),
            origin=_origin(endpoint.base_url),
            loop_advice="await a method of pywats.AsyncWATS there",
            span_prefix="pywats.",
            closed_error=WATSClosedError,
            repeat_advice="RetryConfig(retry_unsafe=True)",
            instrumentation=instrumentation,
        )
        with importing():
            # What the first request would import: a child that is forked meanwhile would never get
            # the import lock. The codecs serve host names and redaction.
            for name in ("encodings.idna", "encodings.utf_16_le"):
                import_module(name)
            with suppress(Exception):
                # Reported where it is used.
                propagator()
        # Accessed through the module: imported lazily, here.
        return cls(http.BlockingPort(endpoint, connection), engine)

    def reconfigured(self, config: SyncConfig) -> Self:
        """Return the wiring of a view with other settings."""
        return replace(self, engine=self.engine.reconfigured(config))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
