"""Tags of products and revisions.

The server computes ``tags`` from ``xmlData`` and ignores ``tags`` in requests. A tag is therefore
written by reading the object, changing the document in its ``xmlData``, and saving the object. A
change by another client in between is not detected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from pywats import models
from pywats.models import Tag
from pywats.services import arguments
from pywats.services.product.revisions import Revisions

if TYPE_CHECKING:
    from pywats.models import Product, ProductRevision

__all__ = ["TagValues", "Tags"]

_VALUES = TypeAdapter(dict[str, str])

TagValues = Mapping[str, str] | Iterable[Tag | Mapping[str, str]]
"""Values by name, or tags, or mappings with the keys ``key`` and ``value``."""


class Tags(Revisions):
    """The methods on tags."""

    async def get_product_tags(self, part_number: str) -> list[Tag]:
        """List the tags of a product (GET /api/Product/{partNumber}).

        Args:
            part_number: Part number.

        Returns:
            The tags in the order of the server.

        Raises:
            NotFoundError: The server does not know the product.
        """
        return _tags_of(await self.get_product(part_number))

    async def set_product_tags(self, part_number: str, tags: TagValues) -> Product:
        """Make these the only tags of a product (GET and PUT of the product).

        Sends GET /api/Product/{partNumber}, then PUT /api/Product with new ``xmlData``. Other
        content of ``xmlData`` is kept.

        Args:
            part_number: Part number.
            tags: Values by name, or `pywats.models.Tag` objects; empty removes all tags. Each
                name must be a valid XML element name.

        Returns:
            The product as the server saved it.

        Raises:
            ValueError: A name or value that XML cannot carry, or a name given twice.
            NotFoundError: The server does not know the product.
        """
        values = _values(tags)
        product = await self.get_product(part_number)
        product.xml_data = models.xml_data.set_tags(product.xml_data, values)
        return await self.update_product(product)

    async def add_product_tag(self, part_number: str, name: str, value: str) -> Product:
        """Add a tag to a product, or change its value (GET and PUT of the product).

        Sends GET /api/Product/{partNumber}, then PUT /api/Product with new ``xmlData``.

        Args:
            part_number: Part number.
            name: Name of the tag, a valid XML element name.
            value: Value of the tag.

        Returns:
            The product as the server saved it.

        Raises:
            ValueError: A name or value that XML cannot carry.
            NotFoundError: The server does not know the product.
        """
        models.xml_data.add_tag(None, name, value)
        product = await self.get_product(part_number)
        product.xml_data = models.xml_data.add_tag(product.xml_data, name, value)
        return await self.update_product(product)

    async def get_revision_tags(self, part_number: str, revision: str) -> list[Tag]:
        """List the tags of a revision (GET /api/Product/{partNumber}/{revision}).

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The tags in the order of the server.

        Raises:
            NotFoundError: The server does not know the revision.
        """
        return _tags_of(await self.get_revision(part_number, revision))

    async def set_revision_tags(
        self, part_number: str, revision: str, tags: TagValues
    ) -> ProductRevision:
        """Make these the only tags of a revision (GET and PUT of the revision).

        Sends GET /api/Product/{partNumber}/{revision}, then PUT /api/Product/Revision with new
        ``xmlData``. Other content of ``xmlData`` is kept.

        Args:
            part_number: Part number.
            revision: Name of the revision.
            tags: Values by name, or `pywats.models.Tag` objects; empty removes all tags. Each
                name must be a valid XML element name.

        Returns:
            The revision as the server saved it.

        Raises:
            ValueError: A name or value that XML cannot carry, or a name given twice.
            NotFoundError: The server does not know the revision.
        """
        values = _values(tags)
        found = await self.get_revision(part_number, revision)
        found.xml_data = models.xml_data.set_tags(found.xml_data, values)
        return await self.update_revision(found)

    async def add_revision_tag(
        self, part_number: str, revision: str, name: str, value: str
    ) -> ProductRevision:
        """Add a tag to a revision, or change its value (GET and PUT of the revision).

        Sends GET /api/Product/{partNumber}/{revision}, then PUT /api/Product/Revision with new
        ``xmlData``.

        Args:
            part_number: Part number.
            revision: Name of the revision.
            name: Name of the tag, a valid XML element name.
            value: Value of the tag.

        Returns:
            The revision as the server saved it.

        Raises:
            ValueError: A name or value that XML cannot carry.
            NotFoundError: The server does not know the revision.
        """
        models.xml_data.add_tag(None, name, value)
        found = await self.get_revision(part_number, revision)
        found.xml_data = models.xml_data.add_tag(found.xml_data, name, value)
        return await self.update_revision(found)


def _tags_of(owner: Product | ProductRevision) -> list[Tag]:
    return models.xml_data.read_tags(owner.xml_data) if owner.tags is None else owner.tags


def _values(tags: TagValues) -> dict[str, str]:
    values: dict[str, str] = {}
    if isinstance(tags, Mapping):
        values = _VALUES.validate_python(tags)
    else:
        for item in arguments.iterable("tags", tags):
            tag = item if isinstance(item, Tag) else Tag.model_validate(item)
            if tag.key in values:
                raise ValueError(f"tags: {tag.key!r} is given twice; must be one value for a name")
            values[tag.key] = tag.value or ""
    models.xml_data.set_tags(None, values)
    return values
