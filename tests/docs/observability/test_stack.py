"""The stack of `make observe`, checked as far as it can be without a container."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import promql_parser
import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

ROOT = Path(__file__).parents[3]
CONFIGS = ROOT / "docs" / "observability"
# What the metrics of pywats are called in Prometheus: dots become underscores, and units and
# totals are added (OpenTelemetry's compatibility specification for Prometheus).
METRICS = {
    "http_client_request_duration_seconds_bucket",
    "http_client_request_duration_seconds_count",
    "pywats_client_call_duration_seconds_bucket",
    "pywats_client_call_duration_seconds_count",
    "pywats_client_circuit_breakers",
    "pywats_client_retries_total",
    "pywats_client_timeouts_total",
}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


COMPOSE = read(ROOT / "docker-compose.yml")
SERVICES = COMPOSE["services"]
COLLECTORS = {path.name: read(path) for path in CONFIGS.glob("collector*.yaml")}
SOURCES = {s["uid"]: s for s in read(CONFIGS / "grafana" / "datasources.yaml")["datasources"]}
DASHBOARD = json.loads((CONFIGS / "grafana" / "pywats.json").read_text(encoding="utf-8"))


def test_the_compose_file_is_valid_by_its_specification() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(COMPOSE, json.loads(schema.read_text(encoding="utf-8")))


def test_everything_is_there() -> None:
    assert SERVICES.keys() == {
        "otel-collector",
        "jaeger",
        "tempo",
        "loki",
        "stores-ready",
        "prometheus",
        "grafana",
        "sandbox",
        "worker",
    }


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_pinned_reachable_from_here_alone_and_its_files_exist(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+(-slim)?", service["image"])
    for port in service.get("ports", ()):
        assert re.fullmatch(r"127\.0\.0\.1:(\d+):\1", port)
    for volume in service.get("volumes", ()):
        source, target, mode = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", volume).split(":")
        assert (ROOT / source).exists(), source
        assert target.startswith("/")
        assert mode == "ro"


def test_every_service_is_asked_for_its_health() -> None:
    asked = {name for name, service in SERVICES.items() if "healthcheck" in service}
    assert asked == {"stores-ready", "prometheus", "grafana", "sandbox"}
    by_proxy = " ".join(SERVICES["stores-ready"]["healthcheck"]["test"])
    images_without_a_shell = {"otel-collector", "jaeger", "tempo", "loki"}
    assert set(re.findall(r"http://([a-z-]+):", by_proxy)) == images_without_a_shell
    # The worker serves nobody: it runs or it does not.
    assert SERVICES.keys() - asked - images_without_a_shell == {"worker"}


def test_nobody_waits_for_the_health_of_what_is_not_asked_for_it() -> None:
    for service in SERVICES.values():
        needs = service.get("depends_on", {})
        for name, need in needs.items() if isinstance(needs, dict) else ():
            assert need == {"condition": "service_healthy"}
            assert "healthcheck" in SERVICES[name]


@pytest.mark.parametrize("name", ["sandbox", "worker"])
def test_the_programs_that_containers_run_are_in_the_checkout(name: str) -> None:
    install, program = SERVICES[name]["command"][-1].split(" && exec python ")
    extras = re.fullmatch(r"pip install -q --root-user-action=ignore '/pywats\[(.*)\]'", install)
    assert extras is not None
    assert set(extras[1].split(",")) <= {"otel", "sandbox"}
    source = (ROOT / program.removeprefix("/pywats/")).read_text(encoding="utf-8")
    compile(source, program, "exec")


def test_every_address_in_a_configuration_is_that_of_a_service() -> None:
    written = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for path in (*CONFIGS.rglob("*.y*ml"),):
        written += path.read_text(encoding="utf-8")
    hosts = set(re.findall(r"(?:http://|\[\")([a-z0-9.-]+):\d+", written))
    assert hosts - SERVICES.keys() == {"localhost"}


@pytest.mark.parametrize("name", COLLECTORS)
def test_every_part_of_a_collector_is_used(name: str) -> None:
    collector = COLLECTORS[name]
    pipelines = collector["service"]["pipelines"]
    assert {each.partition("/")[0] for each in pipelines} == {"traces", "metrics", "logs"}
    for kind in ("receivers", "processors", "exporters"):
        used = {part for pipeline in pipelines.values() for part in pipeline[kind]}
        assert used == collector[kind].keys()
    assert set(collector["service"]["extensions"]) == collector["extensions"].keys()
    assert collector["exporters"]["prometheus"]["enable_open_metrics"] is True
    scraped = read(CONFIGS / "prometheus.yml")["scrape_configs"][0]["static_configs"][0]["targets"]
    port = collector["exporters"]["prometheus"]["endpoint"].rpartition(":")[2]
    assert scraped == [f"otel-collector:{port}"]
    assert "--enable-feature=exemplar-storage" in SERVICES["prometheus"]["command"]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_takes_its_configuration() -> None:
    done = subprocess.run(  # noqa: S603 - our own file
        ["promtool", "check", "config", CONFIGS / "prometheus.yml"],  # noqa: S607 - Debian's own
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_grafana_leads_from_each_signal_to_the_others() -> None:
    assert SOURCES.keys() == {"prometheus", "loki", "tempo", "jaeger"}
    exemplars = SOURCES["prometheus"]["jsonData"]["exemplarTraceIdDestinations"]
    assert [each["name"] for each in exemplars] == ["trace_id", "trace_id"]
    derived = SOURCES["loki"]["jsonData"]["derivedFields"]
    assert [each.get("matcherType") for each in derived] == ["label", "label", None]
    assert {each["matcherRegex"] for each in derived[:2]} == {"trace_id"}
    assert {each["datasourceUid"] for each in (*exemplars, *derived)} == {"tempo", "jaeger"}
    for name in ("tempo", "jaeger"):
        logs = SOURCES[name]["jsonData"]["tracesToLogsV2"]
        assert logs["datasourceUid"] == "loki"
        assert logs["query"] == '{$${__tags}} | trace_id="$${__span.traceId}"'
        assert logs["tags"] == [{"key": "service.name", "value": "service_name"}]


def test_a_line_that_quotes_an_error_leads_to_its_trace() -> None:
    (pattern,) = [
        each["matcherRegex"]
        for each in SOURCES["loki"]["jsonData"]["derivedFields"]
        if "matcherType" not in each
    ]
    line = f"cannot test: GET /x returned 500 [stopped: not_retryable; correlation_id={'ab' * 16}]"
    found = re.search(pattern, line)
    assert found is not None
    assert found[1] == "ab" * 16


def test_the_dashboard_is_one_by_grafanas_own_model() -> None:
    register_default_plugins()
    again = json.loads(JSONEncoder(sort_keys=True).encode(Dashboard.from_json(DASHBOARD)))
    assert lost("", DASHBOARD, again) == []


def lost(path: str, given: object, kept: object) -> list[str]:
    """Return where the model does not keep what was given, for it does not know it."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return [
            each
            for key, value in given.items()
            for each in lost(f"{path}/{key}", value, kept.get(key))
        ]
    if isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        return [
            each
            for index, (one, other) in enumerate(zip(given, kept, strict=True))
            for each in lost(f"{path}/{index}", one, other)
        ]
    return [] if given == kept else [path]


def test_the_dashboard_asks_for_metrics_that_exist_in_queries_that_parse() -> None:
    asked: set[str] = set()
    for panel in DASHBOARD["panels"]:
        uid = panel["datasource"]["uid"]
        assert SOURCES[uid]["type"] == panel["datasource"]["type"]
        for target in panel["targets"]:
            assert target["datasource"] == panel["datasource"]
            if uid == "prometheus":
                query = target["expr"].replace("$__rate_interval", "1m")
                promql_parser.parse(query)
                asked |= set(re.findall(r"\b(?:pywats|http)_client_\w+", query))
    assert asked == METRICS
    for query in SOURCES["tempo"]["jsonData"]["tracesToMetrics"]["queries"]:
        promql_parser.parse(query["query"].replace("$${__tags}", 'job="x"'))


def test_make_observe_brings_up_the_stack_and_prints_the_links() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "observe"],  # noqa: S607 - whichever make is here
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "docker compose up --detach --wait" in done.stdout
    published = {
        port.split(":")[1] for service in SERVICES.values() for port in service.get("ports", ())
    }
    assert set(re.findall(r"http://localhost:(\d+)", done.stdout)) <= published
