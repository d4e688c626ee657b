"""How a connection that is kept is looked at before it is used again."""

from __future__ import annotations

import select
import socket
from contextlib import suppress

import pytest

from pywats.http.network.socket_state import is_readable, wait_writable


@pytest.fixture(params=["poll", "select"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "select":  # as on Windows
        monkeypatch.delattr(select, "poll")


@pytest.mark.usefixtures("_way")
def test_it_is_readable_from_its_first_byte_and_after_its_end() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        assert not is_readable(ours.fileno())
        with theirs:
            theirs.sendall(b"x")
            assert is_readable(ours.fileno())
            ours.recv(1)
            assert not is_readable(ours.fileno())
        assert is_readable(ours.fileno())
    assert is_readable(ours.fileno())


@pytest.mark.usefixtures("_way")
def test_looking_takes_nothing_and_changes_no_limit() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(0.5)
        theirs.sendall(b"x")
        assert is_readable(ours.fileno())
        assert ours.gettimeout() == 0.5
        assert ours.recv(2) == b"x"


@pytest.mark.usefixtures("_way")
def test_sockets_may_be_written_to_once_they_have_connected_or_failed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        assert wait_writable([ours], 0) == [ours]
        with suppress(BlockingIOError):
            while ours.send(bytes(65536)):
                pass
        assert wait_writable([ours, theirs], None) == [theirs]
        assert wait_writable([ours], 0) == []
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket() as refused,
    ):
        address = listener.getsockname()
        listener.close()
        refused.setblocking(False)
        refused.connect_ex(address)
        assert wait_writable([refused], None) == [refused]
