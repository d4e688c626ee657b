"""Copies of clients in their own process: settings and user stay, connections do not."""

from __future__ import annotations

import copy
import ssl
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, RetryConfig, SyncClientConfig, SyncConfig, SyncWATSClient, pyWATS
from pywats.errors import WATSClosedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sandbox import Sandbox

CONFIG = SyncConfig(
    timeout=7, retry_enabled=True, retry=RetryConfig(max_retries=5), correlation_header="X-Id"
)
COPIES = {"copy": copy.copy, "deepcopy": copy.deepcopy}


@pytest.fixture(params=COPIES)
def copied(request: pytest.FixtureRequest) -> Callable[[object], object]:
    return COPIES[request.param]


def test_a_copy_is_a_client_of_its_own_with_the_same_settings(
    sandbox: Sandbox, copied: Callable[[pyWATS], pyWATS]
) -> None:
    with pyWATS(sandbox.base_url, sandbox.token, sync_config=CONFIG) as api:
        api.product.create_product("A")
        other = copied(api)
    assert (other.base_url, other.config) == (sandbox.base_url, CONFIG)
    with pytest.raises(WATSClosedError):
        api.product.get_product("A")
    with other:
        assert other.product.get_product("A").part_number == "A"
    first, second = sandbox.requests
    assert first.connection != second.connection
    assert second.header("x-id")


def test_a_copy_keeps_the_user_that_the_environment_named_before(
    sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    copied: Callable[[SyncWATSClient], SyncWATSClient],
) -> None:
    monkeypatch.setenv("PYWATS_BASE_URL", sandbox.base_url)
    monkeypatch.setenv("PYWATS_USERNAME", sandbox.username)
    monkeypatch.setenv("PYWATS_PASSWORD", sandbox.password)
    client = SyncWATSClient(SyncClientConfig(max_retries=2))
    for name in ("BASE_URL", "USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"PYWATS_{name}")
    with copied(client) as other:
        assert repr(other) == f"<SyncWATSClient {sandbox.base_url} (open)>"
        other.create_product("A")
        assert sandbox.token not in repr(other.__dict__)
    client.close()
    assert repr(client) == f"<SyncWATSClient {sandbox.base_url} (closed)>"


def test_a_copy_of_a_view_is_a_client_of_its_own_with_the_settings_of_the_view(
    sandbox: Sandbox, copied: Callable[[object], object]
) -> None:
    options = {"timeout": 5, "deadline": 9, "retry_config": RetryConfig(jitter="full")}
    with pyWATS(sandbox.base_url, sandbox.token) as api:
        view = api.with_options(**options)  # type: ignore[arg-type]  # options of the table
        other = copied(view)
    assert isinstance(other, pyWATS)
    with other:
        assert other.config == view.config != api.config
        other.product.create_product("A")
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
    with SyncWATSClient(config) as client:
        flat_view = client.with_options(**options)  # type: ignore[arg-type]  # options of the table
        flat = copied(flat_view)
    assert isinstance(flat, SyncWATSClient)
    with flat:
        assert flat._api.config == flat_view._api.config != client._api.config
        assert flat.get_product("A").part_number == "A"


async def test_a_copy_of_the_async_client_too(
    sandbox: Sandbox, copied: Callable[[AsyncWATS], AsyncWATS]
) -> None:
    client = AsyncWATS(sandbox.base_url, sandbox.token, timeout=7, correlation_header="X-Id")
    await client.close()
    async with copied(client) as other:
        await other.product.create_product("A")
    assert sandbox.requests[0].header("x-id")


def test_a_context_for_tls_is_shared_by_copies(copied: Callable[[pyWATS], pyWATS]) -> None:
    context = ssl.create_default_context()
    api = pyWATS("https://127.0.0.1:9", "eDp5", verify_ssl=context)
    other = copied(api)
    assert other._connection.verify_ssl is context
    other.close()
    api.close()
