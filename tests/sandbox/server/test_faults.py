"""Each fault, as a client on a real socket meets it."""

from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.sandbox import Fault, Sandbox
from tests.skipped_time import LIMIT, SkippedTime

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "/api/App/Version"


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.password)
    with httpx.Client(base_url=sandbox.base_url, auth=auth, timeout=60) as made:
        yield made


def raw_request(sandbox: Sandbox) -> socket.socket:
    port = int(sandbox.base_url.rpartition(":")[2])
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    authorization = f"Authorization: Basic {sandbox.token}"
    connection.sendall(f"GET {PATH} HTTP/1.1\r\nHost: x\r\n{authorization}\r\n\r\n".encode())
    return connection


def test_status_responds_in_place_of_the_handler(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.inject("GET", PATH, Fault.status(503, retry_after=7), times=1)
    response = client.get(PATH)
    assert (response.status_code, response.headers["retry-after"]) == (503, "7")
    assert response.json() == {"Message": "A fault was injected."}
    assert client.get(PATH).json() == "25.1.0"


def test_status_may_have_any_body_and_headers(sandbox: Sandbox, client: httpx.Client) -> None:
    fault = Fault.status(
        302, body=b"<html>", content_type="text/html", headers={"Location": "http://127.0.0.1:9/"}
    )
    sandbox.inject("*", "*", fault)
    response = client.get("/anything")
    assert (response.status_code, response.text) == (302, "<html>")
    assert response.headers["location"] == "http://127.0.0.1:9/"
    assert response.headers["content-type"] == "text/html"


def test_delay_responds_later(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.inject("GET", PATH, Fault.delay(0.2))
    started = time.monotonic()
    assert client.get(PATH).json() == "25.1.0"
    assert time.monotonic() - started >= 0.2


def test_a_delayed_request_whose_client_leaves_is_not_executed(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.inject("GET", PATH, Fault.delay(3600), times=1)
    with pytest.raises(httpx.ReadTimeout):
        client.get(PATH, timeout=httpx.Timeout(LIMIT, read=0.05))
    sandbox.wait_for_requests(1, timeout=120)
    client.get(PATH)
    assert [request.status for request in sandbox.requests] == [None, 200]


def until(connection: socket.socket, end: bytes) -> bytes:
    received = b""
    while not received.endswith(end):
        data = connection.recv(1)
        assert data
        received += data
    return received


def nothing_follows(connection: socket.socket) -> bool:
    """Return whether the server pauses. It pauses for a minute, so no slow machine is an error."""
    connection.settimeout(0.1)
    try:
        connection.recv(1)
    except TimeoutError:
        return True
    return False


def test_drip_sends_the_whole_response_in_the_end(sandbox: Sandbox) -> None:
    sandbox.inject("GET", PATH, Fault.drip(interval=0.001, chunk=20))
    with raw_request(sandbox) as connection:
        assert until(connection, b'"25.1.0"').startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("chunk", [1, 20])
def test_drip_sends_a_piece_and_pauses(sandbox: Sandbox, chunk: int) -> None:
    sandbox.inject("GET", PATH, Fault.drip(interval=60, chunk=chunk))
    with raw_request(sandbox) as connection:
        assert all(connection.recv(1) for _ in range(chunk))
        assert nothing_follows(connection)


def test_drip_may_spare_the_head(sandbox: Sandbox) -> None:
    sandbox.inject("GET", PATH, Fault.drip(interval=60, head=False))
    with raw_request(sandbox) as connection:
        assert until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200")
        assert connection.recv(1) == b'"'
        assert nothing_follows(connection)


def test_reset_is_seen_as_a_reset(sandbox: Sandbox) -> None:
    sandbox.inject("GET", PATH, Fault.reset())
    with raw_request(sandbox) as connection, pytest.raises(ConnectionResetError):
        connection.recv(1)


def test_close_ends_the_connection_without_a_byte(sandbox: Sandbox) -> None:
    sandbox.inject("GET", PATH, Fault.close())
    with raw_request(sandbox) as connection:
        assert connection.recv(1) == b""


@pytest.mark.parametrize("fault", [Fault.reset(executed=True), Fault.close(executed=True)])
def test_the_request_may_take_effect_before_its_response_is_lost(
    sandbox: Sandbox, client: httpx.Client, fault: Fault
) -> None:
    sandbox.inject("PUT", "/api/Product", fault, times=1)
    with pytest.raises(httpx.TransportError):
        client.put("/api/Product", json={"partNumber": "A"})
    assert client.get("/api/Product/A").json()["partNumber"] == "A"


@pytest.mark.parametrize("fault", [Fault.reset(), Fault.close()])
def test_or_not(sandbox: Sandbox, client: httpx.Client, fault: Fault) -> None:
    sandbox.inject("PUT", "/api/Product", fault, times=1)
    with pytest.raises(httpx.TransportError):
        client.put("/api/Product", json={"partNumber": "A"})
    assert client.get("/api/Product/A").status_code == 404


@pytest.mark.parametrize("count", [0, 3])
def test_truncate_breaks_the_body_off(sandbox: Sandbox, client: httpx.Client, count: int) -> None:
    sandbox.inject("GET", PATH, Fault.truncate(count))
    with pytest.raises(httpx.RemoteProtocolError, match=f"received {count} bytes, expected 8"):
        client.get(PATH)


def test_hang_never_responds_and_does_not_hold_up_the_close() -> None:
    with Sandbox() as sandbox:
        sandbox.inject("*", "*", Fault.hang())
        connections = [raw_request(sandbox) for _ in range(3)]
        sandbox.wait_for_requests(3, timeout=120)
        started = time.monotonic()
    assert time.monotonic() - started < LIMIT
    for connection in connections:
        with connection:
            assert connection.recv(1) == b""


def test_refused_connections_are_refused_and_open_ones_dropped(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    client.get(PATH)
    assert sandbox.connections_open == 1
    with sandbox.refused():
        assert sandbox.connections_open == 0
        with pytest.raises(httpx.ConnectError):
            client.get(PATH)
    assert client.get(PATH).json() == "25.1.0"
    assert sandbox.connections_opened == 2


def test_a_sandbox_may_be_closed_while_it_refuses() -> None:
    with Sandbox() as sandbox, sandbox.refused():
        sandbox.close()


def test_refuse_takes_the_server_down_for_a_while(
    sandbox: Sandbox, client: httpx.Client, skipped_time: SkippedTime
) -> None:
    sandbox.inject("GET", PATH, Fault.refuse(seconds=3600), times=1)
    with pytest.raises(httpx.ReadError):
        client.get(PATH)
    with pytest.raises(httpx.ConnectError):
        client.get(PATH)
    while True:
        try:
            assert client.get(PATH).json() == "25.1.0"
            break
        except httpx.ConnectError:
            skipped_time.skip(3600)
    assert [request.fault for request in sandbox.requests] == ["refuse", None]


def test_a_sandbox_may_be_closed_while_it_is_down(client: httpx.Client, sandbox: Sandbox) -> None:
    sandbox.inject("*", "*", Fault.refuse(seconds=3600))
    with pytest.raises(httpx.ReadError):
        client.get(PATH)
    started = time.monotonic()
    sandbox.close()
    assert time.monotonic() - started < LIMIT


def test_counting_is_exact_with_many_threads(sandbox: Sandbox, client: httpx.Client) -> None:
    injection = sandbox.inject("GET", PATH, Fault.status(503), times=10)
    with ThreadPoolExecutor(16) as pool:
        responses = list(pool.map(lambda _: client.get(PATH).status_code, range(64)))
    assert sorted(responses) == [200] * 54 + [503] * 10
    assert injection.remaining == 0


def test_faults_on_one_route_act_in_the_order_of_their_injection(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    sandbox.inject("GET", PATH, Fault.status(503), times=1)
    sandbox.inject("*", "*", Fault.status(429), times=1)
    last = sandbox.inject("GET", PATH, Fault.status(500))
    assert [client.get(PATH).status_code for _ in range(3)] == [503, 429, 500]
    last.remove()
    last.remove()
    assert client.get(PATH).status_code == 200


def test_heal_lifts_all_faults(sandbox: Sandbox, client: httpx.Client) -> None:
    sandbox.inject("*", "*", Fault.status(500))
    sandbox.heal()
    assert client.get(PATH).status_code == 200


@pytest.mark.parametrize(
    ("method", "route", "path", "met"),
    [
        ("GET", "/api/Product/{partNumber}", "/api/Product/A%2FB", True),
        ("GET", "/api/Product/{partNumber}", "/api/Product/A/B", False),
        ("get", "/api/Product/A%2FB", "/api/Product/A%2FB", True),
        ("PUT", "/api/Product/{partNumber}", "/api/Product/A", False),
        ("*", "/api/Product/{a}/{b}", "/api/Product/A/1.0", True),
        ("*", "/api/Product/A+", "/api/Product/AA", False),
    ],
)
def test_a_route_is_a_template_of_the_path_on_the_wire(
    sandbox: Sandbox, client: httpx.Client, method: str, route: str, path: str, *, met: bool
) -> None:
    sandbox.inject(method, route, Fault.status(418))
    assert (client.get(path).status_code == 418) is met


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (lambda: Fault.status(99), ValueError, "code=99: must be an integer from 200 to 599"),
        (lambda: Fault.status(True), TypeError, "code=True: must be an integer"),
        (lambda: Fault.delay(0), ValueError, "seconds=0: must be a finite number of seconds"),
        (lambda: Fault.delay("1"), TypeError, "seconds='1': must be a finite number of seconds"),  # type: ignore[arg-type]  # the mistake under test
        (lambda: Fault.drip(interval=float("nan")), ValueError, "interval=nan: must be"),
        (lambda: Fault.drip(chunk=0), ValueError, "chunk=0: must be an integer >= 1"),
        (lambda: Fault.truncate(1.5), TypeError, "after=1.5: must be an integer >= 0"),  # type: ignore[arg-type]  # the mistake under test
        (lambda: Fault.truncate(-1), ValueError, "after=-1: must be an integer >= 0"),
    ],
)
def test_bad_faults_are_refused(make: object, error: type[Exception], text: str) -> None:
    assert callable(make)
    with pytest.raises(error, match=text):
        make()


@pytest.mark.parametrize(
    ("route", "fault", "times", "error", "text"),
    [
        ("api", Fault.hang(), None, ValueError, "route='api': must start with '/', or be '*'"),
        ("/a?b=1", Fault.hang(), None, ValueError, r"route='/a\?b=1': would match no request: mu"),
        ("/a b", Fault.hang(), None, ValueError, "route='/a b': would match no request: must be"),
        ("/a/{b", Fault.hang(), None, ValueError, "route='/a/{b': would match no request: must"),
        ("/100%", Fault.hang(), None, ValueError, "route='/100%': would match no request: must"),
        ("*", "503", None, TypeError, "fault='503': must be a Fault"),
        ("*", Fault.hang(), 0, ValueError, "times=0: must be an integer >= 1"),
    ],
)
def test_bad_injections_are_refused(
    route: str, fault: Fault, times: int | None, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        Sandbox().inject("GET", route, fault, times=times)


def test_no_thread_is_left() -> None:
    before = threading.active_count()
    with Sandbox():
        assert threading.active_count() == before + 1
    assert threading.active_count() == before
