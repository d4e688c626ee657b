"""`SyncWATSClient`: every method of every service on one object."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Self

from pywats.client.flat_methods import FlatMethods
from pywats.client.state import check_assignment
from pywats.client.sync_client import pyWATS
from pywats.config import SyncClientConfig
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES
from pywats.redaction import without_locals_on_failure
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import os
    import ssl
    from collections.abc import Mapping
    from types import TracebackType

    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider
    from pydantic import JsonValue

    from pywats.client.outbox import Outbox
    from pywats.config import RetryConfig
    from pywats.http.network.settings import ClientCertificate
    from pywats.http.port import QueryValue
    from pywats.http.sync_port import BlockingPort
    from pywats.services import RawResponse
    from pywats.sync import Engine
    from pywats.validation import Duration, NotGiven, TimeoutOption

__all__ = ["SyncWATSClient"]


class SyncWATSClient(FlatMethods):
    """A flat client: ``client.get_product(part_number="ABC123", timeout=30.0)``.

    Every method also takes ``timeout``: the limit of one attempt in seconds, for this call only.
    Copying and pickling work as for `pywats.pyWATS`.

    Args:
        config: All settings in one value.
        verify_ssl: True verifies the server's certificate, False does not; an `ssl.SSLContext`
            is used as it is.
        max_response_bytes: Largest size of the body of a response in bytes, decompressed, 256 MiB
            by default; None for no limit.
        cert: Client certificate: the path of a PEM file with certificate and private key, or
            (certificate, key), or (certificate, key, password). None reads ``PYWATS_CERT``.
        max_connection_age: Seconds (or a timedelta) after which a connection serves no further
            request, so that a client follows a change of DNS; 30 unless
            ``PYWATS_MAX_CONNECTION_AGE`` is set; None for no limit.
        outbox: Directory, or `pywats.Outbox`, in which reports are kept until the server has them;
            read from ``PYWATS_OUTBOX`` by default; None for no outbox.
        tracer_provider: Provider that receives the spans of this client; None for the global
            provider. A pickle contains neither provider: an unpickled client uses the global ones.
        meter_provider: Provider that receives its metrics; None for the global provider.

    Raises:
        OSError: The certificates of this machine, of ``SSL_CERT_FILE`` or of ``cert`` cannot be
            read.
        TypeError: ``config`` is not a `pywats.SyncClientConfig`.
        ValueError: Address or credentials are missing.
    """

    @without_locals_on_failure
    def __init__(
        self,
        config: SyncClientConfig | None = None,
        *,
        verify_ssl: bool | ssl.SSLContext = True,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
        cert: ClientCertificate | None = None,
        max_connection_age: Duration | NotGiven | None = NOT_GIVEN,
        outbox: str | os.PathLike[str] | Outbox | NotGiven | None = NOT_GIVEN,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
    ) -> None:
        config = SyncClientConfig() if config is None else config
        if not isinstance(config, SyncClientConfig):
            # The value is not shown: a dict of settings may contain the password.
            raise TypeError(
                f"config: must be a SyncClientConfig, not {type(config).__name__}; make it with "
                "SyncClientConfig(base_url=…, token=…)"
            )
        self._api = pyWATS(
            config.base_url,
            config.token,
            username=config.username,
            password=config.password,
            sync_config=config.sync_config(),
            verify_ssl=verify_ssl,
            max_response_bytes=max_response_bytes,
            cert=cert,
            max_connection_age=max_connection_age,
            outbox=outbox,
            tracer_provider=tracer_provider,
            meter_provider=meter_provider,
        )

    if not TYPE_CHECKING:
        # A type checker refuses unknown attributes by itself.
        def __setattr__(self, name: str, value: object) -> None:
            check_assignment(self, SyncWATSClient, name)
            super().__setattr__(name, value)

    def __copy__(self) -> Self:
        return self._over(copy(self._api))

    def __deepcopy__(self, _: dict[int, object]) -> Self:
        # An ssl.SSLContext can be shared, but not copied.
        return copy(self)

    def __repr__(self) -> str:
        return repr(self._api).replace("pyWATS", type(self).__name__, 1)

    def __enter__(self) -> Self:
        self._api.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def with_options(
        self,
        *,
        timeout: Duration | NotGiven | None = NOT_GIVEN,
        deadline: Duration | NotGiven | None = NOT_GIVEN,
        max_retries: int | None = None,
        retry_config: RetryConfig | None = None,
        retry_enabled: bool | None = None,
    ) -> Self:
        """Return this client with other settings, as `pywats.pyWATS.with_options` does.

        The ``timeout`` of a method wins over the one given here.
        """
        return self._over(
            self._api.with_options(
                timeout=timeout,
                deadline=deadline,
                max_retries=max_retries,
                retry_config=retry_config,
                retry_enabled=retry_enabled,
            )
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, str] | None = None,
        query: Mapping[str, QueryValue | None] | None = None,
        json: JsonValue = None,
        content: bytes | None = None,
        content_type: str | None = None,
        accept: str = "application/json",
        idempotent: bool | None = None,
        timeout: TimeoutOption = NOT_GIVEN,
    ) -> RawResponse:
        """Send a request to an operation that no service has a method for.

        The request has one id, one span, limits and retries, like the calls of the services.

        Args:
            method: HTTP method.
            path: Path on the server, such as ``/api/App/Version``. ``{name}`` stands for a value
                of ``parameters``: the span then has the path without the value.
            parameters: Values for the names in ``path``; each is percent-encoded as one segment.
            query: Query parameters; a value of None is left out.
            json: Body, encoded as JSON; None for no body.
            content: Body as bytes, in place of ``json``.
            content_type: Media type of the body; None is ``application/json``.
            accept: Media types that the response may have.
            idempotent: True if it is safe to send the request twice, False if it is not; None
                decides by the method (RFC 9110 section 9.2.2).
            timeout: Limit of one attempt of this call in seconds; None for no limit.

        Returns:
            The response, with a 2xx status.

        Raises:
            TypeError: An argument is of the wrong type.
            ValueError: An argument is not as described.
            WATSError: The status is not 2xx, or no response arrived.
        """
        api = self._api if timeout is NOT_GIVEN else self._api.with_options(timeout=timeout)
        return api.request(
            method,
            path,
            parameters=parameters,
            query=query,
            json=json,
            content=content,
            content_type=content_type,
            accept=accept,
            idempotent=idempotent,
        )

    def close(self) -> None:
        """Close the client as `pywats.pyWATS.close` does."""
        self._api.close()

    def _port_and_engine(self) -> tuple[BlockingPort, Engine]:
        return self._api._port_and_engine()  # noqa: SLF001 - its own part

    def _over(self, api: pyWATS) -> Self:
        other = object.__new__(type(self))
        vars(other).update(vars(self), _api=api)
        return other
