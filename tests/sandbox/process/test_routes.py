"""The operations of the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pywats.models import UURReport

if TYPE_CHECKING:
    from pywats import pyWATS
    from pywats.sandbox import Sandbox


def test_bad_flags_and_ids_are_refused(sandbox: Sandbox) -> None:
    auth = (sandbox.username, sandbox.password)
    for path, message in (
        ("/api/App/Processes?includeWipOperations=1", "The value '1' is not valid for include"),
        ("/api/internal/Process/GetProcess/100", "The value '100' is not valid for an id."),
    ):
        response = httpx.get(sandbox.base_url + path, auth=auth)
        assert response.status_code == 400
        assert response.json()["Message"].startswith(message)


def test_repairs_can_be_filed_under_the_codes_of_the_sandbox(api: pyWATS) -> None:
    code = api.process.get_fail_codes()[0]
    repair = api.report.create_uur_report(
        "PN-1",
        "SN-1",
        "A",
        "ann",
        test_operation_code=api.process.get_default_test_code(),
        repair_process_code=api.process.get_default_repair_code(),
        station_name="ST-1",
    )
    repair.unit().add_failure(code.category, code.code)
    api.report.submit(repair)
    read = api.report.get_report(repair.id)
    assert isinstance(read, UURReport)
    assert read.process_code == 500
    (failure,) = read.unit().failures or []
    assert (failure.category, failure.code) == ("Soldering", "Cold joint")


def test_reports_may_have_codes_of_other_operations(api: pyWATS) -> None:
    assert not api.process.process_exists(9999)
    report = api.report.create_uut_report("ann", "PN-1", "A", "SN-1", 9999, station_name="ST-1")
    report.conclude()
    api.report.submit(report)
    assert api.report.get_report(report.id).process_code == 9999
