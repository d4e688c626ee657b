from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from pywats.models.xml_data import add_tag, read_tags, set_tags

WSBF = (
    '<b:BOM xmlns:b="http://wats.virinco.com/schemas/WATS/wsbf" Partnumber="A">'
    "<b:Component/></b:BOM>"
)


def values(document: str | None) -> dict[str, str | None]:
    return {tag.key: tag.value for tag in read_tags(document)}


@pytest.mark.parametrize("document", [None, "", "  \n", "<Root/>", "<Root />", "<Root></Root>"])
def test_an_empty_document_has_no_tags_and_takes_some(document: str | None) -> None:
    assert values(document) == {}
    assert values(add_tag(document, "Site", "01")) == {"Site": "01"}


def test_tags_are_read_in_order() -> None:
    tags = read_tags('<Root><B Value="2"/><A Value="1"></A></Root>')
    assert [(tag.key, tag.value) for tag in tags] == [("B", "2"), ("A", "1")]


def test_a_new_value_changes_nothing_else() -> None:
    before = (
        f'<?xml version="1.0"?>\n<Root>\n  <A  Value = "1" x="y"/><!-- note -->{WSBF}\n</Root>\n'
    )
    after = add_tag(before, "A", "2")
    assert after == before.replace('Value = "1"', 'Value = "2"')


def test_a_new_tag_goes_to_the_end_and_keeps_what_is_there() -> None:
    before = f'<Root><A Value="1"/>{WSBF}</Root>'
    assert add_tag(before, "B", "2") == f'<Root><A Value="1"/>{WSBF}<B Value="2" /></Root>'


def test_set_tags_removes_the_others_but_no_foreign_element() -> None:
    before = f'<Root><A Value="1"/>{WSBF}<B Value="2"/></Root>'
    after = set_tags(before, {"B": "3", "C": "4"})
    assert values(after) == {"B": "3", "C": "4"}
    assert WSBF in after


@pytest.mark.parametrize("value", ["", "<&>\"'", "æ 🙂", "a\tb", "]]>", "x" * 10_000])
def test_any_text_survives_as_a_value(value: str) -> None:
    document = add_tag('<Root><A Value="1"/></Root>', "A", value)
    assert values(document) == {"A": value}
    assert ET.fromstring(document)[0].get("Value") == value  # noqa: S314 - our own document


@pytest.mark.parametrize("name", ["", "1a", "a b", "a:b", "-a", "a<", "a\n", "Æ!"])
def test_a_name_that_is_no_xml_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="must be a valid XML element name"):
        add_tag(None, name, "v")


@pytest.mark.parametrize("name", ["a", "_a", "Æ", "a.b-c_1"])
def test_other_names_are_accepted(name: str) -> None:
    assert values(add_tag(None, name, "v")) == {name: "v"}


def test_a_value_that_xml_cannot_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="must not hold control characters"):
        add_tag(None, "a", "\x00")
    with pytest.raises(TypeError, match="value must be a string, not int"):
        set_tags(None, {"a": 1})  # type: ignore[dict-item]  # the mistake under test


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("<Root>", "xml_data is not well-formed XML"),
        ("not xml", "xml_data is not well-formed XML"),
        ("<Other/>", "root element 'Other': must be 'Root'"),
        ('<!DOCTYPE Root [<!ENTITY a "b">]><Root/>', "document type declaration"),
    ],
)
def test_another_document_is_refused(document: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        read_tags(document)


LONG = 200_000


@pytest.mark.parametrize(
    "document",
    [
        f'<Root><{"a" * LONG} Value="x"/></Root>',
        f'<Root><A {"b" * LONG}="1" Value="x"/></Root>',
        f'<Root><A Value="{"x" * LONG}"/></Root>',
        f'<Root><A{" " * LONG}Value{" " * LONG}={" " * LONG}"x"/></Root>',
        f"<Root><A>{'<b>' * LONG}{'</b>' * LONG}</A></Root>",
        "<Root><A " + " ".join(f'b{i}="1"' for i in range(LONG // 10)) + ' Value="x"/></Root>',
    ],
)
def test_a_long_document_takes_time_in_proportion(document: str) -> None:
    # What was quadratic took minutes with these lengths; the time limit of tests is one.
    tags = {tag.key: f"{tag.value}y" for tag in read_tags(document)}
    changed = set_tags(document, {**tags, "Z": "1"})
    assert {tag.key: tag.value for tag in read_tags(changed)} == {**tags, "Z": "1"}


@pytest.mark.parametrize(
    ("tag", "changed"),
    [
        ("<A Value='1'/>", '<A Value="2"/>'),
        ('<A  Value = "1" b=\'"\'/>', '<A  Value = "2" b=\'"\'/>'),
        ('<A b="Value=" Value="1"></A>', '<A b="Value=" Value="2"></A>'),
        ('<A xValue="0" Value="1"/>', '<A xValue="0" Value="2"/>'),
        ('<A\tb="&gt;"\nValue\n=\n"1"/>', '<A\tb="&gt;"\nValue\n=\n"2"/>'),
        ('<A b=">" Value="1"/>', '<A b=">" Value="2"/>'),
    ],
)
def test_the_value_alone_changes(tag: str, changed: str) -> None:
    assert add_tag(f"<Root>{tag}</Root>", "A", "2") == f"<Root>{changed}</Root>"
