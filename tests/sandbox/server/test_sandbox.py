from __future__ import annotations

import asyncio
import gc
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import httpx
import pytest

from pywats.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    auth = (sandbox.username, sandbox.password)
    with httpx.Client(base_url=sandbox.base_url, auth=auth) as made:
        yield made


@pytest.mark.parametrize("auth", [None, ("station", "wrong"), ("other", "sandbox")])
def test_other_credentials_are_refused(sandbox: Sandbox, auth: tuple[str, str] | None) -> None:
    response = httpx.get(f"{sandbox.base_url}/api/App/Version", auth=auth)
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Basic"
    assert response.json() == {"Message": "Authorization has been denied for this request."}


def test_unknown_routes_and_methods_have_the_servers_messages(client: httpx.Client) -> None:
    response = client.get("/api/Nothing")
    assert (response.status_code, response.json()) == (
        404,
        {"Message": "No HTTP resource was found that matches the request URI '/api/Nothing'."},
    )
    response = client.post("/api/App/Version")
    assert (response.status_code, response.json()) == (
        405,
        {"Message": "The requested resource does not support http method 'POST'."},
    )


def test_a_mistake_in_the_sandbox_is_kept_and_answered_with_500(
    sandbox: Sandbox, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("mistake")

    monkeypatch.setattr("pywats.sandbox.app.json_response", broken)
    response = client.get("/api/App/Version")
    assert (response.status_code, response.json()) == (500, {"Message": "An error has occurred."})
    assert [repr(error) for error in sandbox.errors] == ["ZeroDivisionError('mistake')"]


def test_requests_are_recorded_as_they_were_on_the_wire(
    sandbox: Sandbox, client: httpx.Client
) -> None:
    client.request(
        "PUT",
        "/api/Un%2Fknown?a=1&b=x%20y&a=",
        content=b"body",
        headers={"X-One": "1", "Cookie": "c"},
    )
    (request,) = sandbox.requests
    assert (request.method, request.path) == ("PUT", "/api/Un%2Fknown")
    assert request.target == "/api/Un%2Fknown?a=1&b=x%20y&a="
    assert request.query == (("a", "1"), ("b", "x y"), ("a", ""))
    assert (request.body, request.status, request.connection) == (b"body", 404, 1)
    assert request.header("X-ONE") == "1"
    assert request.header("x-two") is None
    assert request.header("authorization") == request.header("cookie") == "REDACTED"
    assert sandbox.token not in repr(request)


def test_connections_are_counted_and_told_apart(sandbox: Sandbox, client: httpx.Client) -> None:
    client.get("/api/App/Version")
    client.get("/api/App/Version")
    httpx.get(f"{sandbox.base_url}/api/App/Version")
    assert [request.connection for request in sandbox.requests] == [1, 1, 2]
    assert sandbox.connections_opened == 2


def test_clear_forgets_requests(sandbox: Sandbox, client: httpx.Client) -> None:
    client.get("/api/App/Version")
    sandbox.clear()
    assert sandbox.requests == ()
    with pytest.raises(TimeoutError, match="0 of 1 requests arrived within 0.01 s"):
        sandbox.wait_for_requests(1, timeout=0.01)


def test_a_sandbox_runs_once() -> None:
    sandbox = Sandbox(password="hunter2")
    assert repr(sandbox) == "<Sandbox (not started)>"
    with pytest.raises(RuntimeError, match="not started: use it in a with block"):
        _ = sandbox.base_url
    with pytest.raises(RuntimeError, match="the sandbox is not running"), sandbox.refused():
        pass
    with sandbox:
        assert repr(sandbox) == f"<Sandbox {sandbox.base_url}>"
        with pytest.raises(RuntimeError, match="can be started once: make a new one"):
            sandbox.start()
    sandbox.close()
    assert repr(sandbox) == "<Sandbox (closed)>"
    with pytest.raises(RuntimeError, match="can be started once"):
        sandbox.start()


def test_a_sandbox_serves_by_asyncio_where_the_program_has_chosen_other_loops(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The transports of uvloop are not of asyncio's classes."""

    def other_loop() -> asyncio.AbstractEventLoop:
        pytest.fail("the program's own kind of loop was made")

    monkeypatch.setattr(asyncio, "new_event_loop", other_loop)
    with Sandbox() as sandbox:
        assert httpx.get(f"{sandbox.base_url}/api/App/Version").status_code == 401


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"port": "80"}, TypeError, "port='80': must be an integer from 0 to 65535"),
        ({"port": True}, TypeError, "port=True: must be an integer from 0 to 65535"),
        ({"port": -1}, ValueError, "port=-1: must be an integer from 0 to 65535"),
        ({"port": 65536}, ValueError, "port=65536: must be an integer from 0 to 65535"),
        ({"host": ""}, ValueError, "host='': must be an IPv4 address or a name"),
    ],
)
def test_a_wrong_address_is_refused(
    settings: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        Sandbox(**settings)  # type: ignore[arg-type]  # the mistake under test


def test_a_sandbox_that_never_ran_can_be_closed() -> None:
    sandbox = Sandbox()
    sandbox.close()
    assert repr(sandbox) == "<Sandbox (closed)>"


def test_a_sandbox_listens_where_it_is_told_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with Sandbox(host="0.0.0.0", port=port) as sandbox:  # noqa: S104 - what is under test
        assert sandbox.base_url == f"http://127.0.0.1:{port}"
        assert httpx.get(f"{sandbox.base_url}/api/App/Version").status_code == 401
        taken = Sandbox(port=port)
        with pytest.raises(OSError, match="in use"):
            taken.start()
        taken.close()
        assert repr(taken) == "<Sandbox (closed)>"
    with Sandbox(host="localhost") as elsewhere:
        assert elsewhere.base_url.startswith("http://localhost:")


@pytest.mark.parametrize("turns", range(5))
def test_connections_that_were_only_just_accepted_end_too(turns: int) -> None:
    clients: list[socket.socket] = []

    async def connect_and_stop(sandbox: Sandbox) -> int:
        # The loop is held up until the kernel has the connections.
        clients.extend(socket.create_connection(("127.0.0.1", port), 60) for _ in range(3))
        for _ in range(turns):
            await asyncio.sleep(0)
        await sandbox._stop_listening()
        return len(asyncio.all_tasks()) - 1

    with Sandbox() as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        assert sandbox._run(connect_and_stop(sandbox)) == 0
        assert sandbox._connections.open_now == 0
        for client in clients:
            with client, suppress(ConnectionResetError):
                assert client.recv(1) == b""
    del sandbox
    gc.collect()
