from __future__ import annotations

import copy
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING
from uuid import UUID

import pydantic
import pytest

from pywats import models
from pywats.models import (
    AssetLog,
    Product,
    ProductState,
    ScimListResponse,
    Tag,
    UnitFlowNode,
)
from pywats.models.base import ReceivedUUID

if TYPE_CHECKING:
    from collections.abc import Callable


def test_every_public_model_is_exported() -> None:
    assert all(hasattr(models, name) for name in models.__all__)


def test_python_names_and_wire_names_are_both_accepted() -> None:
    assert Product(part_number="A") == Product.model_validate({"partNumber": "A"})


def test_an_assignment_by_the_wire_name_sets_the_field() -> None:
    product = Product.model_validate({"partNumber": "A", "state": 1})
    setattr(product, "partNumber", "B")  # noqa: B010 - the type checkers know no wire names
    setattr(product, "nonSerial", True)  # noqa: B010 - as above
    extra = product.model_extra
    assert extra is not None
    extra["future"] = 1
    assert (product.part_number, product.non_serial) == ("B", True)
    pairs = json.loads(product.to_wire_json(), object_pairs_hook=list)
    assert sorted(pairs) == [
        ("future", 1),
        ("nonSerial", True),
        ("partNumber", "B"),
        ("state", 1),
    ]
    with pytest.raises(pydantic.ValidationError, match="non_serial"):
        setattr(product, "nonSerial", "perhaps")  # noqa: B010 - as above


def test_every_name_that_is_read_can_be_assigned() -> None:
    node = UnitFlowNode.model_validate({"id": 1, "yield": 50.0})
    for name in ("yield", "yieldPercent", "yield_percent"):
        setattr(node, name, 75.0)
        assert (node.yield_percent, node.model_extra) == (75.0, {})
        assert json.loads(node.to_wire_json()) == {"id": 1, "yield": 75.0}
        node.yield_percent = 0.0
    user = ScimListResponse()
    setattr(user, "Resources", [])  # noqa: B010 - the type checkers know no wire names
    assert json.loads(user.to_wire_json()) == {"Resources": []}


def test_only_what_was_set_goes_to_the_wire() -> None:
    product = Product(part_number="A", state=ProductState.INACTIVE)
    assert json.loads(product.to_wire_json()) == {"partNumber": "A", "state": 0}
    product.name = None
    assert json.loads(product.to_wire_json()) == {"partNumber": "A", "state": 0, "name": None}


def test_a_text_that_cannot_be_sent_is_named() -> None:
    product = Product(
        part_number="A", tags=[Tag(key="k", value="v"), Tag(key="b\udcfcs", value="v")]
    )
    told = r"^tags\[1\]\.key='b\\udcfcs': UTF-8 cannot encode it, because it holds a surrogate"
    with pytest.raises(ValueError, match=told):
        product.to_wire_json()


def test_another_error_of_the_encoding_is_raised_as_it_is() -> None:
    product = Product.model_validate({"partNumber": "A", "unknown": object()})
    with pytest.raises(ValueError, match="Unable to serialize unknown type"):
        product.to_wire_json()


def test_assignments_are_checked() -> None:
    product = Product(part_number="A")
    with pytest.raises(pydantic.ValidationError, match="non_serial"):
        product.non_serial = "perhaps"  # type: ignore[assignment]  # the mistake under test


def test_tags_cannot_be_assigned_for_the_server_ignores_them() -> None:
    with pytest.raises(pydantic.ValidationError, match="frozen"):
        Product(part_number="A").tags = [Tag(key="k")]


def test_an_id_keeps_the_form_in_which_it_came() -> None:
    text = "6F7C2F0E-9D5F-4F0E-8F57-0A4A3D1C2B1A"
    product = Product.model_validate_json(json.dumps({"partNumber": "A", "productId": text}))
    assert isinstance(product.product_id, ReceivedUUID)
    assert product.product_id == UUID(text)
    assert hash(product.product_id) == hash(UUID(text))
    assert str(pickle.loads(pickle.dumps(product)).product_id) == text  # noqa: S301 - our own
    assert json.loads(product.to_wire_json())["productId"] == text


def test_models_can_be_copied_and_compared() -> None:
    product = Product.model_validate({"partNumber": "A", "future": 1})
    assert product.model_copy(deep=True) == product
    assert product.model_extra == {"future": 1}


def test_a_time_keeps_its_text_in_a_copy() -> None:
    log = AssetLog.model_validate({"date": "2026-01-02T03:04:05.1234567"})
    for same in (copy.deepcopy(log), pickle.loads(pickle.dumps(log))):  # noqa: S301 - our own
        assert json.loads(same.to_wire_json()) == {"date": "2026-01-02T03:04:05.1234567"}


@pytest.mark.parametrize(
    "change",
    [
        lambda time: time + timedelta(hours=1),
        lambda time: time.replace(second=0),
        lambda time: time.replace(tzinfo=None, fold=1),
        lambda time: time.astimezone(timezone(timedelta(hours=9))),
        lambda time: type(time).now(UTC),
    ],
)
def test_a_time_that_was_computed_can_be_copied(change: Callable[[datetime], datetime]) -> None:
    log = AssetLog.model_validate({"date": "2026-01-02T03:04:05Z"})
    assert log.date is not None
    changed = log.date = change(log.date)
    copies = (
        copy.copy(changed),
        copy.deepcopy(changed),
        log.model_copy(deep=True).date,
        pickle.loads(pickle.dumps(log)).date,  # noqa: S301 - our own
    )
    for same in copies:
        assert same is not None
        assert same == changed
        assert (same.tzinfo, same.fold) == (changed.tzinfo, changed.fold)
        assert AssetLog(date=same).to_wire_json() == log.to_wire_json()


def test_a_model_is_dumped_as_python_values_without_a_warning() -> None:
    text = b'{"partNumber":"A","startUtc":"2026-01-02T03:04:05.1234567","value":1.5}'
    row = models.MeasurementData.model_validate_json(text)
    assert row.model_dump(exclude_unset=True) == {
        "part_number": "A",
        "timestamp": datetime(2026, 1, 2, 3, 4, 5, 123456),  # noqa: DTZ001 - as it came
        "value": 1.5,
    }
    assert json.loads(row.to_wire_json()) == json.loads(text)
