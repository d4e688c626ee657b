"""Models become rows of a data frame, and are not taken for dataclasses by what encodes those."""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from pythonjsonlogger.json import JsonFormatter

from pywats.models import Product, ReportHeader, ScimToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pydantic import BaseModel

    from pywats import pyWATS


def filled(api: pyWATS) -> None:
    for number in range(3):
        report = api.report.create_uut_report("op", "PCBA-100", "A", f"SN-{number}", 100)
        report.conclude()
        api.report.submit_report(report)


LISTS: dict[str, Callable[[pyWATS], Iterable[BaseModel]]] = {
    "a list": lambda api: api.report.query_headers(),
    "an iterator": lambda api: api.report.iter_headers(),
}


@pytest.mark.parametrize("rows", LISTS.values(), ids=LISTS)
def test_a_frame_has_a_column_for_each_field(
    rows: Callable[[pyWATS], Iterable[BaseModel]], api: pyWATS
) -> None:
    filled(api)
    frame = pd.DataFrame(map(dict, rows(api)))
    assert {"serial_number", "start", "result"} <= set(frame.columns)
    assert ReportHeader.model_fields.keys() <= set(frame.columns)
    assert sorted(frame["serial_number"]) == ["SN-0", "SN-1", "SN-2"]


def test_a_field_that_only_the_server_knows_is_a_column() -> None:
    rows = [Product.model_validate({"partNumber": "A", "colour": "red"})]
    frame = pd.DataFrame(map(dict, rows))
    assert frame["colour"].tolist() == ["red"]


def test_a_model_is_not_a_dataclass_whose_hidden_fields_encoders_would_write() -> None:
    token = ScimToken(token="not-for-logs")
    record = logging.makeLogRecord({"msg": "made", "made": token})
    assert "not-for-logs" not in JsonFormatter("%(message)s").format(record)
    assert not dataclasses.is_dataclass(token)
