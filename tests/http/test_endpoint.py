from __future__ import annotations

import pytest

from pywats.http import Endpoint, parse_base_url


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://wats.example.com", "https://wats.example.com"),
        ("https://wats.example.com/", "https://wats.example.com"),
        ("https://wats.example.com/api/", "https://wats.example.com"),
        ("https://wats.example.com/API", "https://wats.example.com"),
        ("http://127.0.0.1:8080/plant/api", "http://127.0.0.1:8080/plant"),
        (" https://wats.example.com/plant ", "https://wats.example.com/plant"),
        ("http://[::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_is_brought_to_one_form(given: str, used: str) -> None:
    assert parse_base_url(given) == used


@pytest.mark.parametrize(
    "value", ["", "wats.example.com", "/api", "ftp://x", "https://", "http://x:0", "//x/api"]
)
def test_a_relative_or_foreign_address_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"base_url=.*must be an absolute URL such as https://"):
        parse_base_url(value)


@pytest.mark.parametrize("value", ["http://x:99999", "http://[::1"])
def test_an_address_that_is_no_url_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="base_url is not a URL"):
        parse_base_url(value)


@pytest.mark.parametrize("value", ["https://x/?a=1", "https://x/#top"])
def test_query_and_fragment_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="without a query or fragment"):
        parse_base_url(value)


def test_credentials_in_the_address_are_refused_and_not_shown() -> None:
    with pytest.raises(ValueError, match="must not contain credentials") as caught:
        parse_base_url("https://user:hunter2@wats.example.com/")
    assert "hunter2" not in str(caught.value)
    assert "user" not in str(caught.value).replace("username=", "")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "value",
    [
        "user:hunter2@wats.example.com",
        "https://user:hunter2/@wats.example.com",
        "https://wats.example.com/?user=me@home&token=hunter2",
        "https://wats.example.com/?token=hunter2",
        "https://wats.example.com/#hunter2",
    ],
)
def test_what_may_be_a_secret_in_a_wrong_address_is_not_shown(value: str) -> None:
    with pytest.raises(ValueError, match="must be an absolute URL") as caught:
        parse_base_url(value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    ["c3RhdGlvbjpTM2NyM3Q=", "dTpwYXNz", "//9kb2xsYXI6YQ==", "0123456789abcdef0123", b"c2VjcmV0"],
)
def test_a_token_in_place_of_the_address_is_not_shown(value: object) -> None:
    with pytest.raises((TypeError, ValueError), match="base_url=… .value not shown") as caught:
        parse_base_url(value)
    assert not any(part in str(caught.value) for part in ("c3Rh", "dTpw", "9kb2", "0123", "c2Vj"))


@pytest.mark.parametrize("value", [None, 7, b"https://x"])
def test_an_address_must_be_text(value: object) -> None:
    with pytest.raises(TypeError, match="base_url=.*must be an absolute URL"):
        parse_base_url(value)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://h", "h", 80),
        ("https://h", "h", 443),
        ("https://h:8443/x", "h", 8443),
        ("http://[::1]:80", "::1", 80),
    ],
)
def test_host_and_port_come_from_the_address(url: str, host: str, port: int) -> None:
    endpoint = Endpoint(url, "Basic x")
    assert (endpoint.host, endpoint.port) == (host, port)
    assert "Basic" not in repr(endpoint)
