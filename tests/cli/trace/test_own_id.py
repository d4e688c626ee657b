"""``pywats trace job-42``: an id that the program has set itself, looked up in the stores."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.responding import Responding, Response
from tests.cli.running import invoke, run, run_json
from tests.cli.trace.test_command import CALL, ID, JAEGER, RESPONSES, START
from tests.redaction.hostile import HARMFUL, HOSTILE

if TYPE_CHECKING:
    from collections.abc import Iterable

OTHER = "00000000000000000000000000000a42"


def response(body: object) -> Response:
    return Response(body=json.dumps(body).encode())


def jaeger_trace(trace_id: str, start: int, name: str = "pywats.product.get_product") -> Any:
    span = {"spanID": CALL, "operationName": name, "startTime": start, "duration": 400_000}
    return {"traceID": trace_id.lstrip("0"), "spans": [span], "processes": {}}


def tempo_match(trace_id: str, start: int, name: str = "pywats.product.get_product") -> Any:
    return {
        # Tempo leaves out leading zeros.
        "traceID": trace_id.lstrip("0"),
        "rootServiceName": "station",
        "rootTraceName": name,
        "startTimeUnixNano": str(start * 1000),
        "durationMs": 400,
        "spanSets": [],
    }


def in_jaeger(traces: list[Any]) -> list[Response]:
    """Return the answers of Jaeger to a search: its services, and the traces of each."""
    return [
        response({"data": ["other", "station"], "total": 2, "errors": None}),
        response({"data": [], "errors": None}),
        response({"data": traces, "total": 0, "errors": None}),
    ]


def in_tempo(matches: list[Any]) -> list[Response]:
    return [response({"traces": matches, "metrics": {"completedJobs": 1}})]


def asked(seen: Iterable[tuple[str, object]]) -> list[tuple[str, dict[str, str]]]:
    """Return path and query of each request."""
    urls = [urlsplit(line.removeprefix("GET ")) for line, _ in seen]
    return [(url.path, {name: given[0] for name, given in parse_qs(url.query).items()})
            for url in urls]  # fmt: skip


FOUND = {
    "--jaeger": in_jaeger([jaeger_trace(ID, START)]),
    "--tempo": in_tempo([tempo_match(ID, START)]),
}
TWO = {
    "--jaeger": in_jaeger([jaeger_trace(OTHER, START - 1), jaeger_trace(ID, START)]),
    "--tempo": in_tempo([tempo_match(OTHER, START - 1), tempo_match(ID, START)]),
}
each_store = pytest.mark.parametrize("store", ["--jaeger", "--tempo"])


@each_store
def test_the_only_trace_of_an_id_is_shown(store: str) -> None:
    whole = response(RESPONSES[store][0] if store == "--tempo" else JAEGER)
    with Responding(*FOUND[store], whole) as server:
        told = run("trace", "job-42", store, server.url)
        assert len(server.seen) == len(FOUND[store]) + 1
    with Responding(*FOUND[store], whole) as server:
        as_json = run_json("trace", "job-42", store, server.url)
    first, call, *_ = told.splitlines()
    assert first == f"job-42: trace {ID}"
    assert call.startswith("pywats.product.get_product")
    assert as_json["trace_id"] == ID
    assert len(as_json["spans"]) == 3


@each_store
def test_several_are_listed_the_newest_first(store: str) -> None:
    with Responding(*TWO[store]) as server:
        told = run("trace", "job-42", store, server.url).splitlines()
    with Responding(*TWO[store]) as server:
        as_json = run_json("trace", "job-42", store, server.url)
    name = store.removeprefix("--").capitalize()
    assert told[0] == f"job-42: 2 traces in {name}, the newest first"
    assert [line.split()[:6] for line in told[1:3]] == [
        ["2023-11-14", "22:13:20", "UTC", "400", "ms", ID],
        ["2023-11-14", "22:13:19", "UTC", "400", "ms", OTHER],
    ]
    assert told[3] == f"pywats trace {ID} shows the newest one."
    assert as_json["correlation_id"] == "job-42"
    assert [each["trace_id"] for each in as_json["traces"]] == [ID, OTHER]
    assert {each["service"] for each in as_json["traces"]} == {"station"}


def test_what_jaeger_is_asked() -> None:
    with Responding(*TWO["--jaeger"]) as server:
        run("trace", "job-42", "--jaeger", server.url, "--hours", "2")
    services, *searches = asked(server.seen)
    assert services == ("/api/services", {})
    for (path, query), service in zip(searches, ["other", "station"], strict=True):
        assert path == "/api/traces"
        assert query.pop("service") == service
        assert json.loads(query.pop("tags")) == {"pywats.correlation_id": "job-42"}
        assert int(query.pop("end")) - int(query.pop("start")) == 2 * 3600 * 1_000_000
        assert query == {"limit": "20"}


def test_what_tempo_is_asked() -> None:
    with Responding(*TWO["--tempo"]) as server:
        run("trace", "job-42", "--tempo", server.url, "--hours", "168")
    ((path, query),) = asked(server.seen)
    assert path == "/api/search"
    assert query.pop("q") == '{ .pywats.correlation_id = "job-42" }'
    # Tempo refuses more than 168 hours.
    assert int(query.pop("end")) - int(query.pop("start")) == 168 * 3600
    assert query == {"limit": "20"}


def test_jaeger_is_asked_for_a_bounded_number_of_services() -> None:
    many = response({"data": [f"s{i}" for i in range(10_000)]})
    with Responding(many, response({"data": []})) as server:
        invoke("trace", "job-42", "--jaeger", server.url, code=1)
    assert len(server.seen) == 51


def test_the_second_store_is_asked_where_the_first_does_not_know_it() -> None:
    with Responding(response({"data": []})) as jaeger, Responding(*TWO["--tempo"]) as tempo:
        told = run_json("trace", "job-42", "--jaeger", jaeger.url, "--tempo", tempo.url)
    assert told["store"] == "Tempo"


@each_store
def test_a_hex_id_that_is_no_trace_may_be_one_of_the_program(store: str) -> None:
    unknown = Response(404)
    own = "f" * 32
    with Responding(unknown, *TWO[store]) as server:
        assert run("trace", own, store, server.url).startswith(f"{own}: 2 traces")


@each_store
def test_an_id_that_no_store_has(store: str) -> None:
    with Responding(*FOUND[store][:1] if store == "--jaeger" else [], response({})) as server:
        told = invoke("trace", "job-42", store, server.url, code=1).stderr.splitlines()
    name = store.removeprefix("--").capitalize()
    assert told[:2] == ["No trace of job-42:", f"- {name} at {server.url} does not have it"]
    assert "pywats.correlation_id of the last 24 hours" in " ".join(told[2:])


@each_store
def test_an_id_is_waited_for(store: str) -> None:
    unknown = [response({"data": None}), Response(502)]
    with Responding(*unknown, *TWO[store]) as server:
        told = run_json("trace", "job-42", store, server.url, "--wait", "30")
    assert len(told["traces"]) == 2


@each_store
@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"[" * 100_000, b'{"data": 1, "traces": 1}', b'{"data": [1], "traces": [1]}'],
    ids=range(5),
)
def test_any_body_ends_with_a_message(store: str, body: bytes) -> None:
    for responses in ([Response(200, body)], [response({"data": ["s"]}), Response(200, body)]):
        with Responding(*responses) as server:
            told = invoke("trace", "job-42", store, server.url, code=1).stderr
        assert told.startswith("No trace of job-42:")


@pytest.mark.parametrize("trace_id", ["", "zz", "1" * 33, '" } || { ', "../x"])
def test_what_a_store_gives_as_an_id_must_be_one(trace_id: str) -> None:
    match = tempo_match(ID, START) | {"traceID": trace_id}
    with Responding(*in_tempo([match])) as server:
        told = invoke("trace", "job-42", "--tempo", server.url, code=1).stderr
        assert len(server.seen) == 1
    assert "does not respond as Tempo does" in told


@pytest.mark.parametrize("time", [-(10**30), 0, 2**63, 10**40])
def test_times_of_a_store_may_be_anything(time: int) -> None:
    matches = [tempo_match(ID, time), tempo_match(OTHER, time) | {"durationMs": time}]
    with Responding(*in_tempo(matches)) as server:
        assert "2 traces" in run("trace", "job-42", "--tempo", server.url)


@pytest.mark.parametrize("text", ["", "a" * 129, "job 42", 'a"}', "Größe", "a\nb"])
def test_what_can_be_no_id_is_wrong_use(text: str) -> None:
    with Responding(Response()) as server:
        told = invoke("trace", text, "--tempo", server.url, code=2).stderr
        assert not server.seen
    assert "must be 1 to 128 characters of A-Z" in " ".join(told.replace("│", " ").split())


@pytest.mark.parametrize("kind", HOSTILE)
@each_store
def test_no_text_of_a_store_reaches_the_terminal_as_it_is(store: str, kind: str) -> None:
    text = HOSTILE[kind].encode("utf-8", "replace").decode()[:5000]
    responses = {
        "--jaeger": in_jaeger([jaeger_trace(each, START, text) for each in (ID, OTHER)]),
        "--tempo": in_tempo([tempo_match(each, START, text) for each in (ID, OTHER)]),
    }
    with Responding(*responses[store]) as server:
        told = run("trace", "job-42", store, server.url)
    assert not HARMFUL.search(told.replace("\n", ""))


@pytest.mark.parametrize("id_given", ["job-42", ID])
@pytest.mark.parametrize("option", ["--tempo", "--jaeger", "--loki"])
def test_a_token_in_the_address_is_sent_and_never_shown(id_given: str, option: str) -> None:
    token = "glsa_hunter2hunter2"
    found = response(JAEGER)
    for code, status in ((404, 404), (500, 500), (200, 200)):
        del code
        with Responding(Response(status, b"<html>")) as server, Responding(found) as store:
            url = f"{server.url}/base?token={token}"
            more = ["--jaeger", store.url] if option == "--loki" else []
            told = invoke("trace", ID if more else id_given, option, url, *more, code=1).output
        assert token not in told
        assert "/base" in told or option == "--loki"
        assert server.seen
        for line, _ in server.seen:
            assert line.startswith("GET /base/")
            assert f"token={token}" in line
    refused = f"http://127.0.0.1:1/x?token={token}#{token}"
    more = ["--jaeger", "http://127.0.0.1:1"] if option == "--loki" else []
    assert token not in invoke("trace", id_given, option, refused, *more, code=1).output
