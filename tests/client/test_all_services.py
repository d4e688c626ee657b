"""What holds for each of the nine services, whatever it does."""

from __future__ import annotations

import copy
import inspect
import pydoc
import rlcompleter
from typing import TYPE_CHECKING

import pytest

from pywats import AsyncWATS, RetryConfig, SyncConfig, correlation_id, pyWATS
from pywats.client.registry import SERVICES
from pywats.errors import WATSTimeoutError
from pywats.sandbox import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

# For each service a method that reads something and needs no arguments.
READS = {
    "product": "get_products",
    "asset": "get_assets",
    "production": "get_serial_number_types",
    "report": "query_headers",
    "software": "get_packages",
    "analytics": "get_levels",
    "rootcause": "get_open_tickets",
    "scim": "get_users",
    "process": "get_processes",
}


def test_all_nine_are_there() -> None:
    assert list(READS) == list(SERVICES)
    for name, kind in SERVICES.items():
        with pyWATS("http://127.0.0.1:9", "eDp5") as api:
            assert type(getattr(api, name)).__name__ == f"Sync{kind.__name__}"
            assert getattr(api, name) is getattr(api, name)


@pytest.mark.parametrize("service", READS)
def test_the_settings_reach_it(
    service: str, sandbox: Sandbox, connect: Callable[..., pyWATS], spans: Spans
) -> None:
    config = SyncConfig(
        retry_enabled=True,
        retry=RetryConfig(max_retries=2, max_backoff=0.001),
        correlation_header="X-Job",
    )
    api = connect(sync_config=config)

    def read(face: pyWATS) -> None:
        getattr(getattr(face, service), READS[service])()

    sandbox.inject("*", "*", Fault.status(503), times=2)
    with correlation_id("job-42"):
        read(api)
    assert [request.header("x-job") for request in sandbox.requests] == ["job-42"] * 3
    sandbox.inject("*", "*", Fault.hang())
    with pytest.raises(WATSTimeoutError, match=r"0\.2 s") as caught:
        read(api.with_options(timeout=0.2))
    assert len(caught.value.attempts) == 3
    calls = [span.name for span in spans.finished if span.name.startswith("pywats.")]
    assert calls == [f"pywats.{service}.{READS[service]}"] * 2


@pytest.mark.filterwarnings("ignore::pywats.SyncInLoopWarning")
@pytest.mark.parametrize("service", READS)
async def test_the_async_face_gives_the_same(service: str, sandbox: Sandbox, api: pyWATS) -> None:
    async with AsyncWATS(sandbox.base_url, sandbox.token) as other:
        awaited = await getattr(getattr(other, service), READS[service])()
    assert getattr(getattr(api, service), READS[service])() == awaited


@pytest.mark.parametrize("service", READS)
def test_a_notebook_finds_its_way(service: str, api: pyWATS) -> None:
    face = getattr(api, service)
    methods = {
        name
        for name, _ in inspect.getmembers(SERVICES[service], inspect.isfunction)
        if not name.startswith("_")
    }
    assert methods <= set(dir(face))
    completer = rlcompleter.Completer({"api": api})
    read = READS[service]
    completed = [completer.complete(f"api.{service}.{read[:-1]}", state) for state in range(9)]
    found = {text.partition("(")[0] for text in completed if text is not None}
    assert f"api.{service}.{read}" in found
    text = pydoc.plain(pydoc.render_doc(getattr(face, read)))
    assert (inspect.getdoc(getattr(SERVICES[service], read)) or "").splitlines()[0] in text
    with pytest.raises(TypeError, match="make a new client"):
        copy.copy(face)
