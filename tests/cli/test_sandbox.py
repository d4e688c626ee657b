"""``pywats sandbox``, served from a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from pywats import RetryConfig, pyWATS
from pywats.cli.fault_text import parse_fault
from pywats.sandbox import Fault
from tests.cli.running import invoke

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def serving(
    *arguments: str, stop_with: signal.Signals, warns: str = ""
) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-W", "error", "-m", "pywats.cli", "sandbox", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.send_signal(stop_with)
        _, told = process.communicate(timeout=240)
    assert (process.returncode, told) == (0, warns)


def test_a_client_meets_the_faults_and_gets_through() -> None:
    fault = "GET /api/Product/{partNumber} status=503 x2"
    with serving("--json", "--fault", fault, stop_with=signal.SIGTERM) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["faults"] == [fault]
        assert (said["username"], said["password"]) == ("station", "sandbox")
        tried: list[int] = []
        retry = RetryConfig(max_backoff=0.01, on_retry=lambda event: tried.append(event.attempt))
        with pyWATS(said["base_url"], said["token"], retry_config=retry) as api:
            api.product.create_product(part_number="A", name="a board")
            assert api.product.get_product("A").name == "a board"
        assert tried == [1, 2]


def test_people_are_told_what_to_paste() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--port", str(port), "--username", "u", "--password", "p", "--fault", "* * hang"]
    with serving(*options, stop_with=signal.SIGINT) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(7)]
    assert lines == [
        f"The sandbox listens at http://127.0.0.1:{port} (Ctrl-C ends it)\n",
        "\n",
        f"  export PYWATS_BASE_URL=http://127.0.0.1:{port}\n",
        "  export PYWATS_TOKEN=dTpw\n",
        "\n",
        "User name 'u', password 'p'. In another terminal: pywats doctor\n",
        "Fault: * * hang\n",
    ]


def test_other_machines_are_let_in_where_asked_for_with_a_warning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ["--host", "0.0.0.0", "--port", str(port), "--json"]  # noqa: S104 - what this is about
    warning = (
        f"Other machines and containers reach it at http://{socket.gethostname()}:{port}, without "
        "encryption. The credentials are public: put nothing on it that is not.\n"
    )
    with serving(*options, stop_with=signal.SIGTERM, warns=warning) as process:
        assert process.stdout is not None
        said = json.loads(process.stdout.readline())
        assert said["base_url"] == f"http://127.0.0.1:{port}"
        # All of 127.0.0.0/8 is this machine; 127.0.0.1 alone would not have answered.
        with pyWATS(f"http://127.0.0.2:{port}", said["token"]) as api:
            assert api.product.get_products() == []


def test_a_host_that_is_not_of_this_machine_is_a_failure_with_advice() -> None:
    told = invoke("sandbox", "--host", "192.0.2.1", code=1).stderr
    assert told.startswith("Port 0 of 192.0.2.1 cannot be used (")


def test_a_port_in_use_is_a_failure_with_advice() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = invoke("sandbox", "--port", port, code=1)
    assert done.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be used (")
    assert done.stderr.endswith("): choose another --port or --host.\n")


@pytest.mark.parametrize(
    ("text", "fault", "times"),
    [
        ("GET /a status=503 x2", Fault.status(503), 2),
        ("* * delay=0.5", Fault.delay(0.5), None),
        ("POST /a/{b} drip=0.1", Fault.drip(0.1), None),
        ("GET /a truncate=3 x1", Fault.truncate(3), 1),
        ("GET /a refuse=2", Fault.refuse(2), None),
        ("GET /a hang", Fault.hang(), None),
        ("GET /a reset", Fault.reset(), None),
        ("GET /a close", Fault.close(), None),
        (" GET  /a  lose-response  x10 ", Fault.reset(executed=True), 10),
    ],
)
def test_a_fault_is_written_in_a_line(text: str, fault: Fault, times: int | None) -> None:
    planned = parse_fault(text)
    assert planned.fault == fault
    assert planned.times == times
    assert [planned.method, planned.route] == text.split()[:2]


@pytest.mark.parametrize(
    "text",
    ["", "GET /a", "GET a hang", "GET /a hang=1", "GET /a status", "GET /a status=x", "GET /a no"],
)
def test_a_fault_that_is_none_is_wrong_use(text: str) -> None:
    told = invoke("sandbox", "--fault", text, code=2).stderr
    assert "Invalid value for --fault" in told
    assert repr(text) in told


def test_a_number_out_of_range_says_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"^'GET /a status=99': code=99: must be an integer from"):
        parse_fault("GET /a status=99")
    with pytest.raises(ValueError, match=r"must be METHOD ROUTE FAULT \[xTIMES\], where FAULT"):
        parse_fault("GET /a status=503 x0")
