"""The dashboard's questions, put to a real Prometheus with the configuration that is shipped.

Between the program and Prometheus stands the collector, which cannot be had here:
`tests/docs/observability/openmetrics.py` does its part.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import yaml

from tests.docs.observability.openmetrics import exposed, exposition
from tests.observability.scripts import run
from tests.otlp import OTLPReceiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CONFIGS = Path(__file__).parents[3] / "docs" / "observability"
DASHBOARD = json.loads((CONFIGS / "grafana" / "pywats.json").read_text(encoding="utf-8"))
QUESTIONS = [
    (f"{panel['title']} {target['refId']}", target["expr"])
    for panel in DASHBOARD["panels"]
    for target in panel["targets"]
    if target["datasource"]["uid"] == "prometheus"
]
SERVICE = "station-7"
PROGRAM = f"""
from pywats import CircuitBreakerConfig, RetryConfig, pyWATS, telemetry
from pywats.errors import NotFoundError
from pywats.sandbox import Fault, Sandbox
telemetry.configure("{SERVICE}")
route = "/api/Product/{{partNumber}}"
with Sandbox() as sandbox:
    with pyWATS(
        sandbox.base_url, sandbox.token, timeout=0.3, circuit_breaker=CircuitBreakerConfig(),
        retry_config=RetryConfig(max_retries=3, max_backoff=0.01),
    ) as api:
        api.product.create_product("A")
        sandbox.inject("GET", route, Fault.status(503), times=1)
        sandbox.inject("GET", route, Fault.hang(), times=1)
        api.product.get_product("A")
        try:
            api.product.get_product("missing")
        except NotFoundError as error:
            print(error.correlation_id)
"""


class Prometheus:
    """A running Prometheus.

    Args:
        base_url: Where it listens.
    """

    def __init__(self, base_url: str) -> None:
        self._client = httpx.Client(base_url=base_url, trust_env=False)

    def responses(self) -> bool:
        try:
            return self._client.get("/-/ready").is_success
        except httpx.TransportError:
            return False

    def ask(self, path: str, **parameters: str) -> Any:
        response = self._client.get(f"/api/v1/{path}", params=parameters).raise_for_status()
        return response.json()["data"]

    def close(self) -> None:
        self._client.close()


def wait_for(what: str, condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < until, f"no {what} within 20 s"
        time.sleep(0.05)


@contextmanager
def running(target: str, folder: Path) -> Iterator[Prometheus]:
    settings = yaml.safe_load((CONFIGS / "prometheus.yml").read_text(encoding="utf-8"))
    settings["global"]["scrape_interval"] = "200ms"
    settings["scrape_configs"][0]["static_configs"] = [{"targets": [target]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    port = _free_port()
    process = subprocess.Popen(  # noqa: S603 - our own arguments
        [  # noqa: S607 - Debian's own
            "prometheus",
            "--config.file=prometheus.yml",
            "--enable-feature=exemplar-storage",
            "--storage.tsdb.path=data",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    prometheus = Prometheus(f"http://127.0.0.1:{port}")
    try:
        wait_for("Prometheus", prometheus.responses)
        yield prometheus
    finally:
        prometheus.close()
        process.terminate()
        process.wait(120)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def failed_id_and_prometheus(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Prometheus]]:
    if shutil.which("prometheus") is None:
        pytest.skip("prometheus is not installed (apt-get install prometheus)")
    with OTLPReceiver() as receiver:
        (failed_id,) = run(PROGRAM, OTEL_EXPORTER_OTLP_ENDPOINT=receiver.endpoint).out
    folder = tmp_path_factory.mktemp("prometheus")
    with exposed(exposition(receiver.metrics)) as target, running(target, folder) as prometheus:
        # A rate needs two scrapes.
        scrapes = 'count_over_time(up{job="otel-collector"}[1m])'
        wait_for("second scrape", lambda: _first(prometheus.ask("query", query=scrapes)) >= 2)
        yield failed_id, prometheus


def _first(found: Any) -> float:
    return float(found["result"][0]["value"][1]) if found["result"] else 0.0


@pytest.mark.parametrize(("panel", "question"), QUESTIONS, ids=[name for name, _ in QUESTIONS])
def test_a_panel_has_something_to_show(
    failed_id_and_prometheus: tuple[str, Prometheus], panel: str, question: str
) -> None:
    del panel
    _, prometheus = failed_id_and_prometheus
    query = question.replace("$service", SERVICE).replace("$__rate_interval", "1m")
    assert prometheus.ask("query", query=query)["result"] != []


@pytest.mark.parametrize(
    "metric", ["http_client_request_duration_seconds", "pywats_client_call_duration_seconds"]
)
def test_the_dot_of_a_failed_call_leads_to_its_trace(
    failed_id_and_prometheus: tuple[str, Prometheus], metric: str
) -> None:
    failed_id, prometheus = failed_id_and_prometheus
    now = time.time()
    found = prometheus.ask(
        "query_exemplars",
        query=f'{metric}_bucket{{job="{SERVICE}",error_type="404"}}',
        start=str(now - 60),
        end=str(now + 60),
    )
    ids = {exemplar["labels"]["trace_id"] for series in found for exemplar in series["exemplars"]}
    assert ids == {failed_id}
