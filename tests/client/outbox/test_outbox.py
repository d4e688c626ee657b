"""Reports stay on the disk until the server has them."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import time
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import pytest

from pywats import (
    CircuitBreakerConfig,
    Outbox,
    SyncClientConfig,
    SyncWATSClient,
    correlation_id,
    pyWATS,
)
from pywats.errors import (
    AuthenticationError,
    BadRequestError,
    OutboxError,
    OutboxFullError,
    WATSDecodeError,
)
from pywats.sandbox import Fault
from tests.client.outbox.conftest import ROUTE, posts, units

if TYPE_CHECKING:
    from collections.abc import Callable

    from pywats.models import UUTReport
    from pywats.sandbox import Sandbox
    from tests.tracing import Spans

WSXF = (
    '<Reports xmlns="http://wats.virinco.com/schemas/WATS/Report/wsxf"><Report type="UUT" {id}'
    'PN="P" SN="{sn}" Rev="A" MachineName="M" Result="Passed" Start="2026-11-28T10:00:00+01:00">'
    '<Process Code="100"/><UUT UserLoginName="op"/></Report></Reports>'
)


def test_a_report_leaves_the_outbox_when_the_server_has_it(
    keeping: pyWATS, report: Callable[..., UUTReport], directory: Path
) -> None:
    made = report("A")
    result = keeping.report.submit_report(made)
    assert (result.uuid, result.report_id, result.kept) == (made.id, 1, False)
    assert units(keeping) == ["A"]
    assert Outbox(directory).status().waiting == 0


@pytest.mark.parametrize(
    "fault",
    [Fault.status(503), Fault.status(429), Fault.status(500), Fault.reset(), Fault.truncate(5)],
    ids=lambda fault: fault.kind,
)
def test_what_could_not_be_sent_is_sent_by_the_next_call_in_order(
    fault: Fault,
    keeping: pyWATS,
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
) -> None:
    sandbox.inject("POST", ROUTE, fault, times=1)
    first = report("A")
    result = keeping.report.submit_report(first)
    assert (result.uuid, result.report_id, result.kept) == (first.id, None, True)
    (waiting,) = Outbox(directory).waiting()
    assert waiting.report_id == str(first.id)
    assert waiting.failures == 1
    assert waiting.error is not None
    assert not keeping.report.submit_report(report("B")).kept
    assert units(keeping) == ["A", "B"]
    assert Outbox(directory).waiting() == []


def test_a_server_that_is_away_costs_one_attempt_a_call(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503), times=5)
    assert [keeping.report.submit(report(str(n))).kept for n in range(5)] == [True] * 5
    assert posts(sandbox) == 5
    assert not keeping.report.submit(report("5")).kept
    assert units(keeping) == ["0", "1", "2", "3", "4", "5"]


def test_a_process_of_its_own_sends_what_another_one_has_kept(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.reset(), times=1)
    keeping.report.submit_report(report("A"))
    program = (
        "import sys\nfrom pywats import Outbox, pyWATS\n"
        "with pyWATS() as api:\n    print(Outbox(sys.argv[1]).send(api).sent)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(directory)],
        env=os.environ | {"PYWATS_BASE_URL": sandbox.base_url, "PYWATS_TOKEN": sandbox.token},
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    assert done.stdout.count("-") == 4
    assert units(keeping) == ["A"]


def test_a_report_that_the_server_refuses_is_set_aside_and_holds_up_no_other(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    outbox = Outbox(directory)
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    bad = {**json.loads(report("BAD").to_wire_json()), "type": "?"}
    assert keeping.report.submit_report(bad).kept
    assert not keeping.report.submit_report(report("A")).kept
    (refused,) = outbox.refused()
    assert (refused.report_id, refused.failures) == (bad["id"], 2)
    assert str(refused.error).startswith("BadRequestError: POST /api/Report/WSJF")
    with pytest.raises(BadRequestError):
        keeping.report.submit_report({**bad, "id": str(uuid4())})
    assert outbox.status().refused == 2
    # A correction takes the place of the report that was refused.
    assert not keeping.report.submit_report({**bad, "type": "T"}).kept
    assert (outbox.status().waiting, outbox.status().refused) == (0, 1)
    assert outbox.retry_refused() == 1
    run = outbox.send(keeping)
    assert (run.sent, len(run.refused), run.waiting, run.error) == ((), 1, 0, None)
    assert units(keeping) == ["A", "BAD"]


def test_a_report_that_makes_the_server_fail_holds_up_no_other(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(500), times=2)
    assert keeping.report.submit_report(report("A")).kept
    assert not keeping.report.submit_report(report("B")).kept
    assert units(keeping) == ["B"]
    assert Outbox(directory).send(keeping).waiting == 0
    assert units(keeping) == ["B", "A"]


def test_three_such_reports_in_succession_are_an_outage(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(500))
    for number in range(5):
        assert keeping.report.submit_report(report(str(number))).kept
    before = posts(sandbox)
    assert Outbox(directory).send(keeping).waiting == 5
    assert posts(sandbox) == before + 3


def test_wrong_credentials_are_an_error_and_lose_nothing(
    connect: Callable[..., pyWATS],
    keeping: pyWATS,
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
) -> None:
    with (
        pyWATS(sandbox.base_url, "dTpw", outbox=directory) as api,
        pytest.raises(AuthenticationError) as caught,
    ):
        api.report.submit_report(report("A"))
    assert f"The report is kept in the outbox {directory}." in caught.value.__notes__
    assert Outbox(directory, keeping).send().waiting == 0
    assert units(connect()) == ["A"]


def test_a_response_about_another_report_confirms_nothing(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    sandbox.inject(
        "POST", ROUTE, Fault.status(200, body=b'{"uuid": "%s"}' % str(uuid4()).encode()), times=1
    )
    with pytest.raises(WATSDecodeError, match="does not confirm the report"):
        keeping.report.submit_report(report("A"))
    assert Outbox(directory).status().waiting == 1
    assert Outbox(directory).send(keeping).waiting == 0


def test_wsxf_is_kept_too(keeping: pyWATS, sandbox: Sandbox, directory: Path) -> None:
    sandbox.inject("POST", "/api/Report/WSXF", Fault.status(503), times=2)
    report_id = uuid4()
    kept = keeping.report.submit_report_xml(WSXF.format(id=f'ID="{report_id}" ', sn="A"))
    assert (kept.uuid, kept.kept) == (report_id, True)
    assert keeping.report.submit_report_xml(WSXF.format(id="", sn="B").encode()).kept
    assert len(Outbox(directory).send(keeping).sent) == 2
    assert units(keeping) == ["A", "B"]
    with pytest.raises(ValueError, match="not a WSXF document"):
        keeping.report.submit_report_xml("<a/>")


def test_all_reports_of_a_wsxf_document_are_kept_before_one_is_sent(
    keeping: pyWATS, sandbox: Sandbox, directory: Path
) -> None:
    first, second = (WSXF.format(id="", sn=unit) for unit in ("A", "B"))
    start, end = second.index("<Report "), second.index("</Reports>")
    both = first.replace("</Reports>", second[start:end] + "</Reports>")
    sandbox.inject("POST", "/api/Report/WSXF", Fault.status(400), times=1)
    sandbox.inject("POST", "/api/Report/WSXF", Fault.status(503), times=1)
    with pytest.raises(BadRequestError):
        keeping.report.submit_report_xml(both)
    outbox = Outbox(directory)
    assert (outbox.status().waiting, outbox.status().refused) == (1, 1)
    outbox.retry_refused()
    assert len(outbox.send(keeping).sent) == 2
    assert sorted(units(keeping)) == ["A", "B"]


def test_what_is_wrong_is_refused_before_it_is_kept(
    keeping: pyWATS, report: Callable[..., UUTReport], directory: Path
) -> None:
    for wrong in (report("x" * 101), {"id": "x"}, "{}", {}):
        with pytest.raises(ValueError):  # noqa: PT011 - of several kinds
            keeping.report.submit_report(wrong)
    with pytest.raises(ValueError, match="has no 'id'"):
        keeping.report.submit_report("{}", check=False)
    assert not directory.exists()


def test_two_reports_with_one_id_are_not_both_kept(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    report_id = str(uuid4())
    sandbox.inject("POST", ROUTE, Fault.status(503), times=2)
    first = report("A", report_id=report_id)
    keeping.report.submit_report(first)
    # The same report again is the same report.
    assert keeping.report.submit_report(first).kept
    with pytest.raises(ValueError, match=f"another report with the id {report_id} waits in the"):
        keeping.report.submit_report(report("B", report_id=report_id.upper()))
    assert Outbox(directory).status().waiting == 1
    assert Outbox(directory).send(keeping).sent == (report_id,)
    assert units(keeping) == ["A"]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"max_reports": 2}, "it holds 2 reports, and max_reports is 2"),
        ({"max_bytes": 700}, "and max_bytes is 700"),
        ({"max_age": 0.05}, "its oldest report has waited for 0 s, and max_age is 0.05"),
    ],
)
def test_a_full_outbox_says_so_and_takes_reports_again_when_the_server_is_back(
    limits: dict[str, float],
    reason: str,
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
) -> None:
    api = connect(outbox=Outbox(directory, **limits))  # type: ignore[arg-type]  # each case is right
    sent = [report("A"), report("B")]
    if "max_age" in limits:
        sent.pop()
    sandbox.inject("POST", ROUTE, Fault.status(503), times=len(sent) + 1)
    for each in sent:
        api.report.submit_report(each)
    time.sleep(0.06)
    with pytest.raises(OutboxFullError, match=reason) as caught:
        api.report.submit_report(report("C"))
    assert str(directory) in str(caught.value)
    assert Outbox(directory).status().waiting == len(sent)
    assert not api.report.submit_report(report("D")).kept
    assert units(api) == [*(each.serial_number for each in sent), "D"]


def test_a_trace_spans_both_ends(
    keeping: pyWATS,
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    spans: Spans,
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    keeping.report.submit_report(report("A"))
    with correlation_id("job-7"):
        keeping.report.submit_report(report("B"))
    calls = [span for span in spans.finished if span.name == "pywats.report.submit_report"]
    sends = [span for span in spans.finished if span.name == "pywats.outbox.send"]
    first, second = calls
    tried, sent, own = sends
    assert first.context is not None
    assert second.context is not None
    for span in (tried, sent):
        assert span.parent is not None
        assert span.parent.span_id == first.context.span_id
        assert span.context is not None
        assert span.context.trace_id == first.context.trace_id
    # The link leads to the call in which the report was sent.
    assert [link.context.span_id for link in sent.links] == [second.context.span_id]
    assert [tried.links, own.links] == [(), ()]
    ids = [
        dict(request.headers)["x-correlation-id"]
        for request in sandbox.requests
        if request.path == ROUTE
    ]
    assert ids == [format(first.context.trace_id, "032x")] * 2 + ["job-7"]
    del directory


def test_the_correlation_id_is_the_first_call_s_without_a_tracer(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503), times=2)
    keeping.report.submit_report(report("A"))
    with correlation_id("job-7"):
        keeping.report.submit_report(report("B"))
    kept = [each.correlation_id for each in Outbox(directory).waiting()]
    assert kept[1] == "job-7"
    with correlation_id("another-job"):
        Outbox(directory).send(keeping)
    ids = [dict(request.headers)["x-correlation-id"] for request in sandbox.requests]
    assert ids == [kept[0], kept[0], kept[0], "job-7"]


def test_an_open_circuit_breaker_does_not_stand_before_the_disk(
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
) -> None:
    breaker = CircuitBreakerConfig(minimum_attempts=2, cool_down=600)
    api = connect(outbox=directory, circuit_breaker=breaker)
    sandbox.inject("POST", ROUTE, Fault.status(503), times=2)
    assert [api.report.submit_report(report(str(n))).kept for n in range(6)] == [True] * 6
    assert posts(sandbox) == 2
    assert Outbox(directory, connect()).submit_report(report("6")).report_id == 7
    assert units(connect()) == ["0", "1", "2", "3", "4", "5", "6"]


def test_the_flat_client_has_an_outbox_too(
    sandbox: Sandbox, report: Callable[..., UUTReport], directory: Path
) -> None:
    config = SyncClientConfig(base_url=sandbox.base_url, token=sandbox.token)
    sandbox.inject("POST", ROUTE, Fault.hang(), times=1)
    with SyncWATSClient(config, outbox=directory) as client:
        assert client.submit_report(report("A"), timeout=0.2).kept
        assert Outbox(directory).status().waiting == 1
        assert not client.submit_report(report("B")).kept
        assert Outbox(directory, client).submit_report(report("C")).report_id == 3
        assert [header.serial_number for header in client.iter_headers()] == ["A", "B", "C"]


def test_views_copies_and_pickles_have_the_outbox(
    keeping: pyWATS, report: Callable[..., UUTReport], sandbox: Sandbox, directory: Path
) -> None:
    sandbox.inject("POST", ROUTE, Fault.status(503), times=3)
    pickled = pickle.loads(pickle.dumps(keeping))  # noqa: S301 - made in the line itself
    others = [keeping.with_options(timeout=5), copy(keeping), pickled]
    for number, api in enumerate(others):
        assert api.report.submit_report(report(str(number))).kept
        api.close()
    assert Outbox(directory).status().waiting == 3


def test_the_environment_may_name_the_outbox(
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYWATS_OUTBOX", str(directory))
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    assert connect().report.submit_report(report("A")).kept
    connect(outbox=None).report.submit_report(report("B"))
    assert units(connect()) == ["B"]
    for blank in ("", " \r"):
        monkeypatch.setenv("PYWATS_OUTBOX", blank)
        connect().report.submit_report(report("C"))
    assert Outbox(directory).status().waiting == 1


def test_blanks_around_the_name_of_the_outbox_do_not_count(
    connect: Callable[..., pyWATS],
    report: Callable[..., UUTReport],
    sandbox: Sandbox,
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYWATS_OUTBOX", f" {directory}\r\n")
    sandbox.inject("POST", ROUTE, Fault.status(503), times=1)
    assert connect().report.submit_report(report("A")).kept
    assert Outbox(directory).status().waiting == 1


def test_a_tilde_is_the_home_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    assert Outbox("~/reports").directory == tmp_path / "reports"
    assert Outbox(Path("~")).directory == tmp_path
    assert Outbox("a~b").directory == Path("a~b").absolute()


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"directory": 7}, TypeError, "directory=7: must be a path"),
        ({"directory": ""}, ValueError, "directory='': must be the path of a directory"),
        ({"max_reports": 0}, ValueError, "max_reports=0"),
        ({"max_bytes": 1.5}, TypeError, "max_bytes=1.5"),
        ({"max_age": -1}, ValueError, "max_age=-1"),
        ({"interval": 0}, ValueError, "interval=0"),
        ({"background": 1}, TypeError, "background=1"),
    ],
)
def test_settings_that_are_wrong_are_refused(
    settings: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        Outbox(**{"directory": "x", **settings})  # type: ignore[arg-type]  # that is the test


def test_what_cannot_be_used_says_so(
    keeping: pyWATS, report: Callable[..., UUTReport], directory: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="api: no client to send with"):
        Outbox(directory).send()
    directory.mkdir(parents=True)
    (directory / "outbox.sqlite3").write_bytes(b"no database" * 1000)
    with pytest.raises(OutboxError, match="file is not a database"):
        keeping.report.submit_report(report("A"))
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError, match="cannot be used"):
        Outbox(tmp_path / "file", keeping).submit_report(report("A"))
    assert isinstance(UUID(str(report("A").id)), UUID)
