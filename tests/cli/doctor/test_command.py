"""``pywats doctor``: each thing that may be wrong is found, and said what to do about it."""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
import trustme

from pywats.sandbox import Fault
from tests.cli.responding import Responding, Response
from tests.cli.running import invoke, run, run_json
from tests.otlp import OTLPReceiver
from tests.redaction.hostile import HARMFUL, HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from pywats.sandbox import Sandbox

Findings = dict[str, tuple[str, str, str]]


def examine(*arguments: str, healthy: bool, env: dict[str, str] | None = None) -> Findings:
    told = run_json("doctor", *arguments, code=0 if healthy else 1, env=env)
    assert told["ok"] is healthy
    return {row["check"]: (row["level"], row["found"], row["advice"]) for row in told["findings"]}


def levels(findings: Findings) -> dict[str, str]:
    return {check: level for check, (level, _, _) in findings.items()}


@pytest.mark.usefixtures("station")
def test_a_station_that_is_well(sandbox: Sandbox) -> None:
    with OTLPReceiver() as collector:
        findings = examine(
            healthy=True,
            env={
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
                "OTEL_SERVICE_NAME": "station",
                "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
                "PYWATS_MAX_RETRIES": "2",
            },
        )
    assert levels(findings) == {
        "address": "ok",
        "credentials set": "ok",
        "limits": "ok",
        "server": "ok",
        "tls": "skipped",
        "api": "ok",
        "credentials": "ok",
        "clock": "skipped",
        "otel sdk": "ok",
        "collector": "ok",
    }
    assert findings["limits"][1] == "timeout 30.0 s, deadline none, 2 retries"
    assert findings["api"][1] == "WATS 25.1.0"
    assert [request.target for request in sandbox.requests] == ["/api/App/Version"]


def test_nothing_is_set() -> None:
    findings = examine(healthy=False, env={"PYWATS_TIMEOUT": "soon"})
    assert levels(findings) == {
        "address": "failed",
        "credentials set": "failed",
        "limits": "failed",
        "otel sdk": "ok",
        "otel service name": "warning",
        "collector": "skipped",
    }
    assert findings["limits"][1].startswith("PYWATS_TIMEOUT='soon' in the environment: must be")
    assert findings["address"][2] == "Set PYWATS_BASE_URL to the address of your WATS server."


def test_people_read_advice_below_each_finding() -> None:
    printed = run("doctor", code=1)
    assert "failed   address " in printed
    assert "→ Set PYWATS_BASE_URL to the address of your WATS server." in printed


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    ("fault", "check", "level", "found", "advice"),
    [
        (Fault.status(401), "credentials", "failed", "does not accept them", "Correct PYWATS_TOK"),
        (Fault.status(403), "credentials", "failed", "may not use the API", "Ask an admin"),
        (Fault.status(404), "api", "failed", "404: this is not a WATS server", "Set PYWATS_BASE"),
        (Fault.status(500), "api", "failed", "returned 500", "Ask who runs"),
        (
            Fault.status(302, headers={"location": "https://other/"}),
            *("api", "failed", "a redirect to https://other/", "where it leads"),
        ),
        (Fault.reset(), "server", "failed", "was not reached", "Check host name"),
        (Fault.hang(), "server", "failed", "did not respond in time", "Check address"),
    ],
)
def test_what_the_server_does_wrong(
    sandbox: Sandbox, fault: Fault, check: str, level: str, found: str, advice: str
) -> None:
    sandbox.inject("GET", "/api/App/Version", fault)
    timeout = "0.3" if fault.kind == "hang" else "60"
    findings = examine("--timeout", timeout, healthy=False)
    assert findings[check][0] == level
    assert found in findings[check][1]
    assert advice in findings[check][2]


def test_without_credentials_the_server_is_looked_at_all_the_same(sandbox: Sandbox) -> None:
    findings = examine("--base-url", sandbox.base_url, healthy=False)
    assert findings["server"][0] == "ok"
    assert findings["credentials"] == ("skipped", "there are none to try", "")


def test_credentials_that_a_failing_server_has_not_judged(station: Sandbox) -> None:
    station.inject("*", "*", Fault.status(503))
    findings = examine(healthy=False)
    assert findings["credentials"] == ("skipped", "unknown: the server returned 503", "")


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    ("ahead", "level", "found"),
    [
        (0, "ok", r"agrees with the server's"),
        (30, "warning", r"this machine is (\d+) s ahead of the server"),
        (-3600, "failed", r"this machine is (\d+) s behind the server"),
    ],
)
def test_the_clock(sandbox: Sandbox, ahead: int, level: str, found: str) -> None:
    date = format_datetime(datetime.now(UTC) - timedelta(seconds=ahead), usegmt=True)
    response = Fault.status(200, body=b'"25"', headers={"date": date})
    sandbox.inject("GET", "/api/App/Version", response)
    clock = examine(healthy=level != "failed")["clock"]
    assert clock[0] == level
    told = re.fullmatch(found, clock[1])
    assert told is not None, clock[1]
    for seconds in told.groups():
        # A slow machine lets some pass.
        assert abs(int(seconds) - abs(ahead)) < 10
    assert ("Set the clock" in clock[2]) is (level != "ok")


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize("date", ["yesterday", "Mon, 01 Jan 2001 00:00:00 -0000"])
def test_dates_that_are_odd(sandbox: Sandbox, date: str) -> None:
    response = Fault.status(200, body=b'"25"', headers={"date": date})
    sandbox.inject("GET", "/api/App/Version", response)
    clock = examine(healthy=date == "yesterday")["clock"]
    assert clock[0] == ("skipped" if date == "yesterday" else "failed")


def tls_context(issuer: trustme.CA, *, days: int) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    end = datetime.now(UTC) + timedelta(days=days, hours=1)
    issuer.issue_cert("127.0.0.1", not_after=end).configure_cert(context)
    return context


@pytest.mark.parametrize(("days", "level"), [(300, "ok"), (3, "warning")])
def test_a_certificate_that_is_trusted(days: int, level: str, tmp_path: Path) -> None:
    issuer = trustme.CA()
    trusted = tmp_path / "issuer.pem"
    issuer.cert_pem.write_to_path(str(trusted))
    with Responding(Response(200, b'"25"'), tls=tls_context(issuer, days=days)) as server:
        findings = examine(
            *("--base-url", server.url),
            healthy=True,
            env={"SSL_CERT_FILE": str(trusted), "PYWATS_TOKEN": "dTpw"},
        )
    assert findings["tls"][0] == level
    assert findings["tls"][1] == f"TLSv1.3, the certificate is valid for {days} more days"


def test_a_certificate_that_is_not_trusted() -> None:
    with Responding(Response(), tls=tls_context(trustme.CA(), days=9)) as server:
        findings = examine("--base-url", server.url, healthy=False)
    assert findings["tls"][0] == "failed"
    assert "the certificate was refused (unable to get local issuer" in findings["tls"][1]
    assert "SSL_CERT_FILE=" in findings["tls"][2]
    assert "server" not in findings


def test_an_https_address_of_a_server_without_tls() -> None:
    with Responding(Response()) as server:
        address = server.url.replace("http://", "https://")
        findings = examine("--base-url", address, healthy=False)
    told = "The server does not speak TLS on this port: is an http:// address meant?"
    assert findings["tls"][2] == told


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("no certificate", encoding="utf-8")
    findings = examine(
        "--base-url", "https://127.0.0.1:1", healthy=False, env={"SSL_CERT_FILE": str(broken)}
    )
    assert findings["tls"][0] == "failed"
    assert f"SSL_CERT_FILE={str(broken)!r}" in findings["tls"][1]
    assert findings["tls"][2] == "Check SSL_CERT_FILE and SSL_CERT_DIR, and PYWATS_CERT."


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("foo:bar", "HTTP_PROXY in the environment: must be the address of a proxy such as"),
        ("socks5://127.0.0.1:1", "HTTP_PROXY in the environment names a SOCKS proxy: pip install"),
    ],
)
def test_a_proxy_that_cannot_be_used(
    address: str, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "socksio", None)
    monkeypatch.setenv("http_proxy", address)
    findings = examine("--base-url", "http://wats.example", healthy=False)
    assert findings["proxy"][0] == "failed"
    assert found in findings["proxy"][1]
    assert findings["proxy"][2]
    assert "server" not in findings


def test_a_proxy_for_other_servers_does_not_matter(station: Sandbox) -> None:
    env = {"https_proxy": "foo:bar", "no_proxy": ""}
    assert examine("--base-url", station.base_url, healthy=True, env=env)["server"][0] == "ok"


def test_plain_http_over_a_network(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    # Through a proxy, so that no name is looked up: the sandbox answers in the proxy's place.
    monkeypatch.setenv("http_proxy", sandbox.base_url)
    findings = examine("--base-url", "http://wats.example", healthy=False)
    assert findings["tls"][0] == "warning"
    assert "everyone on the way can read the credentials" in findings["tls"][1]


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    ("variables", "check", "level", "found"),
    [
        ({"OTEL_SDK_DISABLED": "TRUE"}, "otel sdk", "warning", "no spans"),
        ({"OTEL_TRACES_EXPORTER": "none"}, "otel exporter", "warning", "no spans leave"),
        ({"OTEL_TRACES_SAMPLER": "some"}, "otel sampler", "failed", "=some is not known"),
        ({"OTEL_TRACES_SAMPLER": "always_off"}, "otel sampler", "warning", "no spans"),
        ({"OTEL_PROPAGATORS": "b3"}, "otel propagators", "warning", "no traceparent header"),
        ({"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, "otel protocol", "warning", "grpc: pywats[otel]"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "localhost"}, "collector", "failed", "is not a URL"),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://[x"}, "collector", "failed", "is not a URL"),
        (
            {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4317"},
            *("collector", "failed", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT names port 4317"),
        ),
    ],
)
def test_variables_of_opentelemetry(
    variables: dict[str, str], check: str, level: str, found: str
) -> None:
    findings = examine(healthy=level != "failed", env=variables)
    assert findings[check][0] == level
    assert found in findings[check][1]
    assert findings[check][2]


def test_resource_attributes_name_the_service_too(station: Sandbox) -> None:
    attributes = "team=a,service.name=station"
    findings = examine(
        "--base-url", station.base_url, healthy=True, env={"OTEL_RESOURCE_ATTRIBUTES": attributes}
    )
    assert "otel service name" not in findings


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    ("status", "advice"),
    [(403, "Correct OTEL_EXPORTER_OTLP_HEADERS."), (404, "its path is /v1/traces")],
)
def test_a_collector_that_refuses(status: int, advice: str) -> None:
    with Responding(Response(status)) as collector:
        findings = examine(
            healthy=False,
            env={
                "OTEL_EXPORTER_OTLP_ENDPOINT": f"{collector.url}/",
                "OTEL_EXPORTER_OTLP_HEADERS": "api-key=secret%20word",
            },
        )
    ((line, headers),) = collector.seen
    assert line == "POST /v1/traces"
    assert headers["api-key"] == "secret word"
    assert findings["collector"][0] == "failed"
    assert advice in findings["collector"][2]


@pytest.mark.usefixtures("station")
def test_a_collector_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://user:secret@127.0.0.1:{closed.getsockname()[1]}/v1/traces"
    findings = examine(healthy=False, env={"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": url})
    assert "was not reached" in findings["collector"][1]
    assert "secret" not in str(findings)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("all_proxy", "http://me:hunt/er2@127.0.0.1:1"),
        ("all_proxy", "ftp://me:hunter2@127.0.0.1"),
        ("SSL_CERT_FILE", "nowhere"),
    ],
)
def test_a_way_to_the_collector_that_is_none(station: Sandbox, variable: str, value: str) -> None:
    server = station.base_url.removeprefix("http://")
    env = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1",
        "no_proxy": server,
        variable: value,
    }
    findings = examine(healthy=False, env=env)
    assert findings["server"][0] == "ok"
    assert findings["collector"][1].startswith("127.0.0.1:1 cannot be asked (")
    assert variable.upper() in findings["collector"][2]
    assert "hunt" not in str(findings)


@pytest.mark.usefixtures("station")
def test_without_the_sdk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pywats.cli.doctor.telemetry.find_spec", lambda _: None)
    findings = examine(healthy=True)
    assert findings["otel sdk"][0] == "skipped"
    assert "pip install 'pywats[otel]'" in findings["otel sdk"][2]
    assert "collector" not in findings


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    "date",
    [
        f"Mon, 01 Jan {'9' * 40} 00:00:00 GMT",
        "Mon, 01 Jan 99999 00:00:00 GMT",
        "Fri, 31 Dec 9999 23:59:59 -9999",
        "Mon, 01 Jan 0001 00:00:00 +2359",
        f"Mon, 01 Jan 2001 00:00:00 +{'9' * 40}",
    ],
)
def test_no_date_of_the_server_ends_the_command(sandbox: Sandbox, date: str) -> None:
    response = Fault.status(200, body=b'"25"', headers={"date": date})
    sandbox.inject("GET", "/api/App/Version", response, times=1)
    told = invoke("doctor", "--json", code=None)
    clock = [row for row in json.loads(told.stdout)["findings"] if row["check"] == "clock"]
    assert [row["level"] for row in clock] in (["skipped"], ["failed"])


@pytest.mark.parametrize("kind", HOSTILE)
def test_texts_of_the_server_are_shown_without_secrets_and_control_characters(kind: str) -> None:
    token = base64.b64encode(b"station:S3cr3tPassw0rd").decode()
    text = f"{token}{HOSTILE[kind]}S3cr3tPassw0rd"
    in_header = text.encode("utf-8", "replace").translate(None, b"\0\r\n").decode("latin-1")
    for response in (
        Response(200, json.dumps(text).encode()),
        Response(200, text.encode("utf-8", "backslashreplace")),
        Response(302, b"", {"location": in_header[:5000]}),
    ):
        with Responding(response) as server:
            told = invoke(
                *("doctor", "--base-url", server.url), env={"PYWATS_TOKEN": token}, code=None
            )
        assert not HARMFUL.search(told.output.replace("\n", ""))
        assert token not in told.output
        assert "S3cr3tPassw0rd" not in told.output


@pytest.mark.usefixtures("station")
@pytest.mark.parametrize(
    ("refused", "env", "level", "found"),
    [
        ([], {}, "ok", "takes traces, metrics and logs"),
        (["metrics", "logs"], {}, "warning", "takes traces, but does not take metrics and logs"),
        (["logs"], {}, "warning", "takes traces and metrics, but does not take logs"),
        (["logs"], {"OTEL_LOGS_EXPORTER": "none"}, "ok", "takes traces and metrics"),
    ],
)
def test_which_signals_the_endpoint_takes(
    refused: list[str], env: dict[str, str], level: str, found: str
) -> None:
    with OTLPReceiver() as receiver:
        receiver.refuse(*(f"/v1/{signal}" for signal in refused))
        endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.endpoint}
        findings = examine(healthy=True, env=endpoint | env)
    place = receiver.endpoint.removeprefix("http://")
    assert findings["collector"][:2] == (level, f"{place} {found}")
    for signal in refused if level == "warning" else ():
        assert f"OTEL_{signal.upper()}_EXPORTER=none" in findings["collector"][2]


@pytest.mark.usefixtures("station")
def test_each_signal_may_have_an_endpoint_of_its_own() -> None:
    with OTLPReceiver() as traces, socket.create_server(("127.0.0.1", 0)) as silent:
        closed = f"http://me:hunter2@127.0.0.1:{silent.getsockname()[1]}"
        silent.close()
        env = {
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{traces.endpoint}/v1/traces",
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": closed,
        }
        findings = examine(healthy=True, env=env)
    assert findings["collector"][0] == "warning"
    assert findings["collector"][1].endswith("takes traces, but did not respond for logs")
    assert "hunter2" not in str(findings)


@pytest.mark.parametrize(
    "url",
    [
        "http://me:hunter2@127.0.0.1:1",
        "http://me:hunt/er2@127.0.0.1:1",
        "http://me:hunt@er2@127.0.0.1:1",
        "http://127.0.0.1:1/?token=hunter2",
    ],
)
@pytest.mark.usefixtures("station")
def test_the_credentials_of_an_endpoint_are_not_shown(url: str) -> None:
    findings = examine(healthy=False, env={"OTEL_EXPORTER_OTLP_ENDPOINT": url})
    assert "hunt" not in str(findings)
    assert "er2" not in str(findings)


@pytest.mark.parametrize("columns", [20, 40, 69, 70, 118])
def test_nothing_is_cut_off_on_a_narrow_screen(columns: int) -> None:
    wide = run("doctor", code=1, env={"COLUMNS": "118"})
    shown = run("doctor", code=1, env={"COLUMNS": str(columns)})
    assert max(map(len, shown.splitlines())) <= columns
    # Wrapped, and all of it: every word, whatever the lines are.
    assert sorted("".join(shown.split())) == sorted("".join(wide.split()))
