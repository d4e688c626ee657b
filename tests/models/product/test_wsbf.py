from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from pywats.models import Bom, BomComponent
from pywats.models.product.wsbf import NAMESPACE

# The example of the API file (PUT /api/Product/BOM), trailing space in the namespace included.
EXAMPLE = b"""<?xml version="1.0" encoding="utf-8"?>
<BOM Partnumber="100100" Revision="1.0" Desc="Product"
 xmlns="http://wats.virinco.com/schemas/WATS/wsbf ">
 <Component Number="100200" Rev="1.0" Qty="2" Desc="Part" Ref="A30;A31" FunctionBlock="A" />
 <Component Number="100201" Rev="1.1" Qty="2" Desc="Part" Ref="A32;A34" FunctionBlock="B" />
</BOM>"""


def test_the_example_of_the_api_file_is_read() -> None:
    bom = Bom.from_wsbf(EXAMPLE)
    assert (bom.part_number, bom.revision, bom.description) == ("100100", "1.0", "Product")
    assert bom.components[0] == BomComponent.model_validate(
        {
            "Number": "100200",
            "Rev": "1.0",
            "Qty": 2,
            "Desc": "Part",
            "Ref": "A30;A31",
            "FunctionBlock": "A",
        }
    )
    assert bom.components[1].references == ["A32", "A34"]


def test_a_document_has_the_names_of_the_format() -> None:
    bom = Bom(
        part_number="1",
        revision="A",
        components=[BomComponent(number="R<1>", quantity=3, references=["A", "B"])],
    )
    root = ET.fromstring(bom.to_wsbf())  # noqa: S314 - our own document
    assert (root.tag, root.attrib) == (f"{{{NAMESPACE}}}BOM", {"Partnumber": "1", "Revision": "A"})
    (component,) = root
    assert component.tag == f"{{{NAMESPACE}}}Component"
    assert component.attrib == {"Number": "R<1>", "Qty": "3", "Ref": "A;B"}


def test_a_component_has_the_names_of_the_format_whatever_it_was_read_by() -> None:
    read = BomComponent.model_validate_json(
        b'{"PartNumber":"R1","rev":"A","Quantity":2,"Description":"Part","ComponentRef":"A30;A31",'
        b'"FunctionBlock":"F","QtySpecified":true,"Vendor":"V","Level":3,"Price":null}'
    )
    root = ET.fromstring(Bom(part_number="1", revision="A", components=[read]).to_wsbf())  # noqa: S314 - our own document
    (component,) = root
    assert component.attrib == {
        "Number": "R1",
        "Rev": "A",
        "Qty": "2",
        "Desc": "Part",
        "Ref": "A30;A31",
        "FunctionBlock": "F",
        "Vendor": "V",
    }


def test_a_round_trip_keeps_everything() -> None:
    bom = Bom.from_wsbf(EXAMPLE)
    assert Bom.from_wsbf(bom.to_wsbf()) == bom


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (b"<BOM", "not well-formed XML"),
        (b'<!DOCTYPE BOM [<!ENTITY a "b">]><BOM/>', "document type declaration"),
        (b"<Other/>", "the root element is 'Other': must be BOM"),
        (b'<BOM xmlns="urn:other"/>', "must be BOM in http"),
    ],
)
def test_another_document_is_refused(document: bytes, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Bom.from_wsbf(document)


def test_text_that_xml_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="must not hold control characters"):
        Bom(part_number="a\x00", revision="1").to_wsbf()
