"""``pywats sandbox``."""

import os
import signal
import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from pywats.cli.exits import fail, needs_extra
from pywats.cli.screen import console, print_json

if TYPE_CHECKING:
    from pywats.cli.fault_text import PlannedFault
    from pywats.sandbox import Sandbox

__all__ = ["sandbox"]

_LOOPBACK = "127.0.0.1"
_EVERY_ADDRESS = "0.0.0.0"  # nosec B104  # noqa: S104 - listened on only where asked for


def sandbox(
    *,
    host: Annotated[
        str, typer.Option(help="IPv4 address or name to listen on; 0.0.0.0 for all interfaces.")
    ] = _LOOPBACK,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 0,
    username: Annotated[str, typer.Option(help="User name of the only account.")] = "station",
    password: Annotated[str, typer.Option(help="Password of the account.")] = "sandbox",  # noqa: S107 - it guards nothing
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="'METHOD ROUTE FAULT [xTIMES]'", help="A fault; may be repeated."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print address and credentials as JSON.")
    ] = False,
) -> None:
    """Serve a WATS-compatible server in memory, with faults on demand, until Ctrl-C.

    All nine services are served; everything is forgotten at the end. ROUTE is a path with {name}
    for any one segment, or *; METHOD may be * too. FAULT is one of:

    - `status=503`: respond with this status
    - `delay=2`: respond 2 seconds late
    - `drip=0.05`: send a byte each 0.05 seconds
    - `truncate=10`: end the connection after 10 bytes of the body
    - `refuse=5`: refuse all connections for 5 seconds
    - `hang`: never respond
    - `reset`, `close`: end the connection without a response
    - `lose-response`: carry the request out, then reset the connection

    Two failures, then success:

        pywats sandbox --fault "GET /api/Product/{partNumber} status=503 x2"

    In a container, or for other machines:

        pywats sandbox --host 0.0.0.0 --port 8080
    """
    with needs_extra("sandbox"):
        from pywats.cli.fault_text import parse_fault  # noqa: PLC0415 - an extra
        from pywats.sandbox import Sandbox  # noqa: PLC0415
    try:
        planned = [parse_fault(text) for text in fault or ()]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from None
    server = Sandbox(username, password, host=host, port=port)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        server.start()
    except OSError as error:
        fail(
            f"Port {port} of {host} cannot be used ({error.strerror}): "
            "choose another --port or --host."
        )
    with closing(server):
        for each in planned:
            server.inject(each.method, each.route, each.fault, times=each.times)
        _announce(server, planned, as_json=as_json)
        if not (host.startswith("127.") or host == "localhost"):
            _warn(server, host)
        # On Windows, a wait without a limit does not notice Ctrl-C.
        stopped = False
        while not stopped:
            stopped = stop.wait(0.5)


def _announce(server: "Sandbox", planned: "list[PlannedFault]", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "base_url": server.base_url,
                "username": server.username,
                "password": server.password,
                "token": server.token,
                "faults": [each.text for each in planned],
            }
        )
        return
    screen = console()
    screen.print(f"[bold]The sandbox listens at {server.base_url}[/] (Ctrl-C ends it)\n")
    for name, value in (("BASE_URL", server.base_url), ("TOKEN", server.token)):
        screen.print(f"  {_setting(f'PYWATS_{name}', value)}", soft_wrap=True, markup=False)
    screen.print(
        f"\nUser name {server.username!r}, password {server.password!r}. "
        "In another terminal: pywats doctor",
        markup=False,
    )
    for each in planned:
        screen.print(f"Fault: {each.text}", markup=False)


def _setting(name: str, value: str) -> str:
    """Return the line that sets a variable in the shell of this system."""
    return f'$env:{name} = "{value}"' if os.name == "nt" else f"export {name}={value}"


def _warn(server: "Sandbox", host: str) -> None:
    # In a container, gethostname() is the name of the container.
    name = socket.gethostname() if host == _EVERY_ADDRESS else host
    port = server.base_url.rpartition(":")[2]
    typer.echo(
        f"Other machines and containers reach it at http://{name}:{port}, without encryption. "
        "The credentials are public: put nothing on it that is not.",
        err=True,
    )
