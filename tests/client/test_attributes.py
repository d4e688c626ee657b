"""Attributes of clients: what nothing would read cannot be set."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, SyncClientConfig, SyncWATSClient, pyWATS

if TYPE_CHECKING:
    from collections.abc import Callable

URL, TOKEN = "https://wats.example.com", "dGVzdDp0ZXN0"
OPTIONS = ("timeout", "deadline", "max_retries", "retry_config", "retry_enabled")
FIXED = ("token", "base_url", "username", "password", "verify_ssl", "max_response_bytes")


class Mine(pyWATS):
    """A client with an attribute of its own, as a user would write it."""

    def __init__(self) -> None:
        super().__init__(URL, TOKEN)
        self.line = 7


MAKERS: dict[str, Callable[[], pyWATS | AsyncWATS | SyncWATSClient]] = {
    "pyWATS": lambda: pyWATS(URL, TOKEN),
    "AsyncWATS": lambda: AsyncWATS(URL, TOKEN),
    "SyncWATSClient": lambda: SyncWATSClient(SyncClientConfig(base_url=URL, token=TOKEN)),
    "a subclass": Mine,
}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_setting_cannot_be_changed(maker: str) -> None:
    client = MAKERS[maker]()
    for each in (client, copy.copy(client), pickle.loads(pickle.dumps(client))):  # noqa: S301 - its own
        for name in (*OPTIONS, *FIXED):
            with pytest.raises(AttributeError, match=f"'{name}'") as caught:
                setattr(each, name, 0.1)
            assert (caught.value.name, caught.value.obj) == (name, each)
            if name in FIXED or (maker == "AsyncWATS" and name == "timeout"):
                assert str(caught.value).endswith(f": make a client with another {name}")
            elif maker == "AsyncWATS":
                assert str(caught.value) == f"'AsyncWATS' object has no attribute {name!r}"
            else:
                assert f"with_options({name}=…) returns a client" in str(caught.value)


@pytest.mark.parametrize("maker", ["pyWATS", "AsyncWATS", "SyncWATSClient"])
def test_an_unknown_attribute_is_refused(maker: str) -> None:
    client = MAKERS[maker]()
    with pytest.raises(AttributeError, match=f"{maker!r} object has no attribute 'tiemout'"):
        setattr(client, "tiemout", 1)  # noqa: B010 - the mistake under test


def test_a_subclass_may_have_attributes_and_a_test_may_replace_a_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = Mine()
    assert client.line == 7
    monkeypatch.setattr(client, "product", None)
    assert client.product is None


SERVICES = (
    *("analytics", "asset", "process", "product", "production", "report", "rootcause", "scim"),
    "software",
)


@pytest.mark.parametrize("maker", ["pyWATS", "AsyncWATS"])
@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("name", ["timeout", "retry_config", "base_url", "nonsense"])
def test_a_service_has_no_settings(maker: str, service: str, name: str) -> None:
    found = getattr(MAKERS[maker](), service)
    with pytest.raises(
        AttributeError,
        match=rf"Service' object has no attribute '{name}': settings belong to the client",
    ):
        setattr(found, name, 5)
    assert not hasattr(found, name)


@pytest.mark.parametrize("maker", ["pyWATS", "AsyncWATS"])
def test_a_test_may_replace_a_method_of_a_service(
    maker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = getattr(MAKERS[maker](), "product")  # noqa: B009 - either client
    before = service.get_product
    with monkeypatch.context() as patch:
        patch.setattr(service, "get_product", len)
        assert service.get_product("AB") == 2
    assert service.get_product == before
