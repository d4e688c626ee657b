"""Make the connections and the engine of a synchronous client from its settings."""

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
        """Return a new wiring, which shares nothing with other wirings."""
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
            # Import now what the first request would import: a child that is forked during an
            # import would wait for the import lock forever. Host names and redaction need the
            # codecs.
            for name in ("encodings.idna", "encodings.utf_16_le"):
                import_module(name)
            with suppress(Exception):
                # An invalid propagator is reported where it is used.
                propagator()
        # Accessed through the module: imported lazily, here.
        return cls(http.BlockingPort(endpoint, connection), engine)

    def reconfigured(self, config: SyncConfig) -> Self:
        """Return the wiring of a view with other settings."""
        return replace(self, engine=self.engine.reconfigured(config))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
