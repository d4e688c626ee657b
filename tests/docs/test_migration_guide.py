"""What the migration guide says is silent in pywats-api, and how it is here."""

from __future__ import annotations

import inspect
import json
from typing import TYPE_CHECKING, Any

import pytest

from pywats import RetryConfig, SyncConfig, pyWATS
from pywats.models import UnknownFieldError, UUTInfo, UUTReport, WatsFilter
from pywats.services import ReportProblemsError
from tests.docs.pages import DOCS

if TYPE_CHECKING:
    from pywats.sandbox import Sandbox

GUIDE = (DOCS / "guides" / "migrating-from-pywats-api.md").read_text(encoding="utf-8")


def a_test(api: pyWATS) -> UUTReport:
    report = api.report.create_uut_report("op", "PN", "A", "SN", 100)
    report.sequence().add_boolean("LED", True)
    return report


def test_the_silent_differences_come_first() -> None:
    headings = [line for line in GUIDE.splitlines() if line.startswith("## ")]
    assert headings[:3] == ["## Silent differences", "## Loud differences", "## What is left out"]
    (silent,) = [part for part in GUIDE.split("## ") if part.startswith("Silent")]
    assert silent.count("\n| ") > 15
    rows = [line for line in silent.splitlines() if line.startswith("| ")]
    assert "add_sub_unit" in rows[1]


def test_texts_that_could_be_swapped_are_keyword_only(api: pyWATS) -> None:
    report: Any = a_test(api)
    with pytest.raises(TypeError):
        report.add_sub_unit("PCBA", "SN", "PN", "A")
    create: Any = api.report.create_uur_report
    with pytest.raises(TypeError, match="call create_uur_from_uut"):
        create(report, "SN", "A", "op", test_operation_code=100)


def test_the_result_of_a_submission_has_the_id(api: pyWATS) -> None:
    report = a_test(api)
    report.add_sub_unit(part_number="S", serial_number="1", revision="A", part_type="PCBA")
    assert api.report.submit_report(report).id == report.id
    repair = api.report.create_uur_from_uut(report, "op")
    assert [unit.serial_number for unit in repair.sub_units or []] == ["SN", "1"]


def test_a_report_that_was_not_concluded_is_refused(api: pyWATS) -> None:
    report = a_test(api)
    report.sequence().add_boolean("Fan", False)
    with pytest.raises(ReportProblemsError, match=r"call conclude\(\)"):
        api.report.submit_report(report)
    assert report.conclude() == "F"
    api.report.submit_report(report)


def test_a_report_made_directly_has_no_start(api: pyWATS) -> None:
    fields = {"pn": "P", "sn": "S", "rev": "A", "process_code": 1, "result": "P"}
    report = UUTReport.model_validate({**fields, "machineName": "ST"})
    assert report.start is None
    assert report.problems()[0].startswith("start is missing")
    assert a_test(api).start is not None


def test_the_root_sequence_has_no_file_unless_it_is_given(api: pyWATS) -> None:
    assert a_test(api).sequence().seq_call is None
    named = api.report.create_uut_report(
        "op", "PN", "A", "SN", 100, sequence_name="main.seq", sequence_version="1"
    )
    api.report.submit_report(named)
    (row,) = api.report.query_headers()
    assert (row.sw_filename, row.sw_version) == ("main.seq", "1")


def test_a_status_of_all_is_sent(api: pyWATS, sandbox: Sandbox) -> None:
    api.analytics.get_volume_yield(WatsFilter(status="all"))
    assert json.loads(sandbox.requests[-1].body) == {"status": "all"}


def test_settings_are_given_once_and_do_not_change(sandbox: Sandbox) -> None:
    config = SyncConfig(timeout=7)
    with pyWATS(sandbox.base_url, sandbox.token, timeout=5, sync_config=config) as api:
        assert api.config.timeout == 5
        for name, value in (("timeout", 9), ("retry_config", RetryConfig())):
            with pytest.raises(AttributeError, match="with_options"):
                setattr(api, name, value)
    assert RetryConfig().jitter == "none"


@pytest.mark.parametrize("name", ["socket_index", "com_ref", "string_value", "batch_sn_format"])
def test_the_field_names_of_pywats_api_are_refused(name: str) -> None:
    with pytest.raises(UnknownFieldError):
        setattr(UUTInfo(), name, 1)


def test_the_filter_has_one_name_in_all_services(api: pyWATS) -> None:
    services = (
        api.report,
        api.product,
        api.asset,
        api.production,
        api.software,
        api.analytics,
        api.rootcause,
        api.scim,
        api.process,
    )
    named = set()
    for service in services:
        for _, method in inspect.getmembers(type(service), inspect.isfunction):
            named |= {each for each in inspect.signature(method).parameters if "filter" in each}
    # Step and sequence filters are XML texts of the API, and filter_id names a rule.
    others = {"include_filters", "step_filters", "sequence_filters", "filter_id"}
    assert named - others == {"filter"}
