"""Unknown fields: kept where the server sent them, refused where a program gives them."""

from __future__ import annotations

import copy
import json
import pickle
from typing import TYPE_CHECKING

import pytest

from pywats import models
from pywats.models import NumericMeasurement, Step, UUTInfo, UUTReport, WatsFilter
from pywats.models.base import WATSModel
from pywats.models.unknown_fields import UnknownFieldError, python_names

if TYPE_CHECKING:
    from collections.abc import Callable

MODELS = sorted(
    (
        found
        for name in models.__all__
        if isinstance(found := getattr(models, name), type) and issubclass(found, WATSModel)
    ),
    key=lambda kind: kind.__name__,
)
HEADER: dict[str, object] = {
    "pn": "PN",
    "sn": "SN",
    "rev": "A",
    "process_code": 100,
    "result": "P",
    "machineName": "ST",
}


def make(kind: Callable[..., WATSModel], **fields: object) -> Callable[[], object]:
    """Return a constructor call as a program without types would write it."""
    return lambda: kind(**fields)


@pytest.mark.parametrize("kind", MODELS)
def test_no_model_takes_an_unknown_field_from_a_program(kind: type[WATSModel]) -> None:
    with pytest.raises(UnknownFieldError, match=f"^{kind.__name__} has no field 'no_such_field': "):
        make(kind, no_such_field=1)()
    made = kind.model_construct()
    for name in ("no_such_field", "model_dump", "to_wire_json"):
        with pytest.raises(UnknownFieldError, match=f"^{kind.__name__} has no field '{name}': "):
            setattr(made, name, 1)
    with pytest.raises(UnknownFieldError):
        made.model_copy(update={"no_such_field": 1})


@pytest.mark.parametrize("kind", MODELS)
def test_every_name_of_a_field_is_taken(kind: type[WATSModel]) -> None:
    for name, field in {**python_names(kind), **{each: each for each in kind.model_fields}}.items():
        copied = kind.model_construct().model_copy(update={name: None})
        assert (getattr(copied, field), copied.model_extra or {}) == (None, {})


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (make(UUTInfo, socket_index=3), "UUTInfo has no field 'socket_index': did you mean 'test_"),
        (make(Step, step_type="T", name="s", total_time=1), "did you mean 'tot_time'?"),
        (make(NumericMeasurement, hi_limit=1), "did you mean 'high_limit'?"),
        (make(NumericMeasurement, highLimt=1), "did you mean 'high_limit'?"),
        (make(UUTInfo, zzz=1), "UUTInfo has no field 'zzz': its fields are operator, comment, "),
        (make(UUTInfo, fixture=1), "did you mean 'fixture_id'?"),
        (make(UUTInfo, a=1, b=2), "; 'b'"),
        (make(WatsFilter, part_numbr="A"), "did you mean 'part_number'?"),
        (make(UUTReport, **HEADER, uut={"socket_index": 1}), "UUTInfo has no field 'socket_index'"),
        (make(UUTReport, **HEADER, misc_infos=[{"description": "d", "txt": "t"}]), "'text'?"),
    ],
)
def test_the_nearest_name_is_said(made: Callable[[], object], said: str) -> None:
    with pytest.raises(UnknownFieldError) as caught:
        made()
    assert said in str(caught.value)
    assert isinstance(caught.value, AttributeError)
    assert isinstance(caught.value, ValueError)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - its own


def test_an_assignment_with_an_unknown_name_inside_changes_nothing() -> None:
    report = UUTReport.model_validate(HEADER)
    before = report.to_wire_json()
    for name, value in (
        ("info", {"socket_index": 1}),
        ("misc_infos", [{"description": "d", "txt": 1}]),
        ("root", {"name": "M", "steps": [{"step_type": "T", "name": "s", "nam": 1}]}),
    ):
        with pytest.raises(UnknownFieldError, match="socket_index|txt|nam"):
            setattr(report, name, value)
        assert report.to_wire_json() == before
    setattr(report, "misc_infos", [{"description": "d"}])  # noqa: B010 - the type checkers want a model
    assert b'"miscInfos":[{"description":"d"}]' in report.to_wire_json()


def test_what_the_server_sent_is_kept_and_can_be_changed() -> None:
    text = json.dumps({"user": "op", "future": [1], "referencedByUURs": [], "x": {"y": None}})
    for info in (UUTInfo.model_validate_json(text), UUTInfo.model_validate(json.loads(text))):
        for each in (info, copy.copy(info), copy.deepcopy(info), info.model_copy()):
            assert json.loads(each.to_wire_json()) == json.loads(text)
        held = UUTReport.model_validate({**HEADER, "uut": info})
        held.info = info
        assert b'"future":[1]' in held.to_wire_json()
        made = make(UUTReport, **HEADER, uut=info)()
        assert isinstance(made, UUTReport)
        assert b'"future":[1]' in made.to_wire_json()
        setattr(info, "future", 2)  # noqa: B010 - the type checkers do not know it
        assert json.loads(info.model_copy(update={"future": 3}).to_wire_json())["future"] == 3
        assert json.loads(info.to_wire_json())["future"] == 2


def test_models_inside_json_are_made_without_init(monkeypatch: pytest.MonkeyPatch) -> None:
    """Contract with pydantic: the mark on WATSModel.__init__ keeps it from being called."""

    def never(_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(WATSModel, "__init__", never)
    text = json.dumps({**HEADER, "processCode": 1, "uut": {"user": "op", "future": 1}})
    assert b'"future":1' in UUTReport.model_validate_json(text).to_wire_json()
