"""`pyWATS`: the services behind a synchronous face."""

from __future__ import annotations

from copy import copy
from functools import cached_property, partial
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from pywats import services
from pywats.client import sync_services
from pywats.client.credentials import resolve_base_url, resolve_credentials
from pywats.client.settings import merge_sync_config
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES, BlockingPort, ConnectionSettings
from pywats.sync import DirectRunner, Engine, SyncFace
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from pywats.config import CircuitBreakerConfig, RetryConfig, SyncConfig
    from pywats.validation import Duration, NotGiven

__all__ = ["pyWATS"]


class pyWATS:  # noqa: N801 - the product's own spelling
    """A client for the WATS REST API for code without an event loop.

    One client serves all threads. Close it, or use it in a ``with`` block. A copy, or what a
    pickle is read back as, is a client of its own with the same settings, credentials included.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name, in place of a token; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one attempt in seconds (or a timedelta), 30 by default; None for none.
        deadline: Limit of one call with all attempts and waits in seconds (or a timedelta);
            None, the default, for none.
        max_retries: Attempts after the first one, whatever ``retry_config`` says; 0 switches
            retries off, more switch them on.
        retry_config: Retry settings; giving them switches retries on.
        retry_enabled: Switches retries on or off, whatever else is given.
        circuit_breaker: Settings of a circuit breaker; there is none by default.
        sync_config: All settings in one value; the keyword arguments above win over it. What
            neither gives comes from the environment (``PYWATS_TIMEOUT``, ``PYWATS_DEADLINE``,
            ``PYWATS_MAX_RETRIES``, ``PYWATS_RETRY_BACKOFF``), and else from the defaults.
        verify_ssl: True verifies the server's certificate, False does not, an `ssl.SSLContext`
            decides for itself.
        max_response_bytes: How many bytes the body of an answer may have, decompressed, 256 MiB
            by default; None for any number.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range, or address or credentials are missing.
    """

    def __init__(
        self,
        base_url: str | None = None,
        token: str | None = None,
        *,
        username: str | None = None,
        password: str | None = None,
        timeout: Duration | NotGiven | None = NOT_GIVEN,
        deadline: Duration | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        retry_config: RetryConfig | None = None,
        retry_enabled: bool | None = None,
        circuit_breaker: CircuitBreakerConfig | None = None,
        sync_config: SyncConfig | None = None,
        verify_ssl: bool | ssl.SSLContext = True,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
    ) -> None:
        self._config = merge_sync_config(
            sync_config,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry=retry_config,
            retry_enabled=retry_enabled,
            circuit_breaker=circuit_breaker,
        )
        self._base_url = resolve_base_url(base_url)
        self._credentials = resolve_credentials(token, username, password)
        self._connection = ConnectionSettings(verify_ssl, max_response_bytes)
        endpoint = self._credentials.endpoint(self._base_url, self._config.correlation_header)
        self._port = BlockingPort(endpoint, self._connection)
        self._engine = Engine(
            self._config,
            DirectRunner(),
            origin=_origin(self._base_url),
            loop_advice="await a method of pywats.AsyncWATS there",
        )

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._base_url

    @property
    def config(self) -> SyncConfig:
        """The settings in effect."""
        return self._config

    @cached_property
    def product(self) -> sync_services.SyncProductService:
        """Products, revisions, tags, groups, vendors, bills of materials and box builds."""
        return sync_services.SyncProductService(
            services.ProductService(self._port), name="product", engine=self._engine
        )

    @cached_property
    def asset(self) -> sync_services.SyncAssetService:
        """Assets, their types, log, counts, calibration, maintenance and files."""
        return sync_services.SyncAssetService(
            services.AssetService(self._port), name="asset", engine=self._engine
        )

    @cached_property
    def production(self) -> sync_services.SyncProductionService:
        """Units, their phases, assembly and verification, batches and serial numbers."""
        return sync_services.SyncProductionService(
            services.ProductionService(self._port), name="production", engine=self._engine
        )

    @cached_property
    def report(self) -> sync_services.SyncReportService:
        """Reports of tests and repairs."""
        return sync_services.SyncReportService(
            services.ReportService(self._port), name="report", engine=self._engine
        )

    @cached_property
    def software(self) -> sync_services.SyncSoftwareService:
        """Software packages, their files, tags and status, and virtual folders."""
        return sync_services.SyncSoftwareService(
            services.SoftwareService(self._port), name="software", engine=self._engine
        )

    @cached_property
    def analytics(self) -> sync_services.SyncAnalyticsService:
        """Yield, failures, measurements, repairs, unit flow and alarms."""
        return sync_services.SyncAnalyticsService(
            services.AnalyticsService(self._port), name="analytics", engine=self._engine
        )

    @cached_property
    def rootcause(self) -> sync_services.SyncRootCauseService:
        """Tickets, their history and attachments."""
        return sync_services.SyncRootCauseService(
            services.RootCauseService(self._port), name="rootcause", engine=self._engine
        )

    @cached_property
    def scim(self) -> sync_services.SyncScimService:
        """Users, as SCIM 2.0 provisions them (RFC 7644)."""
        return sync_services.SyncScimService(
            services.ScimService(self._port), name="scim", engine=self._engine
        )

    @cached_property
    def process(self) -> sync_services.SyncProcessService:
        """Test, repair and WIP operations, and the codes of repairs."""
        return sync_services.SyncProcessService(
            services.ProcessService(self._port), name="process", engine=self._engine
        )

    def with_options(
        self,
        *,
        timeout: Duration | NotGiven | None = NOT_GIVEN,
        deadline: Duration | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        retry_config: RetryConfig | None = None,
        retry_enabled: bool | None = None,
    ) -> Self:
        """Return this client with other settings: ``api.with_options(timeout=5).product``.

        It is a view: it shares the connections, the retry budget and the circuit breaker, and
        closing either closes both. Keep it as long as you like, or use it for one call.

        Args:
            timeout: Limit of one attempt in seconds (or a timedelta); None for none.
            deadline: Limit of one call with all attempts and waits in seconds (or a timedelta);
                None for none.
            max_retries: Attempts after the first one; 0 switches retries off, more switch them
                on.
            retry_config: Retry settings in place of the client's; giving them switches retries
                on.
            retry_enabled: Switches retries on or off, whatever else is given.

        Returns:
            The view. What is not given here is as it is in this client.

        Raises:
            TypeError: A value is of the wrong type, or an option is unknown.
            ValueError: A value is out of range.
        """
        config = merge_sync_config(
            self._config,
            timeout=timeout,
            deadline=deadline,
            max_retries=max_retries,
            retry=retry_config,
            retry_enabled=retry_enabled,
        )
        view = object.__new__(type(self))
        # The faces of services that were looked up already hold on to this client's engine.
        kept = {k: v for k, v in vars(self).items() if not isinstance(v, SyncFace)}
        vars(view).update(kept)
        view._config = config
        view._engine = self._engine.reconfigured(config)
        return view

    def close(self) -> None:
        """Refuse further calls, end waits between attempts, close all connections.

        Calling it again does nothing.
        """
        self._engine.close()
        self._port.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> tuple[partial[Self], tuple[()]]:
        remake = partial(
            type(self),
            self._base_url,
            self._credentials.token,
            sync_config=self._config,
            verify_ssl=self._connection.verify_ssl,
            max_response_bytes=self._connection.max_response_bytes,
        )
        return (remake, ())

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy(self)

    def __repr__(self) -> str:
        state = "closed" if self._engine.closed else "open"
        return f"<pyWATS {self._base_url} ({state})>"


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
