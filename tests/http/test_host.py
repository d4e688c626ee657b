"""The forms of a host."""

from __future__ import annotations

import pytest

from pywats.http import Endpoint, parse_base_url
from pywats.http.host import in_url, is_address, normal_host, tls_name, without_zone

# What a user writes; in a URL; to connect to; in the header Host; in a certificate.
FORMS = [
    ("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1"),
    ("wats.example", "wats.example", "wats.example", "wats.example", "wats.example"),
    ("WATS.Example", "wats.example", "wats.example", "wats.example", "wats.example"),
    ("wats.example.", "wats.example.", "wats.example.", "wats.example.", "wats.example"),
    ("wats_2-x", "wats_2-x", "wats_2-x", "wats_2-x", "wats_2-x"),
    ("[2001:db8::7]", "[2001:db8::7]", "2001:db8::7", "[2001:db8::7]", "2001:db8::7"),
    ("[2001:DB8:0:0::7]", "[2001:db8::7]", "2001:db8::7", "[2001:db8::7]", "2001:db8::7"),
    ("[fe80::1%25eth0]", "[fe80::1%25eth0]", "fe80::1%eth0", "[fe80::1]", "fe80::1"),
    ("[fe80::1%eth0]", "[fe80::1%25eth0]", "fe80::1%eth0", "[fe80::1]", "fe80::1"),
    ("[FE80::1%25Eth0]", "[fe80::1%25Eth0]", "fe80::1%Eth0", "[fe80::1]", "fe80::1"),
    *(
        (name, *[f"xn--bcher-kva.example{dot}"] * 3, "xn--bcher-kva.example")
        for name, dot in [
            ("bücher.example", ""),
            ("BÜCHER.Example", ""),
            ("xn--bcher-kva.example", ""),
            ("bücher.example.", "."),
        ]
    ),
]


@pytest.mark.parametrize("scheme", ["http", "https", "HTTPS"])
@pytest.mark.parametrize("port", ["", ":80", ":443", ":8080", ":08080", ":"])
@pytest.mark.parametrize(("given", "url", "connect", "header", "name"), FORMS)
def test_each_place_has_its_form_of_the_host(
    scheme: str, port: str, given: str, url: str, connect: str, header: str, name: str
) -> None:
    base_url = parse_base_url(f"{scheme}://{given}{port}/plant")
    number = port.removeprefix(":").lstrip("0")
    assert base_url == f"{scheme.lower()}://{url}{f':{number}' if number else ''}/plant"
    assert parse_base_url(base_url) == base_url
    endpoint = Endpoint(base_url, "")
    default = "80" if scheme == "http" else "443"
    assert endpoint.host == connect
    assert endpoint.port == int(number or default)
    assert endpoint.host_header == header + ("" if number in {"", default} else f":{number}")
    assert tls_name(endpoint.host) == tls_name(header.strip("[]")) == name


@pytest.mark.parametrize(
    "host",
    [
        "a..b",
        ".a",
        "..",
        "a b",
        "%41.example",
        "-a.example",
        "a-.example",
        "a" * 64,
        ".".join(["a" * 60] * 5),
        "[::1%25]",
        "[::1%25a b]",
        "[fe80::1%25eth0/x]",
        "[1:2]",
        "[v1.x]",
        "\uff11.0.0.1",
        "ex*mple",
    ],
)
def test_what_is_not_a_host_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        parse_base_url(f"http://{host}/")


@pytest.mark.parametrize("address", ["user@wats", "user:hunter2@wats", "user@[::1]:80", ":@wats"])
def test_user_information_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="must not contain credentials") as caught:
        parse_base_url(f"http://{address}/")
    assert "hunter2" not in str(caught.value)


def test_an_address_needs_no_look_up() -> None:
    assert all(map(is_address, ["127.0.0.1", "::1", "fe80::1%eth0"]))
    assert not any(map(is_address, ["localhost", "127.1", "1.2.3.4."]))


def test_the_parts() -> None:
    assert (in_url("wats"), in_url("::1"), in_url("::1%lo")) == ("wats", "[::1]", "[::1%25lo]")
    assert without_zone("::1%lo") == "::1"
    assert normal_host("::FFFF:1.2.3.4") == normal_host("::ffff:102:304")
