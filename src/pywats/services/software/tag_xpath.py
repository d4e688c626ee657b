"""XPath expressions that find packages by their tags.

The tags of a package are an XML document: the root element ``PackageInfo`` has a sub-element for
each tag, whose name is the name of the tag and whose text is its value.
"""

from __future__ import annotations

from collections.abc import Mapping

from pywats import models
from pywats.services import arguments

__all__ = ["tag_xpath"]


def tag_xpath(tags: Mapping[str, str]) -> str:
    """Return the expression for packages that have all of these tags.

    Args:
        tags: Value by name of tag, one at least.

    Returns:
        The expression, such as ``//*[PartNumber[.="123"]][Station[.="ICT"]]``.

    Raises:
        TypeError: ``tags`` is not a mapping, or a name or value is not a string.
        ValueError: No tag is given, a name is not a name of an XML element, or a value cannot be
            written in XPath 1.0.
    """
    if not isinstance(tags, Mapping):
        raise TypeError(f"tags={tags!r}: must be a mapping, not {type(tags).__name__}")
    names = arguments.instances("tags", tags.keys(), str)
    models.xml_data.check_tags(tags)
    return "//*" + "".join(f"[{name}[.={_literal(name, tags[name])}]]" for name in names)


def _literal(name: str, value: str) -> str:
    # XPath 1.0 (section 3.7) cannot escape a quote inside a literal.
    for quote in ('"', "'"):
        if quote not in value:
            return f"{quote}{value}{quote}"
    raise ValueError(
        f"tags: value {value!r} of {name!r} must not hold both kinds of quotes, for XPath cannot "
        "write that; see get_packages_by_tag"
    )
