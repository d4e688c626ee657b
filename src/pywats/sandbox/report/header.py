"""Conversion of a WSJF document into its row of the report list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.sandbox.documents import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import JsonValue

    from pywats.sandbox.requests import Row

__all__ = ["RESULTS", "header_of", "info_of", "steps_of"]

RESULTS = {"P": "Passed", "F": "Failed", "E": "Error", "T": "Terminated", "D": "Done"}


def header_of(document: Row, *, run: int, number: int, received: int, size: int) -> Row:
    """Return the row of a report, with all expandable fields."""
    info = info_of(document)
    repair = document["type"] == "R"
    cause = None if repair else next(_failed(document), None)
    path, step = cause or (None, None)
    header: Row = {
        "uuid": document["id"],
        "serialNumber": document["sn"],
        "partNumber": document["pn"],
        "reportType": "R" if repair else "U",
        "start": document["start"],
        "revision": document["rev"],
        "result": RESULTS.get(str(document.get("result")), "Unknown"),
        "batchNumber": info.get("batchSN"),
        "userName": info.get("user"),
        "stationName": document["machineName"],
        "location": document.get("location"),
        "purpose": document.get("purpose"),
        "measuresDeleted": False,
        "timeStamp": number,
        "processCode": document.get("processCode"),
        "processName": document.get("processName"),
        "comment": info.get("comment"),
        "executionTime": info.get("execTime"),
        "testSocketIndex": info.get("testSocketIndex"),
        "fixtureId": info.get("fixtureId"),
        "errorCode": info.get("errorCode"),
        "errorMessage": info.get("errorMessage"),
        "run": run,
        "receiveCount": received,
        "reportSize": size,
        "causedUutFailure": None if step is None else step.get("name"),
        "causedUutFailurePath": path,
        "referencedUut": info.get("refUUT"),
    }
    return header | _sequence_of(document) | _expandable(document, repair=repair)


def info_of(document: Row) -> Row:
    """Return the ``uut`` or ``uur`` part of a report."""
    info = document.get("uur" if document["type"] == "R" else "uut")
    return info if isinstance(info, dict) else {}


def steps_of(document: Row) -> Iterator[tuple[str, Row]]:
    """Yield path and step of a test report, parents first; names are joined by ``¶``."""
    root = document.get("root")
    if isinstance(root, dict):
        yield from _below("", root)


def _below(parent: str, step: Row) -> Iterator[tuple[str, Row]]:
    path = f"{parent}¶{step.get('name')}" if parent else str(step.get("name"))
    yield path, step
    for child in rows_of(step, "steps"):
        yield from _below(path, child)


def _failed(document: Row) -> Iterator[tuple[str, Row]]:
    for path, step in steps_of(document):
        if step.get("status") in {"F", "E", "T"} and not rows_of(step, "steps"):
            yield path, step


def _sequence_of(document: Row) -> Row:
    root = document.get("root")
    call = root.get("seqCall") if isinstance(root, dict) else None
    sequence = call if isinstance(call, dict) else {}
    return {"swFilename": sequence.get("name"), "swVersion": sequence.get("version")}


def _expandable(document: Row, *, repair: bool) -> Row:
    units: list[JsonValue] = [
        {
            "partType": unit.get("partType"),
            "serialNumber": unit.get("sn"),
            "partNumber": unit.get("pn"),
            "revision": unit.get("rev"),
        }
        for unit in rows_of(document, "subUnits")
    ]
    infos: list[JsonValue] = [
        {"description": info.get("description"), "value": info.get("text")}
        for info in rows_of(document, "miscInfos")
    ]
    if repair:
        files: list[JsonValue] = [
            {"id": file.get("id"), "filename": file.get("name")}
            for file in rows_of(document, "binaryData")
        ]
        return {"uurSubUnits": units, "uurMiscInfo": infos, "uurAttachments": files}
    attached: list[JsonValue] = [
        {"stepId": step.get("id"), "filename": file.get("name")}
        for _, step in steps_of(document)
        if isinstance(file := step.get("attachment"), dict)
    ]
    assets: list[JsonValue] = [
        {"serialNumber": asset.get("sn"), "runningCount": None, "totalCount": None}
        for asset in rows_of(document, "assets")
    ]
    return {"subUnits": units, "miscInfo": infos, "attachments": attached, "assets": assets}
