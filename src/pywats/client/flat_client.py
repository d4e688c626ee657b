"""`SyncWATSClient`: every method of every service on one object."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Self

from pywats.client.flat_methods import FlatMethods
from pywats.client.sync_client import pyWATS
from pywats.config import SyncClientConfig
from pywats.http import DEFAULT_MAX_RESPONSE_BYTES
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

    from pywats.config import RetryConfig
    from pywats.validation import Duration, NotGiven

__all__ = ["SyncWATSClient"]


class SyncWATSClient(FlatMethods):
    """A flat client: ``client.get_product(part_number="ABC123", timeout=30.0)``.

    Every method takes, besides its own arguments, ``timeout``: the limit of one attempt in
    seconds for this call alone. Copying and pickling are as with `pywats.pyWATS`.

    Args:
        config: All settings in one value.
        verify_ssl: True verifies the server's certificate, False does not, an `ssl.SSLContext`
            decides for itself.
        max_response_bytes: How many bytes the body of an answer may have, decompressed, 256 MiB
            by default; None for any number.

    Raises:
        OSError: The certificates of this machine, or of ``SSL_CERT_FILE``, cannot be read.
        TypeError: ``config`` is not a `pywats.SyncClientConfig`.
        ValueError: Address or credentials are missing.
    """

    def __init__(
        self,
        config: SyncClientConfig | None = None,
        *,
        verify_ssl: bool | ssl.SSLContext = True,
        max_response_bytes: int | None = DEFAULT_MAX_RESPONSE_BYTES,
    ) -> None:
        config = SyncClientConfig() if config is None else config
        if not isinstance(config, SyncClientConfig):
            # The value is not shown: a dict of settings would have the password in it.
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
        )

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

    def close(self) -> None:
        """Close the client as `pywats.pyWATS.close` does."""
        self._api.close()

    def _over(self, api: pyWATS) -> Self:
        other = object.__new__(type(self))
        vars(other).update(vars(self), _api=api)
        return other
