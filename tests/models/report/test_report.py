"""Reports: they go out and come back as they are, and say what is wrong with them."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from pywats.models import (
    Attachment,
    CompOp,
    NumericMeasurement,
    ReportMiscInfo,
    ReportStatus,
    SequenceCall,
    Step,
    StepStatus,
    StringMeasurement,
    UURInfo,
    UURReport,
    UURSubUnit,
    UUTInfo,
    UUTReport,
)
from pywats.models.report import BooleanMeasurement

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = Path(__file__).parents[4] / "shared" / "wats" / "wsjf_example.json"
UUT = {
    "id": "B4CCBBAA-A853-4E37-BF6F-241CE1661E33",
    "type": "T",
    "pn": "PN",
    "sn": "SN",
    "rev": "A",
    "processCode": 100,
    "processCodeFormat": "0",
    "result": "X",
    "machineName": "ST",
    "location": None,
    "start": "2026-01-02T03:04:05.1234567",
    "startUTC": "2026-01-02T02:04:05.1234567Z",
    "uut": {"user": "op", "execTime": 1, "referencedByUURs": [], "future": [1.50]},
    "assetStats": [{"sn": "AS1", "daysSinceCalibration": None}],
    "binaryData": [{"contentType": "text/plain", "data": "eA==", "name": "x.txt"}],
    "additionalData": [{"name": "n", "props": [{"name": "p", "type": "Number", "value": "1"}]}],
    "root": {
        "stepType": "WATS_SeqCall",
        "name": "Main",
        "group": "Q",
        "steps": [
            {
                "id": 3,
                "stepType": "ET_NLT",
                "name": "V",
                "numericMeas": [{"value": 1e400, "unit": None, "compOp": "NEW"}],
                "loop": {"idx": 1, "num": 2, "endingIndex": 1},
                "chart": {"chartType": "Line", "series": [{"name": "s", "xdata": "1;2"}]},
                "additionalResults": [],
            },
            {"stepType": "Unheard", "name": "U", "steps": []},
        ],
    },
}
UUR = {
    "id": "6b6b577b-16e5-4553-927a-a0348b850c3d",
    "type": "R",
    "pn": "PN",
    "sn": "SN",
    "rev": "A",
    "processCode": 500,
    "result": "P",
    "machineName": "ST",
    "uur": {"user": "rep", "execTime": 0.0, "testOperationGuid": None, "active": True},
    "subUnits": [
        {"pn": "PN", "sn": None, "idx": 0, "failures": [{"category": "c", "code": "d", "new": 1}]}
    ],
}


def test_a_report_goes_back_as_it_came() -> None:
    uut = json.dumps(UUT).replace("Infinity", '"Infinity"')
    report = UUTReport.model_validate_json(uut)
    assert json.loads(report.to_wire_json()) == json.loads(uut)
    assert report.root is not None
    step, below = report.root.steps or []
    assert (type(below), step.id, report.result) == (SequenceCall, 3, "X")
    assert json.loads(UURReport.model_validate(UUR).to_wire_json()) == UUR


@pytest.mark.only_where(SAMPLE.exists(), reason="it needs the sample of the API facts")
def test_the_sample_of_the_api_facts_goes_back_as_it_came() -> None:
    sample = json.loads(SAMPLE.read_text(encoding="utf-8"))
    uut = UUTReport.model_validate_json(json.dumps(sample["uut"]))
    assert json.loads(uut.to_wire_json()) == sample["uut"]
    uur = UURReport.model_validate_json(json.dumps(sample["uur"]))
    assert json.loads(uur.to_wire_json()) == sample["uur"]
    assert (uut.problems(), uur.problems()) == ([], [])


@pytest.mark.parametrize(
    ("comp_op", "passing", "failing"),
    [
        (CompOp.EQ, [1.0], [0.0, 2.0, math.nan]),
        (CompOp.EQT, [1.0], [0.0, 2.0]),
        (CompOp.NE, [0.0, 2.0], [1.0]),
        (CompOp.LT, [0.0, -math.inf], [1.0, 2.0]),
        (CompOp.LE, [0.0, 1.0], [2.0]),
        (CompOp.GT, [2.0, math.inf], [0.0, 1.0]),
        (CompOp.GE, [1.0, 2.0], [0.0, math.nan]),
        (CompOp.GTLT, [2.0], [1.0, 3.0, 0.0, 4.0]),
        (CompOp.GTLE, [2.0, 3.0], [1.0, 4.0]),
        (CompOp.GELT, [1.0, 2.0], [3.0, 0.0]),
        (CompOp.GELE, [1.0, 2.0, 3.0], [0.0, 4.0, math.nan]),
        (CompOp.LTGT, [0.0, 4.0], [1.0, 2.0, 3.0]),
        (CompOp.LTGE, [0.0, 3.0, 4.0], [1.0, 2.0]),
        (CompOp.LEGT, [0.0, 1.0, 4.0], [2.0, 3.0]),
        (CompOp.LEGE, [0.0, 1.0, 3.0, 4.0], [2.0]),
    ],
)
def test_a_number_is_compared_with_its_limits(
    comp_op: CompOp, passing: list[float], failing: list[float]
) -> None:
    def within(value: float) -> bool | None:
        measured = NumericMeasurement(value=value, comp_op=comp_op, low_limit=1, high_limit=3)
        return measured.within_limits()

    assert [within(value) for value in passing] == [True] * len(passing)
    assert [within(value) for value in failing] == [False] * len(failing)


@pytest.mark.parametrize(
    "fields",
    [
        {"value": 1, "comp_op": "LOG", "low_limit": 1},
        {"value": 1, "comp_op": "NEW", "low_limit": 1},
        {"value": 1, "comp_op": "CASESENSIT", "low_limit": 1, "high_limit": 1},
        {"value": 1, "low_limit": 1},
        {"value": None, "comp_op": "EQ", "low_limit": 1},
        {"value": "open", "comp_op": "EQ", "low_limit": 1},
        {"value": 1, "comp_op": "EQ"},
        {"value": 1, "comp_op": "GELE", "low_limit": 1},
        {"value": 1, "comp_op": "GELE", "high_limit": 1},
    ],
)
def test_what_cannot_be_compared_is_not(fields: dict[str, object]) -> None:
    assert NumericMeasurement.model_validate(fields).within_limits() is None


def test_an_upper_limit_alone_may_stand_in_either_field() -> None:
    assert NumericMeasurement(value=2, comp_op=CompOp.LE, high_limit=3).within_limits()
    assert NumericMeasurement(value="2", comp_op=CompOp.LE, low_limit="3").within_limits()


@pytest.mark.parametrize(
    ("comp_op", "value", "limit", "within"),
    [
        ("EQ", "a", "a", True),
        ("EQ", "a", "A", False),
        ("CASESENSIT", "a", "A", False),
        ("IGNORECASE", "straße", "STRASSE", True),
        ("NE", "a", "b", True),
        ("NE", "a", "a", False),
        ("GT", "a", "b", None),
        ("LOG", "a", "a", None),
        ("NEW", "a", "a", None),
        ("EQ", None, "a", None),
        ("EQ", "a", None, None),
    ],
)
def test_a_text_is_compared_with_its_limit(
    comp_op: str,
    value: str | None,
    limit: str | None,
    within: bool | None,  # noqa: FBT001 - it is what is expected
) -> None:
    measured = StringMeasurement(value=value, comp_op=comp_op, limit=limit)
    assert measured.within_limits() is within


@pytest.mark.parametrize(
    ("value", "written"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")]
)
def test_a_number_that_json_cannot_write_is_not_lost(value: float, written: str) -> None:
    root = SequenceCall(name="Main")
    step = root.add_numeric("V", value, "V", comp_op=CompOp.GELE, low_limit=1, high_limit=2)
    assert json.loads(step.to_wire_json())["numericMeas"][0]["value"] == written
    assert step.status is StepStatus.FAILED


@pytest.mark.parametrize(
    ("value", "written"), [(math.nan, "NaN"), (math.inf, "Infinity"), (-math.inf, "-Infinity")]
)
def test_information_that_json_cannot_write_is_not_lost(value: float, written: str) -> None:
    report = make()
    report.misc_infos = [ReportMiscInfo(description="Drift", numeric=value)]
    sent = report.to_wire_json()
    assert json.loads(sent)["miscInfos"] == [{"description": "Drift", "numeric": written}]
    assert UUTReport.model_validate_json(sent).to_wire_json() == sent


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_duration_is_finite(value: float) -> None:
    report = make()
    with pytest.raises(ValueError, match="exec_time=.*: must be a finite number, or None"):
        report.conclude(exec_time=value)
    with pytest.raises(ValueError, match="exec_time=.*: must be a finite number, or None"):
        UURInfo(exec_time=value)
    response = b'{"execTime":"NaN"}'
    for kind in (UUTInfo, UURInfo):
        assert kind.model_validate_json(response).to_wire_json() == response


def test_what_is_made_directly_says_what_it_is() -> None:
    fields = {"pn": "PN", "sn": "SN", "rev": "A", "process_code": 1, "result": "P"}
    test = UUTReport.model_validate({**fields, "machineName": "ST"})
    test.root = SequenceCall(name="Main", steps=[SequenceCall(name="Sub")])
    sent = json.loads(test.to_wire_json())
    assert sent["type"] == "T"
    assert sent["root"] == {
        "stepType": "SequenceCall",
        "name": "Main",
        "steps": [{"stepType": "SequenceCall", "name": "Sub"}],
    }
    repair = UURReport.model_validate({**fields, "machineName": "ST"})
    assert json.loads(repair.to_wire_json())["type"] == "R"
    assert sent.keys() - fields.keys() == {"id", "type", "processCode", "machineName", "root"}


def make() -> UUTReport:
    return UUTReport(
        pn="PN",
        sn="SN",
        rev="A",
        process_code=100,
        result=ReportStatus.PASSED,
        machineName="ST",
        start=datetime(2026, 1, 2, tzinfo=UTC),
    )


def test_a_report_is_built_step_by_step() -> None:
    report = make()
    root = report.sequence()
    assert report.sequence() is root
    root.add_boolean("power", True)
    inner = root.add_sequence("inner", "inner.seq", "1.0", path="C:/inner.seq")
    inner.add_string("version", "1.2", "1.2")
    inner.add_string("serial", "X")
    numbers = [
        NumericMeasurement(name="a", value=1, comp_op=CompOp.GE, low_limit=1),
        NumericMeasurement(name="b", value=1, comp_op=CompOp.GT, low_limit=1),
        NumericMeasurement(name="c", value=1, comp_op=CompOp.GT, low_limit=1, status="P"),
    ]
    step = inner.add_numerics("many", numbers)
    assert [each.status for each in step.numeric_meas or []] == ["P", "F", "P"]
    assert step.status is StepStatus.FAILED
    root.add_step("wait", "NI_Wait")
    report.conclude(2.5)
    assert (report.result, root.status, inner.status) == ("F", "F", "F")
    assert report.info == UUTInfo(exec_time=2.5)
    names = [each.name for each in root.steps or []]
    assert names == ["power", "inner", "wait"]
    assert inner.add_numerics("fine", [NumericMeasurement(value=1)]).status is StepStatus.PASSED


CANNOT_BE_COMPARED: list[tuple[dict[str, object], str]] = [
    ({"comp_op": "gele", "low_limit": 0, "high_limit": 1}, "comp_op='gele' is none of LOG, EQ, "),
    ({"comp_op": "CASESENSIT", "low_limit": 0}, "CASESENSIT compares texts, not numbers"),
    ({"comp_op": "GELE"}, "GELE needs low_limit and high_limit"),
    ({"comp_op": "GELE", "high_limit": 1}, "GELE needs low_limit"),
    ({"comp_op": "LTGT", "low_limit": 1}, "LTGT needs high_limit"),
    ({"comp_op": "LE"}, "LE needs low_limit"),
    ({"comp_op": "LE", "high_limit": "max"}, "high_limit='max' is not a number"),
    ({"comp_op": "GE", "low_limit": 0, "value": "99 V"}, "value='99 V' is not a number"),
    ({"comp_op": "GE", "low_limit": 0, "value": None}, "value is missing"),
    ({"low_limit": 1, "high_limit": 6}, "low_limit=1, high_limit=6 without a .*, such as GELE"),
    ({"comp_op": "LOG", "low_limit": 1}, "low_limit=1 without a comparison: .*, such as GE"),
    ({"comp_op": None, "high_limit": 6}, "high_limit=6 without a comparison: .*, such as LE"),
]
TEXT_CANNOT_BE_COMPARED: list[tuple[dict[str, object], str]] = [
    ({"comp_op": "eq", "limit": "a"}, "comp_op='eq' is none of LOG, EQ, "),
    ({"comp_op": "GE", "limit": "a"}, "GE does not compare texts, as EQ, NE, CASESENSIT, "),
    ({"comp_op": "NE"}, "NE needs limit"),
    ({"comp_op": "EQ", "limit": "a", "value": None}, "value is missing"),
    ({"comp_op": "LOG", "limit": "a"}, "limit='a' without a comparison: .*, such as EQ"),
]


@pytest.mark.parametrize(("fields", "why"), CANNOT_BE_COMPARED)
def test_a_number_that_cannot_be_compared_does_not_pass(
    fields: dict[str, object], why: str
) -> None:
    root = SequenceCall(name="Main")
    # As a program without types would call it.
    add_numeric: Callable[..., Step] = root.add_numeric
    measured = NumericMeasurement.model_validate({"name": "a", "value": 99, **fields})
    fine = NumericMeasurement(name="b", value=1)
    with pytest.raises(ValueError, match=f"^step 'x' cannot be judged: {why}.*; fix that, or "):
        add_numeric("x", **{"value": 99, **fields})
    with pytest.raises(ValueError, match=f"^step 'x': measurement 'a' cannot be judged: {why}"):
        root.add_numerics("x", [fine, measured])
    assert (root.steps, fine.status, measured.status) == (None, None, None)
    assert add_numeric("x", **{"value": 99, **fields}, status=StepStatus.DONE).status == "D"


@pytest.mark.parametrize(("fields", "why"), TEXT_CANNOT_BE_COMPARED)
def test_a_text_that_cannot_be_compared_does_not_pass(fields: dict[str, object], why: str) -> None:
    root = SequenceCall(name="Main")
    add_string: Callable[..., Step] = root.add_string
    with pytest.raises(ValueError, match=f"^step 'x' cannot be judged: {why}.*; fix that, or "):
        add_string("x", **{"value": "99", **fields})
    assert root.steps is None
    assert add_string("x", **{"value": "99", **fields}, status=StepStatus.DONE).status == "D"


def test_a_test_names_what_passed_without_a_comparison() -> None:
    report = make()
    report.info = UUTInfo(user="op")
    step = report.sequence().add_step("x")
    for status in StepStatus:
        step.numeric_meas = [NumericMeasurement(value=99, comp_op=CompOp.GELE, status=status)]
        step.string_meas = [StringMeasurement(name="s", value="a", comp_op="New", status=status)]
        step.status = status
        report.conclude()
        problems = report.problems()
        if status is StepStatus.PASSED:
            place = "step 'x': measurement"
            number, text = problems
            why = "GELE needs low_limit and high_limit"
            assert number == f"{place} '' passed but cannot be compared: {why}"
            assert text.startswith(f"{place} 's' passed but cannot be compared: comp_op='New' is ")
        else:
            assert problems == []


class Bool:
    """A bool as that of numpy is: not Python's, but made into one."""

    def __init__(self, value: float) -> None:
        self._value = value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __float__(self) -> float:
        return float(self._value)


@pytest.mark.parametrize("value", [False, 0, 0.0, Bool(0), Bool(0.0)])
def test_a_no_fails_whatever_stands_for_it(value: bool) -> None:  # noqa: FBT001 - what is measured
    step = SequenceCall(name="Main").add_boolean("b", value)
    (measured,) = step.boolean_meas or []
    assert (step.status, measured.status, measured.value) == ("F", "F", False)


@pytest.mark.parametrize("value", [True, 1, Bool(1)])
def test_a_yes_passes_whatever_stands_for_it(value: bool) -> None:  # noqa: FBT001 - what is measured
    step = SequenceCall(name="Main").add_boolean("b", value)
    (measured,) = step.boolean_meas or []
    assert (step.status, measured.status, measured.value) == ("P", "P", True)


def test_what_is_neither_yes_nor_no_is_refused() -> None:
    root = SequenceCall(name="Main")
    nothing: bool = None  # type: ignore[assignment]  # the mistake under test
    with pytest.raises(ValueError, match=r"step 'b' cannot be judged: value is missing; give True"):
        root.add_boolean("b", nothing)
    perhaps: bool = "perhaps"  # type: ignore[assignment]  # the mistake under test
    with pytest.raises(ValueError, match="valid boolean"):
        root.add_boolean("b", perhaps)
    assert root.steps is None
    assert root.add_boolean("b", nothing, status=StepStatus.SKIPPED).status == "S"


@pytest.mark.parametrize(
    ("statuses", "result"),
    [
        (["P", "D", "S"], "P"),
        (["P", "F"], "F"),
        (["F", "T"], "T"),
        (["F", "T", "E"], "E"),
        ([], "P"),
    ],
)
def test_the_worst_step_decides(statuses: list[str], result: str) -> None:
    report = make()
    for status in statuses:
        report.sequence().add_step("s", status=StepStatus(status))
    report.conclude()
    assert report.result == result


@pytest.mark.parametrize(
    ("statuses", "result"),
    [("PF", "F"), ("FT", "T"), ("TEF", "E"), ("PDS", "P"), ("PE", "E"), ("T", "T"), ("", "P")],
)
def test_the_worst_number_decides(statuses: str, result: str) -> None:
    numbers = [
        NumericMeasurement(name=str(index), value=1, status=status)
        for index, status in enumerate(statuses)
    ]
    assert SequenceCall(name="Main").add_numerics("many", numbers).status == result


UNKNOWN = (
    "='Failed' is none of P (passed), F (failed), S (skipped), D (done), E (error), T (terminated)"
)


def test_an_unknown_status_is_never_taken_for_passed() -> None:
    report = make()
    report.info = UUTInfo(user="op")
    root = report.sequence()
    number = NumericMeasurement(name="a", value=1, status="Failed")
    with pytest.raises(ValueError, match=re.escape(f"step 'n': measurement 'a': status{UNKNOWN}")):
        root.add_numerics("n", [number])
    step = root.add_sequence("inner").add_step("x")
    step.status = "Failed"
    step.numeric_meas = [number]
    for conclude in (root.conclude, report.conclude):
        with pytest.raises(ValueError, match=re.escape(f"step 'x': status{UNKNOWN}")):
            conclude()
    report.result = "Failed"
    assert report.problems() == [
        f"result{UNKNOWN.replace('S (skipped), ', '')}",
        f"step 'x': status{UNKNOWN}",
        f"step 'x': measurement 'a': status{UNKNOWN}",
    ]
    step.status = None
    with pytest.raises(ValueError, match=re.escape(f"step 'x': measurement 'a': status{UNKNOWN}")):
        root.conclude()
    step.numeric_meas = None
    assert root.conclude() is StepStatus.PASSED


def test_a_chart_has_its_points() -> None:
    step = SequenceCall(name="Main").add_step("sweep")
    chart = step.draw("Sweep", {"gain": [(1.0, 0.5), (10.0, 0.25)]}, x_unit="Hz")
    assert json.loads(chart.to_wire_json()) == {
        "chartType": "Line",
        "label": "Sweep",
        "xLabel": "X",
        "xUnit": "Hz",
        "yLabel": "Y",
        "yUnit": "",
        "series": [{"name": "gain", "dataType": "XYG", "xdata": "1.0;10.0", "ydata": "0.5;0.25"}],
    }


class Float(float):
    """A number as numpy's are: a float with a repr of its own."""

    def __repr__(self) -> str:
        return f"np.float64({float(self)!r})"


def test_a_chart_has_plain_numbers_whatever_stands_for_them() -> None:
    step = SequenceCall(name="Main").add_step("sweep")
    (line,) = step.draw("Sweep", {"gain": [(Float(1.0), Float(0.1)), (2, 1e300)]}).series or []
    assert (line.xdata, line.ydata) == ("1.0;2.0", "0.1;1e+300")


def test_a_chart_has_every_point_of_an_iterator() -> None:
    step = SequenceCall(name="Main").add_step("sweep")
    (line,) = step.draw("Sweep", {"gain": zip([1, 2], [3, 4], strict=True)}).series or []
    assert (line.xdata, line.ydata) == ("1.0;2.0", "3.0;4.0")


def test_a_chart_writes_numbers_that_are_not_finite_as_measurements_do() -> None:
    step = SequenceCall(name="Main").add_step("sweep")
    points = [(0, math.nan), (1, math.inf), (2, -math.inf)]
    (line,) = step.draw("Sweep", {"gain": points}).series or []
    assert line.ydata == "NaN;Infinity;-Infinity"
    assert line.ydata.split(";") == [NumericMeasurement(value=y).value for _, y in points]


@pytest.mark.parametrize("point", [1, (1, 2, 3), (1, "high"), (1, None)])
def test_a_point_that_is_not_a_pair_of_numbers_is_refused(point: tuple[float, float]) -> None:
    draw = SequenceCall(name="Main").add_step("sweep").draw
    told = re.escape(f"series['gain']: point 1 is {point!r}: must be a pair of numbers")
    with pytest.raises(TypeError, match=told):
        draw("Sweep", {"gain": [(0, 0), point]})


class Int64:
    """An integer like those of numpy: no int, made into one exactly, and into a float."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value

    def __float__(self) -> float:
        return float(self.value)


def test_an_integer_of_numpy_is_not_rounded() -> None:
    counted = Int64(2**53 + 1)
    measured = NumericMeasurement.model_validate({"value": counted, "high_limit": counted})
    assert json.loads(measured.to_wire_json()) == {"value": 2**53 + 1, "highLimit": 2**53 + 1}
    info = ReportMiscInfo.model_validate({"description": "pulses", "numeric": counted})
    assert json.loads(info.to_wire_json())["numeric"] == 2**53 + 1


class Array:
    """An array like those of numpy: it has the method of an integer, but only some are one."""

    def __index__(self) -> int:
        raise TypeError("only integer scalar arrays can be converted to a scalar index")

    def __float__(self) -> float:
        return 1.5


def test_an_array_of_numpy_with_one_float_is_a_float() -> None:
    assert NumericMeasurement.model_validate({"value": Array()}).value == 1.5


def test_files_come_out_as_they_went_in_and_do_not_fill_the_screen() -> None:
    report = make()
    file = report.attach("x.bin", b"\x00\xff")
    assert file.content() == b"\x00\xff"
    assert "AP8=" not in repr(report)
    with pytest.raises(ValueError, match="attachment 'y' holds no data"):
        Attachment(name="y").content()
    with pytest.raises(ValueError, match="attachment 'y' is not base64: "):
        Attachment(name="y", data="?").content()
    with pytest.raises(ValidationError, match="name"):
        Attachment(name="")


def test_a_test_says_what_is_wrong_with_it() -> None:
    report = make()
    assert report.problems() == [
        "info is missing: a test report has a UUTInfo",
        "root is missing: a test report has a sequence of steps",
    ]
    report.sequence()
    report.info = UUTInfo(user="op")
    assert report.problems() == []
    report.serial_number = " "
    report.process_code = -1
    report.start = datetime(2026, 1, 2)  # noqa: DTZ001 - the mistake under test
    report.add_misc_info("", "text")
    report.binary_data = [Attachment(name="x", data="?")]
    report.purpose = "p" * 101
    report.add_misc_info("d", "t" * 101)
    assert report.problems() == [
        "serial_number is empty",
        "purpose has 101 characters: 100 are allowed",
        "process_code=-1 is negative",
        "start has no time zone: give it one, for example .astimezone()",
        "misc_infos[0].description is empty",
        "misc_infos[1].text has 101 characters: 100 are allowed",
        "binary_data is for repairs only: attach files to a step, or call attach()",
        "binary_data[0]: attachment 'x' is not base64: Only base64 data is allowed",
    ]


def test_a_test_says_what_is_wrong_with_its_steps() -> None:
    report = make()
    report.info = UUTInfo(user="op")
    root = report.sequence()
    root.add_numerics("many", [NumericMeasurement(value=1), NumericMeasurement(name="a", value=2)])
    step = root.add_numeric("V", 3, comp_op=CompOp.LT, low_limit=1)
    step.status = StepStatus.PASSED
    step.boolean_meas = [BooleanMeasurement(name="b", status="E")]
    step.string_meas = [StringMeasurement(name="s", value="x", status="T")]
    step.attachment = Attachment(name="x")
    root.add_boolean("b", False, status=StepStatus.PASSED)
    root.add_sequence(" ")
    root.status = StepStatus.ERROR
    assert report.problems() == [
        "result is passed but the root sequence is E: call conclude()",
        "step 'many': each of several measurements needs a name of its own",
        "step 'V': measurement '' failed but the step passed",
        "step 'V': measurement 'b' had an error but the step passed",
        "step 'V': measurement 's' was terminated but the step passed",
        "step 'b': measurement '' passed but its value is False",
        "step ' ': the name is empty",
        "step 'V': attachment: attachment 'x' holds no data",
    ]


def test_a_test_that_was_not_concluded_says_which_step_failed() -> None:
    report = make()
    report.info = UUTInfo(user="op")
    inner = report.sequence().add_sequence("inner")
    step = inner.add_numeric("V", 3, comp_op=CompOp.LT, low_limit=1)
    remedy = "call conclude(), or set caused_seq_failure=False on that step if it is meant"
    assert report.problems() == [f"step 'inner' passed but step 'V' failed: {remedy}"]
    report.conclude()
    assert report.problems() == []
    assert report.result is ReportStatus.FAILED
    inner.status = report.sequence().status = StepStatus.PASSED
    report.result = ReportStatus.PASSED
    step.caused_seq_failure = False
    assert report.problems() == []


def test_a_repair_says_what_is_wrong_with_it() -> None:
    report = UURReport.model_validate_json(json.dumps(UUR))
    assert report.problems() == []
    report = UURReport.model_validate({**UUR, "start": datetime(2026, 1, 2, tzinfo=UTC)})
    assert report.problems() == ["sub_units[0].part_type is missing: 'Unknown' is allowed"]
    report.info = None
    report.sub_units = [
        UURSubUnit(pn=" ", idx=1, part_type="t" * 51),
        UURSubUnit(pn="B", idx=1, parent_idx=7, part_type="T", rev="r" * 101),
    ]
    assert report.problems() == [
        "sub_units[0].part_number is empty",
        "sub_units[0].part_type has 51 characters: 50 are allowed",
        "sub_units[1].revision has 101 characters: 100 are allowed",
        "info is missing: a repair report has a UURInfo",
        "sub_units: two have the same idx",
        "sub_units: parent_idx=7 names no sub unit",
    ]
    assert report.unit().idx == 0
    assert report.unit() is report.unit()


def exported(step: dict[str, object]) -> str:
    """Return a report as a server exports it, with one step."""
    document = {
        **UUT,
        "result": "P",
        "subUnits": [{"pn": "A", "sn": "1"}],
        "root": {"stepType": "SequenceCall", "name": "M", "status": "P", "steps": [step]},
    }
    return json.dumps(document)


@pytest.mark.parametrize(
    "step",
    [
        {"stringMeas": [{"compOp": "IgnoreCase", "status": "P", "value": "a", "limit": "A"}]},
        {"stringMeas": [{"compOp": "Unheard", "status": "P", "value": "a", "limit": "a"}]},
        {"numericMeas": [{"name": "a", "value": 1}, {"name": "a", "value": 2}]},
        {"numericMeas": [{"name": "a", "value": 1}, {"name": None, "value": 2}]},
        {"numericMeas": [{"compOp": "LT", "status": "P", "value": 5, "lowLimit": 4}]},
        {"booleanMeas": [{"status": "P", "value": False}]},
        {"name": "n" * 101, "status": "Unheard"},
    ],
)
def test_what_was_read_can_be_sent_back(step: dict[str, object]) -> None:
    text = exported({"stepType": "T", "name": "s", "status": "P", **step})
    report = UUTReport.model_validate_json(text)
    assert report.problems() == []
    assert json.loads(report.to_wire_json()) == json.loads(text)
    assert report.root is not None
    assert report.root.steps is not None
    report.root.steps.append(Step(step_type="T", name=" "))
    assert report.problems() == ["step ' ': the name is empty"]


def test_the_same_problem_a_second_time_is_new() -> None:
    report = UUTReport.model_validate_json(exported({"stepType": "T", "name": " "}))
    assert report.problems() == []
    report.sequence().add_step(" ")
    assert report.problems() == ["step ' ': the name is empty"]


def test_a_comparison_as_servers_export_it_is_made() -> None:
    for comp_op, value, within in [
        ("IgnoreCase", "A", True),
        ("IgnoreCase", "b", False),
        ("Equal", "a", True),
        ("Equal", "A", False),
    ]:
        measured = StringMeasurement(value=value, comp_op=comp_op, limit="a")
        assert (measured.within_limits(), measured.comp_op) == (within, comp_op)
    assert NumericMeasurement(value=1, comp_op="Equal", low_limit=1).within_limits()


@pytest.mark.parametrize("value", [3.9, 6.1, math.nan, math.inf])
def test_a_value_changed_after_it_was_judged_does_not_pass(value: float) -> None:
    report = make()
    report.info = UUTInfo(user="op")
    step = report.sequence().add_numeric("V", 5, comp_op=CompOp.GELE, low_limit=4, high_limit=6)
    assert (report.conclude(), report.problems()) == ("P", [])
    (measured,) = step.numeric_meas or []
    measured.value = value
    report.conclude()
    (problem,) = report.problems()
    assert problem == (
        f"step 'V': measurement '' passed but value='{measured.value}', comp_op='GELE', "
        "low_limit='4', high_limit='6' does not hold"
    )
    # The remedy of the docstring: both are judged again.
    measured.status = step.status = None
    assert report.conclude() == "F"
    assert [measured.status, step.status] == ["F", "F"]
    assert report.problems() == []


def test_a_step_without_a_status_is_judged_by_its_measurements() -> None:
    report = make()
    report.info = UUTInfo(user="op")
    numbers = [
        NumericMeasurement(value=9, comp_op=CompOp.GELE, low_limit=4, high_limit=6, name="a"),
        NumericMeasurement(value=5, comp_op=CompOp.GELE, low_limit=4, high_limit=6, name="b"),
    ]
    report.sequence().steps = [
        Step(step_type="T", name="n", numeric_meas=numbers),
        Step(step_type="T", name="b", boolean_meas=[BooleanMeasurement(value=True)]),
        Step(step_type="T", name="s", string_meas=[StringMeasurement(value="x")], status="E"),
        Step(step_type="T", name="nothing"),
    ]
    assert report.conclude() == "E"
    assert [each.status for each in report.steps()] == ["E", "F", "P", "E", None]
    assert [each.status for each in numbers] == ["F", "P"]
    assert report.problems() == []
    report.sequence().steps = [
        Step(step_type="T", name="n", numeric_meas=[NumericMeasurement(value=1, comp_op="GE")])
    ]
    with pytest.raises(ValueError, match="step 'n' cannot be judged: GE needs low_limit"):
        report.conclude()


def test_several_yes_or_no_values_and_texts_make_one_step() -> None:
    root = SequenceCall(name="Main")
    values = [BooleanMeasurement(name="a", value=True), BooleanMeasurement(name="b", value=False)]
    leds = root.add_booleans("LEDs", values)
    texts = root.add_strings(
        "Labels",
        [
            StringMeasurement(name="a", value="x", comp_op=CompOp.EQ, limit="x"),
            StringMeasurement(name="b", value="x", status="T"),
        ],
    )
    assert (leds.step_type, leds.status) == ("ET_MPFT", "F")
    assert [each.status for each in leds.boolean_meas or []] == ["P", "F"]
    assert (texts.step_type, texts.status) == ("ET_MSVT", "T")
    assert [each.status for each in texts.string_meas or []] == ["P", "T"]
    with pytest.raises(ValueError, match="step 'x': measurement 'a' cannot be judged: value is"):
        root.add_booleans("x", [BooleanMeasurement(name="a")])
    with pytest.raises(ValueError, match="step 'x' cannot be judged: EQ needs limit"):
        root.add_strings("x", [StringMeasurement(value="a", comp_op=CompOp.EQ)])
    assert len(root.steps or []) == 2


def test_the_file_of_a_test_belongs_to_a_step(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"hello")
    report = make()
    report.info = UUTInfo(user="op")
    files = [
        report.attach("x.bin", b"1"),
        report.attach_file(path),
        report.attach_file(path, "text/log"),
        report.sequence().add_step("s").attach_file(path),
    ]
    types = ["application/octet-stream", "text/plain", "text/log", "text/plain"]
    assert [each.content_type for each in files] == types
    assert [each.name for each in files] == ["x.bin", "log.txt", "log.txt", "log.txt"]
    assert files[1].content() == b"hello"
    steps = [step for step in report.steps() if step.attachment is not None]
    assert [step.attachment for step in steps] == files
    assert (report.binary_data, report.problems()) == (None, [])
    with pytest.raises(FileNotFoundError):
        report.attach_file(tmp_path / "none")


def test_the_file_of_a_repair_belongs_to_the_report(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(b"png")
    report = UURReport.model_validate(UUR)
    report.attach_file(path)
    report.attach("x", b"1")
    names = [(each.name, each.content_type) for each in report.binary_data or []]
    assert names == [("photo.png", "image/png"), ("x", "application/octet-stream")]


def test_an_asset_is_added_with_its_use() -> None:
    report = make()
    report.add_asset("FIX-1")
    report.add_asset("FIX-2", 3, asset_type="Fixture")
    assert json.loads(report.to_wire_json())["assets"] == [
        {"sn": "FIX-1", "usageCount": 1},
        {"sn": "FIX-2", "usageCount": 3, "assetType": "Fixture"},
    ]
    with pytest.raises(ValueError, match="usage_count=-1: must be 0 or more"):
        report.add_asset("FIX-3", -1)


def test_a_report_is_saved_whole_or_not_at_all(tmp_path: Path) -> None:
    report = make()
    named = report.save(tmp_path / "report.json")
    by_id = report.save(tmp_path)
    assert named.read_bytes() == by_id.read_bytes() == report.to_wire_json()
    assert by_id == tmp_path / f"{report.id}.json"
    assert UUTReport.model_validate_json(named.read_bytes()).to_wire_json() == named.read_bytes()
    with pytest.raises(FileNotFoundError):
        report.save(tmp_path / "none" / "report.json")
    by_id.unlink()
    by_id.mkdir()
    with pytest.raises(OSError, match="directory"):
        report.save(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([named, by_id])


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("serial_number", "SN-2", "serial_number SN to SN-2"),
        ("part_number", "PN-2", "part_number PN to PN-2"),
        ("process_code", 200, "process_code 100 to 200"),
        ("start", datetime(2026, 1, 3, tzinfo=UTC), "start 2026-01-02 00:00:00+00:00 to 2026-01-0"),
    ],
)
def test_a_report_is_not_reused_for_the_next_unit(field: str, value: object, said: str) -> None:
    report = make()
    report.info = UUTInfo(user="op")
    report.sequence()
    other = report.model_copy(deep=True)
    setattr(other, field, value)
    assert other.problems() == []
    report.note_submitted()
    report.add_misc_info("corrected", "yes")
    assert report.problems() == []
    read = UUTReport.model_validate_json(report.to_wire_json())
    for each in (report, read):
        setattr(each, field, value)
        (problem,) = each.problems()
        assert said in problem
        assert problem.endswith("make a new report, or set id = uuid.uuid4()")
        each.id = uuid4()
        assert each.problems() == []


def test_reports_are_equal_whatever_happened_to_them() -> None:
    report = make()
    report.add_misc_info("", "")
    read = UUTReport.model_validate_json(report.to_wire_json())
    assert read == report
    read.note_submitted()
    assert read == report == report.model_copy(deep=True)
    read.serial_number = "SN-2"
    assert read != report


def test_a_template_without_an_id_is_a_new_report_each_time() -> None:
    document = json.loads(make().to_wire_json())
    del document["id"]
    report = UUTReport.model_validate_json(json.dumps(document))
    report.serial_number = "SN-2"
    assert report.problems() == []


def test_the_texts_of_a_sub_unit_have_names() -> None:
    report = make()
    add_sub_unit: Any = report.add_sub_unit
    with pytest.raises(TypeError, match="positional argument"):
        add_sub_unit("PCBA", "SN", "PN", "A")
    unit = report.add_sub_unit(part_number="PN", serial_number="SN", revision="A")
    assert json.loads(unit.to_wire_json()) == {
        "pn": "PN",
        "sn": "SN",
        "rev": "A",
        "partType": "Unknown",
    }
