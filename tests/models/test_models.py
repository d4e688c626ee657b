from __future__ import annotations

import json
import pickle
from uuid import UUID

import pydantic
import pytest

from pywats import models
from pywats.models import Product, ProductState, Tag
from pywats.models.base import ReceivedUUID


def test_every_public_model_is_exported() -> None:
    assert all(hasattr(models, name) for name in models.__all__)


def test_python_names_and_wire_names_are_both_accepted() -> None:
    assert Product(part_number="A") == Product.model_validate({"partNumber": "A"})


def test_only_what_was_set_goes_to_the_wire() -> None:
    product = Product(part_number="A", state=ProductState.INACTIVE)
    assert json.loads(product.to_wire_json()) == {"partNumber": "A", "state": 0}
    product.name = None
    assert json.loads(product.to_wire_json()) == {"partNumber": "A", "state": 0, "name": None}


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
