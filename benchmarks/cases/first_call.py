"""The first call of a process: imports, TLS context, connection, and one service."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import certifi
import trustme

from benchmarks.interpreter import timed
from benchmarks.payloads import PART_NUMBER
from benchmarks.processes import serving
from benchmarks.results import Bar, CaseResult
from benchmarks.rivals import NATIVE, PATH, TOKEN
from benchmarks.turns import race

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_LIMIT = 60.0
_OURS = "pywats"
_HTTPX = f"""
import httpx
client = httpx.Client(base_url={{base_url!r}}, headers={{{{"Authorization": "Basic {TOKEN}"}}}})
client.get({PATH!r}).raise_for_status().content
"""
_PYWATS = f"""
from pywats import pyWATS
pyWATS({{base_url!r}}, {TOKEN!r}).product.get_product({PART_NUMBER!r})
"""
_WRAPPED = f"""
import httpx
from pywats import DirectTransport, SyncServiceWrapper
from pywats.sync import DirectRunner
client = httpx.AsyncClient(base_url={{base_url!r}}, transport=DirectTransport())
wrapped = SyncServiceWrapper(client, runner=DirectRunner())
wrapped.get({PATH!r}).raise_for_status().content
"""
_PROGRAMS = {
    NATIVE: _HTTPX,
    _OURS: _PYWATS,
    "httpx.AsyncClient over DirectTransport": _WRAPPED,
}


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race whole programs of one call each against the program with httpx.Client."""
    del base_url
    result = CaseResult(
        "First call of a process",
        "A GET over TLS as the only call of a new interpreter, from its first import to the "
        "content of the response, bytecode cached: imports, TLS context with the authorities of "
        "certifi, connection, handshake. pywats also imports pydantic and OpenTelemetry's API, "
        "and makes the models of the service; the other rows do not parse the body.",
        unit="ms",
    )
    with TemporaryDirectory() as folder:
        authority = trustme.CA()
        certificate, trusted = Path(folder, "server.pem"), Path(folder, "trusted.pem")
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        trusted.write_text(certifi.contents(), encoding="utf-8")
        authority.cert_pem.write_to_path(trusted, append=True)
        with serving(certificate) as address:
            programs = {
                name: partial(
                    timed, program.format(base_url=address), folder, SSL_CERT_FILE=str(trusted)
                )
                for name, program in _PROGRAMS.items()
            }
            result.tables["new interpreter"] = race(programs, reference=NATIVE, rounds=scale.rounds)
    longer = (
        result.row("new interpreter", _OURS).median - result.row("new interpreter", NATIVE).median
    )
    result.bars.append(
        Bar("first-call", f"at most {_LIMIT:g} ms longer than {NATIVE}", _LIMIT, longer)
    )
    return result
