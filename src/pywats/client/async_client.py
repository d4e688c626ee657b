"""`AsyncWATS`: the services as they are, for the user's own event loop."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Self

from pywats import services, validation
from pywats.client.account import Account
from pywats.client.state import address_of, copy_of, refuse_unpicklable, settings_of
from pywats.config import default_timeout
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES, AsyncPort, ConnectionSettings
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from pywats.http import Endpoint
    from pywats.validation import Duration, NotGiven

__all__ = ["AsyncWATS"]


class AsyncWATS:
    """A client for the WATS REST API for code that runs in an event loop.

    It belongs to the loop it is first used in. Each request opens a CLIENT span and carries a
    correlation id. It does not retry: that is what the synchronous face adds. Copying and
    pickling are as with `pywats.pyWATS`.

    Args:
        base_url: Address of the server; None reads ``PYWATS_BASE_URL``.
        token: Base64 of ``username:password``; None reads ``PYWATS_TOKEN``.
        username: User name, in place of a token; None reads ``PYWATS_USERNAME``.
        password: Password; None reads ``PYWATS_PASSWORD``.
        timeout: Limit of one request in seconds (or a timedelta), 30 if ``PYWATS_TIMEOUT`` does
            not say otherwise; None for none.
        correlation_header: Name of the header for the correlation id.
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
        correlation_header: str = "X-Correlation-ID",
        verify_ssl: bool | ssl.SSLContext = True,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
    ) -> None:
        limit = default_timeout() if timeout is NOT_GIVEN else timeout
        self._timeout = validation.optional_seconds("timeout", limit)
        self._header = validation.header_name("correlation_header", correlation_header)
        self._account = Account(base_url, token, username, password)
        self._connection = ConnectionSettings(verify_ssl, max_response_bytes)
        self._port = AsyncPort(self._endpoint, self._connection, timeout=self._timeout)

    @cached_property
    def _endpoint(self) -> Endpoint:
        return self._account.endpoint(self._header)

    @cached_property
    def _port(self) -> AsyncPort:
        return AsyncPort(self._endpoint, self._connection, timeout=self._timeout)

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._endpoint.base_url

    @cached_property
    def product(self) -> services.ProductService:
        """Products, revisions, tags, groups, vendors, bills of materials and box builds."""
        return services.ProductService(self._port)

    @cached_property
    def asset(self) -> services.AssetService:
        """Assets, their types, log, counts, calibration, maintenance and files."""
        return services.AssetService(self._port)

    @cached_property
    def production(self) -> services.ProductionService:
        """Units, their phases, assembly and verification, batches and serial numbers."""
        return services.ProductionService(self._port)

    @cached_property
    def report(self) -> services.ReportService:
        """Reports of tests and repairs."""
        return services.ReportService(self._port)

    @cached_property
    def software(self) -> services.SoftwareService:
        """Software packages, their files, tags and status, and virtual folders."""
        return services.SoftwareService(self._port)

    @cached_property
    def analytics(self) -> services.AnalyticsService:
        """Yield, failures, measurements, repairs, unit flow and alarms."""
        return services.AnalyticsService(self._port)

    @cached_property
    def rootcause(self) -> services.RootCauseService:
        """Tickets, their history and attachments."""
        return services.RootCauseService(self._port)

    @cached_property
    def scim(self) -> services.ScimService:
        """Users, as SCIM 2.0 provisions them (RFC 7644)."""
        return services.ScimService(self._port)

    @cached_property
    def process(self) -> services.ProcessService:
        """Test, repair and WIP operations, and the codes of repairs."""
        return services.ProcessService(self._port)

    async def close(self) -> None:
        """Refuse further calls and close all connections; calling it again does nothing."""
        await self._port.close()

    async def __aenter__(self) -> Self:
        # A client from a pickle whose environment lacks something says so here, not again on close.
        _ = self._port
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    def __getstate__(self) -> dict[str, object]:
        refuse_unpicklable(self._connection)
        return settings_of(self)

    def __copy__(self) -> Self:
        return copy_of(self)

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy_of(self)

    def __repr__(self) -> str:
        return f"<AsyncWATS {address_of(self)}>"
