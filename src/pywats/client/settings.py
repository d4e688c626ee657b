"""Merge the keyword arguments of a client and its config objects into one configuration."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from pywats import validation
from pywats.config import SyncConfig, circuit_breaker_config, retry_config
from pywats.http import ConnectionSettings
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    import ssl

    from pywats.client.outbox import Outbox
    from pywats.config import CircuitBreakerConfig, RetryConfig
    from pywats.http.network.settings import ClientCertificate
    from pywats.validation import Duration, NotGiven

__all__ = ["OUTBOX_VARIABLE", "connection_settings", "merge_sync_config", "outbox_of"]

OUTBOX_VARIABLE = "PYWATS_OUTBOX"


def merge_sync_config(
    sync_config: SyncConfig | None,
    *,
    timeout: Duration | NotGiven | None = NOT_GIVEN,
    deadline: Duration | NotGiven | None = NOT_GIVEN,
    max_retries: int | None = None,
    retry: RetryConfig | None = None,
    retry_enabled: bool | None = None,
    circuit_breaker: CircuitBreakerConfig | None = None,
) -> SyncConfig:
    """Return ``sync_config`` overridden by the keyword arguments that were given.

    Args:
        sync_config: The base; the environment and the defaults if None.
        timeout: Limit of one attempt in seconds; None for no limit.
        deadline: Limit of one call in seconds; None for no limit.
        max_retries: Attempts after the first one; overrides ``retry``. 0 switches retries off, a
            higher number switches them on.
        retry: Retry settings; giving them switches retries on.
        retry_enabled: Switches retries on or off; overrides the arguments above.
        circuit_breaker: Settings of a circuit breaker.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """
    config = SyncConfig() if sync_config is None else sync_config
    if not isinstance(config, SyncConfig):
        # The value is not shown: a dict of settings may contain the password.
        raise TypeError(
            f"sync_config: must be a SyncConfig, not {type(config).__name__}; make it with "
            "SyncConfig(timeout=…), and pass address and credentials to the client"
        )
    if timeout is not NOT_GIVEN:
        config = replace(config, timeout=timeout)
    if deadline is not NOT_GIVEN:
        config = replace(config, deadline=deadline)
    if retry is not None:
        config = replace(config, retry=retry_config("retry_config", retry), retry_enabled=True)
    if max_retries is not None:
        retries = replace(config.retry, max_retries=max_retries)
        config = replace(config, retry=retries, retry_enabled=max_retries > 0)
    if retry_enabled is not None:
        config = replace(config, retry_enabled=validation.boolean("retry_enabled", retry_enabled))
    if circuit_breaker is not None:
        chosen = circuit_breaker_config("circuit_breaker", circuit_breaker)
        config = replace(config, circuit_breaker=chosen)
    return config


def connection_settings(
    verify_ssl: bool | ssl.SSLContext,  # noqa: FBT001 - passed on
    max_response_bytes: int | None,
    cert: ClientCertificate | None,
    max_connection_age: Duration | NotGiven | None,
) -> ConnectionSettings:
    """Return connection settings made from the keyword arguments of a client.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """
    if max_connection_age is NOT_GIVEN:
        return ConnectionSettings(verify_ssl, max_response_bytes, cert=cert)
    return ConnectionSettings(
        verify_ssl, max_response_bytes, cert=cert, max_connection_age=max_connection_age
    )


def outbox_of(given: str | os.PathLike[str] | Outbox | NotGiven | None) -> Outbox | None:
    """Return the outbox that a client was given, or that ``PYWATS_OUTBOX`` names.

    Args:
        given: The outbox or its directory; None for no outbox.

    Raises:
        TypeError: ``given`` is neither an outbox nor a path.
    """
    # Without strip() a space or a carriage return after the value would be in the directory's name.
    named = os.environ.get(OUTBOX_VARIABLE, "").strip() or None
    chosen = named if given is NOT_GIVEN else given
    if chosen is None:
        return None
    # Imported here: most clients have no outbox and do not need the database module.
    from pywats.client.outbox import Outbox  # noqa: PLC0415 - see above

    return chosen if isinstance(chosen, Outbox) else Outbox(chosen)
