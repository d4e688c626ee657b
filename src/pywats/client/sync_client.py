"""`pyWATS`: the services behind a synchronous face."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from pywats import services
from pywats.client import sync_services
from pywats.client.account import Account
from pywats.client.settings import merge_sync_config
from pywats.client.state import address_of, copy_of, refuse_unpicklable, settings_of
from pywats.client.wiring import Wiring
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES, ConnectionSettings
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from pywats.config import CircuitBreakerConfig, RetryConfig, SyncConfig
    from pywats.http import BlockingPort, Endpoint
    from pywats.sync import Engine
    from pywats.validation import Duration, NotGiven

__all__ = ["pyWATS"]


class pyWATS:  # noqa: N801 - the product's own spelling
    """A client for the WATS REST API for code without an event loop.

    One client serves all threads. Close it, or use it in a ``with`` block. A copy is a client of
    its own with the same settings.

    So is what a pickle is read back as. Address and credentials are in the pickle, readable for
    whoever has it, if they were given to the client; where they came from the environment they
    are not, and the process that reads the pickle takes its own environment's on first use.

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
        OSError: The certificates of this machine, or of ``SSL_CERT_FILE``, cannot be read.
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
        self._account = Account(base_url, token, username, password)
        self._connection = ConnectionSettings(verify_ssl, max_response_bytes)
        self._wiring = Wiring.make(self._endpoint, self._connection, self._config)

    @cached_property
    def _endpoint(self) -> Endpoint:
        return self._account.endpoint(self._config.correlation_header)

    @cached_property
    def _wiring(self) -> Wiring:
        made = Wiring.make(self._endpoint, self._connection, self._config)
        # Two threads may use a client from a pickle for the first time at once; they share one.
        wiring: Wiring = vars(self).setdefault("_wiring", made)
        return wiring

    @property
    def _port(self) -> BlockingPort:
        return self._wiring.port

    @property
    def _engine(self) -> Engine:
        return self._wiring.engine

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._endpoint.base_url

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
        vars(view).update(settings_of(self))
        view._config = config
        view._endpoint = self._endpoint
        view._wiring = self._wiring.reconfigured(config)
        return view

    def close(self) -> None:
        """Refuse further calls, end waits between attempts, close all connections.

        Calling it again does nothing.
        """
        self._engine.close()
        self._port.close()

    def __enter__(self) -> Self:
        # A client from a pickle whose environment lacks something says so here, not again on close.
        _ = self._wiring
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __getstate__(self) -> dict[str, object]:
        refuse_unpicklable(self._config.retry, self._config.circuit_breaker, self._connection)
        return settings_of(self)

    def __copy__(self) -> Self:
        return copy_of(self)

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy_of(self)

    def __repr__(self) -> str:
        closed = "_wiring" in vars(self) and self._engine.closed
        return f"<pyWATS {address_of(self)} ({'closed' if closed else 'open'})>"
