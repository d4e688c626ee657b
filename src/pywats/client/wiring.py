"""What a synchronous client makes of its settings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pywats import http
from pywats.sync import DirectRunner, Engine

if TYPE_CHECKING:
    from pywats.config import SyncConfig
    from pywats.http import ConnectionSettings, Endpoint

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
    def make(cls, endpoint: Endpoint, connection: ConnectionSettings, config: SyncConfig) -> Self:
        """Return a wiring that shares nothing with another."""
        engine = Engine(
            config,
            DirectRunner(),
            origin=_origin(endpoint.base_url),
            loop_advice="await a method of pywats.AsyncWATS there",
        )
        # Named through its module, which loads it, and httpcore with it, no sooner than here.
        return cls(http.BlockingPort(endpoint, connection), engine)

    def reconfigured(self, config: SyncConfig) -> Self:
        """Return that of a view."""
        return replace(self, engine=self.engine.reconfigured(config))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
