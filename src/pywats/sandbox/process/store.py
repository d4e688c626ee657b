"""Process store of the sandbox: its operations, as the JSON that goes over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.models import RepairBinding
from pywats.sandbox.documents import report_key
from pywats.sandbox.process.plan import PROCESSES, Process, fixed_id
from pywats.sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Collection

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["ProcessStore"]


class ProcessStore:
    """The operations, which do not change; reports may also have codes of other operations."""

    def processes(self, kinds: Collection[str], *, inactive: bool) -> list[Row]:
        """Return the operations of some kinds in the form of the public API."""
        return [
            _public(process)
            for process in PROCESSES
            if process.kind in kinds and (process.active or inactive)
        ]

    def names(self) -> dict[str, str]:
        """Return the names of all operations by their codes."""
        return {str(process.code): process.name for process in PROCESSES}

    def internal_processes(self) -> list[Row]:
        """Return all operations in the form of the internal API."""
        return [_internal(process) for process in PROCESSES]

    def internal_process(self, process_id: str) -> Row:
        """Return one operation in the form of the internal API."""
        return _internal(_by_id(process_id))

    def repair_operations(self) -> Row:
        """Return the requirements of the repair operations, by their codes."""
        return {
            str(process.code): _repair_operation(process)
            for process in PROCESSES
            if process.fail_codes
        }

    def repair_operation(self, process_id: str) -> Row:
        """Return the requirements of one repair operation."""
        process = _by_id(process_id)
        if not process.fail_codes:
            raise ApiError(404, f"Process {process_id} is not a repair operation.")
        return _repair_operation(process)


def _by_id(process_id: str) -> Process:
    key = report_key(process_id)
    for process in PROCESSES:
        if process.key == key:
            return process
    raise ApiError(404, f"Process {process_id} does not exist.")


def _public(process: Process) -> Row:
    row: Row = {
        "code": process.code,
        "name": process.name,
        "description": None,
        "isTestOperation": process.kind == "Test",
        "isRepairOperation": process.kind == "Repair",
        "isWipOperation": process.kind == "Wip",
        "processIndex": PROCESSES.index(process),
        "state": int(process.active),
    }
    if process.fail_codes:
        row["repairOperation"] = {
            "uutBinding": int(RepairBinding.OPTIONAL),
            "bomBinding": int(RepairBinding.OPTIONAL),
            "vendorBinding": int(RepairBinding.NEVER),
        }
    return row


def _internal(process: Process) -> Row:
    return {
        "Code": process.code,
        "ProcessID": process.key,
        "Name": process.name,
        "Description": None,
        "ProcessIndex": PROCESSES.index(process),
        "State": int(process.active),
        "Properties": None,
        "IsTestOperation": process.kind == "Test",
        "IsWIPOperation": process.kind == "Wip",
        "IsRepairOperation": process.kind == "Repair",
    }


def _repair_operation(process: Process) -> Row:
    categories: list[JsonValue] = [
        _entry(process, [category], index, codes)
        for index, (category, codes) in enumerate(process.fail_codes.items())
    ]
    return {
        "Description": process.name,
        "UUTRequired": 1,
        "CompRefMask": None,
        "CompRefMaskDescription": None,
        "BomConstraint": None,
        "BOMRequired": 1,
        "VendorRequired": 2,
        "Categories": categories,
        "MiscInfos": [],
    }


def _entry(process: Process, path: list[str], place: int, codes: tuple[str, ...] = ()) -> Row:
    below: list[JsonValue] = [
        _entry(process, [*path, code], index) for index, code in enumerate(codes)
    ]
    return {
        "GUID": fixed_id(f"{process.code} {'/'.join(path)}"),
        "Description": path[-1],
        # Only fail codes can be selected for a failure, not categories.
        "Selectable": not below,
        "SortOrder": place,
        "FailureType": 0,
        "ImageConstraint": None,
        "Status": 1,
        "Failcodes": below,
    }
