from __future__ import annotations

import subprocess
import sys
import threading
import warnings

import pytest

from pywats import AsyncWATS, UnverifiedServerWarning, pyWATS
from pywats.client import unverified

URL, TOKEN = "https://wats.example.com", "dTpw"

PROGRAM = f"""
from pywats import AsyncWATS, SyncClientConfig, SyncWATSClient, pyWATS
for _ in range(3):
    pyWATS({URL!r}, {TOKEN!r}, verify_ssl=False).close()
AsyncWATS({URL!r}, {TOKEN!r}, verify_ssl=False)
SyncWATSClient(SyncClientConfig({URL!r}, {TOKEN!r}), verify_ssl=False).close()
"""


def test_a_process_is_warned_once() -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-W", "always", "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert done.stderr.count("UnverifiedServerWarning: verify_ssl=False: ") == 1
    assert done.stderr.startswith("<string>:4: ")


@pytest.mark.parametrize("client", [pyWATS, AsyncWATS])
def test_a_filter_that_makes_it_an_error_meets_every_client(
    client: type[pyWATS | AsyncWATS], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unverified, "_turn", threading.Lock())
    for _ in range(2):
        with pytest.raises(UnverifiedServerWarning, match="SSL_CERT_FILE"):
            client(URL, TOKEN, verify_ssl=False)


def test_the_place_of_the_warning_is_where_the_client_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unverified, "_turn", threading.Lock())
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pyWATS(URL, TOKEN, verify_ssl=False).close()
        pyWATS(URL, TOKEN).close()
    assert [each.filename for each in caught] == [__file__]
