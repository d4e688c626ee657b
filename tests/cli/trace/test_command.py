"""``pywats trace`` against small query APIs in the forms of Jaeger and Tempo."""

from __future__ import annotations

import base64
import json
import socket
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from tests.cli.responding import Responding, Response
from tests.cli.running import invoke, run, run_json
from tests.redaction.hostile import HARMFUL, HOSTILE
from tests.waterfall.pictures import read

if TYPE_CHECKING:
    from pathlib import Path

ID = "d5951251bdb572d1b554301cca3ffa8b"
CALL, FIRST, SECOND = "a1b2c3d4e5f60718", "00000000000000b1", "00000000000000b2"
START = 1_700_000_000_000_000  # in microseconds

# GET /api/Product/{partNumber} returned 503, then 200.
JAEGER: dict[str, Any] = {
    "data": [
        {
            "traceID": ID,
            "spans": [
                {
                    "traceID": ID,
                    "spanID": SECOND,
                    "operationName": "GET /api/Product/{partNumber}",
                    "references": [{"refType": "CHILD_OF", "traceID": ID, "spanID": CALL}],
                    "startTime": START + 300_000,
                    "duration": 100_000,
                    "tags": [
                        {"key": "http.response.status_code", "type": "int64", "value": 200},
                        {"key": "http.request.resend_count", "type": "int64", "value": 1},
                    ],
                    "logs": [],
                    "processID": "p1",
                    "warnings": None,
                },
                {
                    "traceID": ID,
                    "spanID": CALL,
                    "operationName": "pywats.product.get_product",
                    "references": [],
                    "startTime": START,
                    "duration": 400_000,
                    "tags": [{"key": "span.kind", "type": "string", "value": "internal"}],
                    "logs": [
                        {
                            "timestamp": START + 100_000,
                            "fields": [
                                {"key": "event", "type": "string", "value": "retry"},
                                {"key": "attempt", "type": "int64", "value": 1},
                                {"key": "reason", "type": "string", "value": "status 503"},
                                {"key": "delay", "type": "float64", "value": 0.2},
                            ],
                        }
                    ],
                    "processID": "p1",
                },
                {
                    "traceID": ID,
                    "spanID": FIRST,
                    "operationName": "GET /api/Product/{partNumber}",
                    "references": [{"refType": "CHILD_OF", "traceID": ID, "spanID": CALL}],
                    "startTime": START,
                    "duration": 100_000,
                    "tags": [
                        {"key": "http.response.status_code", "type": "int64", "value": 503},
                        {"key": "error", "type": "bool", "value": True},
                    ],
                    "logs": None,
                    "processID": "p1",
                },
            ],
            "processes": {"p1": {"serviceName": "station", "tags": []}},
        }
    ],
    "total": 0,
    "errors": None,
}


def tempo(*, base64_ids: bool, status_code: int | str) -> dict[str, Any]:
    """Return the same trace as Tempo gives it."""

    def encoded(span_id: str) -> str:
        return base64.b64encode(bytes.fromhex(span_id)).decode() if base64_ids else span_id

    def attempt(span_id: str, start: int, responded: int, **more: Any) -> dict[str, Any]:
        attributes = [{"key": "http.response.status_code", "value": {"intValue": str(responded)}}]
        if responded == 200:
            attributes.append({"key": "http.request.resend_count", "value": {"intValue": "1"}})
        return {
            "traceId": encoded(ID),
            "spanId": encoded(span_id),
            "parentSpanId": encoded(CALL),
            "name": "GET /api/Product/{partNumber}",
            "kind": "SPAN_KIND_CLIENT",
            "startTimeUnixNano": str(start * 1000),
            "endTimeUnixNano": str((start + 100_000) * 1000),
            "attributes": attributes,
            **more,
        }

    event = {
        "timeUnixNano": str((START + 100_000) * 1000),
        "name": "retry",
        "attributes": [
            {"key": "attempt", "value": {"intValue": "1"}},
            {"key": "reason", "value": {"stringValue": "status 503"}},
            {"key": "delay", "value": {"doubleValue": 0.2}},
        ],
    }
    call = {
        "traceId": encoded(ID),
        "spanId": encoded(CALL),
        "name": "pywats.product.get_product",
        "startTimeUnixNano": str(START * 1000),
        "endTimeUnixNano": str((START + 400_000) * 1000),
        "events": [event],
        "status": {},
    }
    attempts = [
        attempt(SECOND, START + 300_000, 200),
        attempt(FIRST, START, 503, status={"code": status_code}),
    ]
    return {
        "trace": {
            "resourceSpans": [
                {"resource": {}, "scopeSpans": [{"scope": {"name": "pywats"}, "spans": attempts}]},
                {"resource": {}, "scopeSpans": [{"spans": [call]}]},
            ]
        },
        "status": "COMPLETE",
    }


SHAPE = [
    ["pywats.product.get_product", "400 ms"],
    ["GET /api/Product/{partNumber}", "100 ms 503"],
    ["↻ retry", "after attempt 1: status 503; waits 0.2 s"],
    ["GET /api/Product/{partNumber}", "100 ms 200, resend 1"],
]
RESPONSES = {
    "--jaeger": [JAEGER],
    "--tempo": [
        tempo(base64_ids=True, status_code="STATUS_CODE_ERROR"),
        tempo(base64_ids=False, status_code=2),
    ],
}
CASES = [(option, response) for option, responses in RESPONSES.items() for response in responses]
PATHS = {"--jaeger": f"/api/traces/{ID}", "--tempo": f"/api/v2/traces/{ID}"}


@pytest.mark.parametrize(("option", "response"), CASES)
def test_the_waterfall(option: str, response: dict[str, Any]) -> None:
    with Responding(Response(body=json.dumps(response).encode())) as store:
        printed = run("trace", ID.upper(), option, f"{store.url}/")
    assert [path for path, _ in store.seen] == [f"GET {PATHS[option]}"]
    rows = printed.splitlines()
    assert len(rows) == len(SHAPE)
    for row, (start, end) in zip(rows, SHAPE, strict=True):
        assert row.strip().startswith(start)
        assert " ".join(row.split()).endswith(end)


def test_a_narrow_terminal_cuts_nothing() -> None:
    with Responding(Response(body=json.dumps(JAEGER).encode())) as store:
        wide = run("trace", ID, "--jaeger", store.url)
        narrow = run("trace", ID, "--jaeger", store.url, env={"COLUMNS": "40"})
    assert max(map(cell_len, narrow.splitlines())) <= 40
    assert set(wide.split()) <= set(narrow.split())


@pytest.mark.parametrize(("option", "response"), CASES)
def test_the_spans_as_json(option: str, response: dict[str, Any]) -> None:
    with Responding(Response(body=json.dumps(response).encode())) as store:
        told = run_json("trace", ID, option, store.url)
    assert told["trace_id"] == ID
    assert told["store"] == option.strip("-").capitalize()
    spans = {span["span_id"]: span for span in told["spans"]}
    assert {key: span["parent_id"] for key, span in spans.items()} == {
        CALL: None,
        FIRST: CALL,
        SECOND: CALL,
    }
    assert [spans[key]["failed"] for key in (CALL, FIRST, SECOND)] == [False, True, False]
    assert (spans[CALL]["start"], spans[CALL]["end"]) == (START * 1000, (START + 400_000) * 1000)
    (event,) = spans[CALL]["events"]
    assert (event["name"], event["time"]) == ("retry", (START + 100_000) * 1000)
    assert event["attributes"]["reason"] == "status 503"


def test_the_second_store_is_asked_where_the_first_does_not_know_it() -> None:
    found = Response(body=json.dumps(RESPONSES["--tempo"][0]).encode())
    with Responding(Response(404)) as jaeger, Responding(found) as store:
        told = run_json("trace", ID, "--jaeger", jaeger.url, "--tempo", store.url)
    assert told["store"] == "Tempo"


@pytest.mark.parametrize(
    ("option", "response", "problem"),
    [
        ("--jaeger", Response(404, b'{"data": null}'), "Jaeger at {url} does not have it"),
        ("--jaeger", Response(200, b'{"data": null}'), "Jaeger at {url} does not have it"),
        ("--tempo", Response(200, b'{"trace": {}}'), "Tempo at {url} does not have it"),
    ],
)
def test_no_trace_says_why_and_what_to_do(option: str, response: Response, problem: str) -> None:
    with Responding(response) as store:
        told = invoke("trace", ID, option, store.url, code=1).stderr
    first, second, advice = told.splitlines()
    assert first == f"No trace {ID}:"
    assert second == f"- {problem.format(url=store.url)}"
    assert advice.startswith(
        "Spans are exported some seconds after they end (--wait 30 looks until they are there)"
    )


@pytest.mark.parametrize(
    ("option", "response", "problem"),
    [
        ("--tempo", Response(500), "Tempo at {url} responded with status 500"),
        ("--jaeger", Response(200, b"<html>"), "{url} does not respond as Jaeger does"),
    ],
)
def test_no_store_says_why_and_what_to_do(option: str, response: Response, problem: str) -> None:
    with Responding(response) as store:
        told = invoke("trace", ID, option, store.url, code=1).stderr
    assert told.splitlines() == [
        f"No trace {ID}:",
        f"- {problem.format(url=store.url)}",
        "Where is the store? Name it with --jaeger URL or --tempo URL.",
    ]


def without_the_call(response: dict[str, Any]) -> Response:
    """Return the answer as it is before the span of the call has arrived."""
    (data,) = response["data"]
    spans = [span for span in data["spans"] if span["spanID"] != CALL]
    return Response(body=json.dumps({"data": [data | {"spans": spans}]}).encode())


def test_a_trace_is_waited_for_until_it_is_complete() -> None:
    whole = Response(body=json.dumps(JAEGER).encode())
    with Responding(Response(404), Response(502), without_the_call(JAEGER), whole) as store:
        told = run_json("trace", ID, "--jaeger", store.url, "--wait", "30")
    assert len(store.seen) == 4
    assert told["complete"] is True
    assert len(told["spans"]) == 3


def test_what_there_is_of_a_trace_is_printed_when_the_time_is_over() -> None:
    with Responding(without_the_call(JAEGER)) as store:
        waited = invoke("trace", ID, "--jaeger", store.url, "--wait", "0.1", "--json", code=1)
        at_once = run_json("trace", ID, "--jaeger", store.url)
    told = json.loads(waited.stdout)
    assert told["complete"] is False
    assert [span["parent_id"] for span in told["spans"]] == [CALL, CALL]
    assert waited.stderr == (
        "After 0.1 s the trace is not complete in Jaeger: the parent of "
        "GET /api/Product/{partNumber} is missing. Either it has not ended, or its process "
        "exports to another store.\n"
    )
    assert at_once == told


def test_a_trace_that_does_not_come_is_told_with_the_time_waited() -> None:
    with Responding(Response(404)) as store:
        told = invoke("trace", ID, "--jaeger", store.url, "--wait", "0.1", code=1).stderr
    assert told.splitlines() == [
        f"No trace {ID} after 0.1 s:",
        f"- Jaeger at {store.url} does not have it",
        "Spans are exported some seconds after they end, and only spans of sampled traces; "
        "pywats doctor checks the way to the collector.",
    ]


def test_the_waterfall_as_a_picture(tmp_path: Path) -> None:
    picture = tmp_path / "trace.svg"
    with Responding(Response(body=json.dumps(JAEGER).encode())) as store:
        printed = run("trace", ID, "--jaeger", store.url, "--svg", picture)
    assert printed.split()[0] == "pywats.product.get_product"
    texts = read(picture.read_text(encoding="utf-8")).texts
    assert texts[:2] == ["trace", ID]
    assert texts.count("GET /api/Product/{partNumber}") == 2
    assert "after attempt 1: status 503; waits 0.2 s" in texts


def test_a_picture_in_no_folder_is_wrong_use(tmp_path: Path) -> None:
    told = invoke("trace", ID, "--svg", tmp_path / "none" / "trace.svg", code=2).stderr
    assert "there is no folder" in told


def test_a_store_that_is_not_there_and_one_that_is_no_url() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
    told = invoke("trace", ID, "--jaeger", url, "--tempo", "http://[", code=1).stderr
    assert f"- Jaeger at {url} was not reached (" in told
    assert "- Tempo at http://[ was not reached (" in told


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("all_proxy", "foo:bar"),
        ("all_proxy", "ftp://127.0.0.1"),
        ("all_proxy", "socks5://127.0.0.1:1"),
        ("SSL_CERT_FILE", "nowhere"),
    ],
)
def test_a_way_to_the_store_that_is_none(variable: str, value: str) -> None:
    url = "http://127.0.0.1:1"
    told = invoke("trace", ID, "--jaeger", url, code=1, env={variable: value}).stderr
    assert f"- Jaeger at {url} was not reached (" in told


def test_without_a_store_those_of_this_machine_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    # Through a proxy, so that what listens on this machine does not matter.
    with Responding(Response(404)) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "")
        invoke("trace", ID, code=1)
    assert [path.partition("?")[0] for path, _ in proxy.seen] == [
        f"GET http://localhost:16686/api/traces/{ID}",
        f"GET http://localhost:3200/api/v2/traces/{ID}",
        # It may be an id of the program's own.
        "GET http://localhost:16686/api/services",
        "GET http://localhost:3200/api/search",
    ]


@pytest.mark.parametrize("store", ["--jaeger", "--tempo"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"data": [{"spans": [{}]}]}',
        b'{"data": [{"spans": [{"spanID": "zz", "operationName": "", "startTime": 0, '
        b'"duration": 0}]}]}',
        b'{"data": [{"spans": [{"spanID": "%s", "operationName": "", "startTime": 0, '
        b'"duration": 0}]}]}' % (b"f" * 17),
        b'{"trace": {"resourceSpans": [{"scopeSpans": [{"spans": [{"spanId": "!", "name": "", '
        b'"startTimeUnixNano": 0, "endTimeUnixNano": 0}]}]}]}}',
        b"[" * 100_000,
        b'{"data": ' * 5000,
        b'{"data": [{"spans": [{"duration": %s}]}]}' % (b"9" * 5000),
    ],
    ids=range(9),
)
def test_any_body_ends_with_a_message(store: str, body: bytes) -> None:
    with Responding(Response(200, body)) as server:
        told = invoke("trace", ID, store, server.url, code=1).stderr
    assert told.startswith(f"No trace {ID}:")


def test_the_password_of_a_store_is_not_shown() -> None:
    with Responding(Response(404)) as server:
        address = server.url.replace("://", "://me:hunter2@")
        told = invoke("trace", ID, "--tempo", address, "--jaeger", address, code=1).output
    told += invoke("trace", ID, "--tempo", "http://me:hunter2@127.0.0.1:1", code=1).output
    told += invoke("trace", ID, "--tempo", "http://me:hunter2@[", code=1).output
    assert "hunter2" not in told
    assert "http://REDACTED@127.0.0.1:1" in told


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("as_json", [True, False])
def test_no_text_of_a_store_reaches_the_terminal_as_it_is(
    kind: str, tmp_path: Path, *, as_json: bool
) -> None:
    text = HOSTILE[kind].encode("utf-8", "replace").decode()[:5000]
    tags = [{"key": "error.type", "value": text}, {"key": "error", "value": True}]
    fields = [{"key": "event", "value": "retry"}, {"key": "reason", "value": text}]
    log = {"timestamp": START, "fields": fields}
    one = {"spanID": CALL, "operationName": text, "startTime": START, "duration": 1, "tags": tags}
    body = json.dumps({"data": [{"spans": [one | {"logs": [log]}]}]}).encode()
    with Responding(Response(200, body)) as server:
        picture = tmp_path / "t.svg"
        json_too = ("--json",) if as_json else ()
        told = run("trace", ID, "--jaeger", server.url, "--svg", picture, *json_too)
    assert not HARMFUL.search(told.replace("\n", ""))
    assert not HARMFUL.search(picture.read_text("utf-8").replace("\n", ""))
    read(picture.read_text("utf-8"))
