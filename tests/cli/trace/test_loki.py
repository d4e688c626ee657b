"""``pywats trace --loki``: the log lines of a trace between its bars."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.responding import Responding, Response
from tests.cli.running import invoke, run, run_json
from tests.cli.trace.test_command import CALL, ID, JAEGER, START
from tests.redaction.hostile import HARMFUL, HOSTILE
from tests.waterfall.pictures import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NS = START * 1000
MS = 1_000_000
EMPTY: dict[str, Any] = {"status": "success", "data": {"resultType": "streams", "result": []}}


def loki(*streams: dict[str, Any]) -> Response:
    """Return what Loki answers to ``/loki/api/v1/query_range``."""
    data = {"resultType": "streams", "result": list(streams), "stats": {"summary": {}}}
    return Response(body=json.dumps({"status": "success", "data": data}).encode())


def line(time: int, text: str, level: str = "WARNING", **labels: str) -> dict[str, Any]:
    """Return a stream of one line, as records that came over OTLP are."""
    stream = {
        "service_name": "station",
        "severity_text": level,
        "detected_level": level[:4].lower(),
        "scope_name": "pywats.sync",
        "trace_id": ID,
        **labels,
    }
    return {"stream": stream, "values": [[str(NS + time * MS), text]]}


@pytest.fixture
def store() -> Iterator[Responding]:
    with Responding(Response(body=json.dumps(JAEGER).encode())) as running:
        yield running


def test_log_lines_stand_between_the_bars(store: Responding, tmp_path: Path) -> None:
    # Not in the order of time: each stream has its own.
    response = loki(
        line(350, "the end", "INFO", span_id=CALL),
        line(101, "attempt 1 failed", span_id=CALL),
        line(150, "of no span that is there", "ERROR", span_id="ffffffffffffffff"),
    )
    with Responding(response) as server:
        arguments = ("trace", ID, "--jaeger", store.url, "--loki", server.url)
        told = run(*arguments, "--svg", tmp_path / "t.svg").splitlines()
        as_json = run_json(*arguments)
    shape = [(row.split()[0], row.split()[1]) for row in told]
    assert shape == [
        ("pywats.product.get_product", shape[0][1]),
        ("GET", "/api/Product/{partNumber}"),
        ("↻", "retry"),
        ("≡", "WARNING"),
        ("≡", "ERROR"),
        ("GET", "/api/Product/{partNumber}"),
        ("≡", "INFO"),
    ]
    assert told[3].rstrip().endswith("attempt 1 failed")
    assert "pywats.sync" in told[3]
    assert [each["text"] for each in as_json["logs"]] == [
        "attempt 1 failed",
        "of no span that is there",
        "the end",
    ]
    assert as_json["logs"][0]["span_id"] == CALL
    assert "attempt 1 failed" in read((tmp_path / "t.svg").read_text("utf-8")).texts


def test_what_loki_is_asked(store: Responding) -> None:
    with Responding(loki(line(1, "text"))) as server:
        run("trace", ID, "--jaeger", store.url, "--loki", f"{server.url}/proxy/")
    ((request, _),) = server.seen
    url = urlsplit(request.removeprefix("GET "))
    assert url.path == "/proxy/loki/api/v1/query_range"
    query = {name: given[0] for name, given in parse_qs(url.query).items()}
    assert query["query"] == f'{{service_name=~".+"}} | trace_id="{ID}"'
    assert int(query["start"]) < NS < NS + 400 * MS < int(query["end"])
    assert (query["limit"], query["direction"]) == ("500", "forward")


def test_lines_that_have_the_id_in_their_text(store: Responding) -> None:
    fields = {"level": "ERROR", "logger": "my.app", "message": "no luck", "span_id": CALL}
    stream = {"stream": {"job": "x"}, "values": [[str(NS), json.dumps(fields)], [str(NS), "{"]]}
    empty = Response(body=json.dumps(EMPTY).encode())
    with Responding(empty, loki(stream)) as server:
        told = run_json(
            "trace", ID, "--jaeger", store.url, "--loki", server.url, "--loki-selector", '{job="x"}'
        )
    queries = [parse_qs(urlsplit(request).query)["query"][0] for request, _ in server.seen]
    assert queries == [f'{{job="x"}} | trace_id="{ID}"', f'{{job="x"}} |= "{ID}"']
    first, second = told["logs"]
    assert (first["level"], first["logger"], first["text"]) == ("ERROR", "my.app", "no luck")
    assert (second["level"], second["text"], second["span_id"]) == ("", "{", None)


@pytest.mark.parametrize(
    ("response", "problem"),
    [
        (Response(401), "Loki at {url} responded with status 401"),
        (Response(200, b"<html>"), "{url} does not respond as Loki does"),
        (Response(404), "Loki has none with " + ID),
        (Response(body=json.dumps(EMPTY).encode()), "Loki has none with " + ID),
    ],
)
def test_without_log_lines_the_trace_is_shown_with_the_reason(
    store: Responding, response: Response, problem: str
) -> None:
    with Responding(response) as server:
        told = invoke("trace", ID, "--jaeger", store.url, "--loki", server.url, code=1)
    assert told.stdout.startswith("pywats.product.get_product")
    assert told.stderr.startswith(f"No log lines: {problem.format(url=server.url)}")


@pytest.mark.parametrize(
    "values",
    [[[]], [["1"]], [[1, "text"]], [["x", "text"]], [["1", 2]], [["9" * 5000, "text"]], [1], 1],
    ids=str,
)
def test_any_body_ends_with_a_message(store: Responding, values: object) -> None:
    with Responding(loki({"stream": {}, "values": values})) as server:
        told = invoke("trace", ID, "--jaeger", store.url, "--loki", server.url, code=1)
    assert told.stderr.startswith(f"No log lines: {server.url} does not respond as Loki does")


def test_the_number_and_the_length_of_lines_are_bounded(store: Responding) -> None:
    values = [[str(NS + i), "x" * 10_000] for i in range(700)]
    with Responding(loki({"stream": {}, "values": values})) as server:
        told = run("trace", ID, "--jaeger", store.url, "--loki", server.url)
        assert (
            len(run_json("trace", ID, "--jaeger", store.url, "--loki", server.url)["logs"]) == 500
        )
    assert told.count("≡ log") == 500
    assert len(told) < 500 * 2000


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_of_loki_reaches_the_terminal_as_it_is(
    store: Responding, kind: str, tmp_path: Path
) -> None:
    text = HOSTILE[kind].encode("utf-8", "replace").decode()[:5000]
    with Responding(loki(line(1, text, text, scope_name=text, span_id=text))) as server:
        picture = tmp_path / "t.svg"
        told = run("trace", ID, "--jaeger", store.url, "--loki", server.url, "--svg", picture)
    assert not HARMFUL.search(told.replace("\n", ""))
    assert not HARMFUL.search(picture.read_text("utf-8").replace("\n", ""))
