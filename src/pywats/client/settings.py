"""How the keyword arguments of a client and its config values become one configuration."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pywats import validation
from pywats.config import SyncConfig, circuit_breaker_config, retry_config
from pywats.validation import NOT_GIVEN

if TYPE_CHECKING:
    from pywats.config import CircuitBreakerConfig, RetryConfig
    from pywats.validation import Duration, NotGiven

__all__ = ["merge_sync_config"]


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
    """Return ``sync_config`` with the keyword arguments that were given put over it.

    Args:
        sync_config: The base; the environment and the defaults if None.
        timeout: Limit of one attempt in seconds; None for none.
        deadline: Limit of one call in seconds; None for none.
        max_retries: Attempts after the first one, whatever ``retry`` says; 0 switches retries
            off, more switch them on.
        retry: Retry settings; giving them switches retries on.
        retry_enabled: Switches retries on or off, whatever else is given.
        circuit_breaker: Settings of a circuit breaker.

    Raises:
        TypeError: A value is of the wrong type.
        ValueError: A value is out of range.
    """
    config = SyncConfig() if sync_config is None else sync_config
    if not isinstance(config, SyncConfig):
        # The value is not shown: a dict of settings may have the password in it.
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
