"""Bills of materials (BOM): read and save."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue

from pywats import models
from pywats.http.port import Request
from pywats.services import arguments
from pywats.services.adapters import adapter
from pywats.services.calls import Calls

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pywats.models import Bom, BomComponent

__all__ = ["Boms"]

_COMPONENTS = adapter(lambda: list[models.BomComponent])
_OBJECT = adapter(lambda: dict[str, JsonValue])
_ARRAY = adapter(lambda: list[JsonValue])


class Boms(Calls):
    """The methods on bills of materials."""

    async def get_bom(self, part_number: str, revision: str) -> list[BomComponent]:
        """List the components of a revision (GET /api/internal/Product/Bom).

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The components in the order of the server.

        Raises:
            NotFoundError: The server does not know the revision.
        """
        query = {
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.text("revision", revision),
        }
        request = Request(method="GET", template="/api/internal/Product/Bom", query=query)
        return await self._list(request, _COMPONENTS())

    async def get_bom_items(self, part_number: str, revision: str) -> list[BomComponent]:
        """List the components of a revision; the same as `get_bom`.

        Args:
            part_number: Part number.
            revision: Name of the revision.

        Returns:
            The components in the order of the server.
        """
        return await self.get_bom(part_number, revision)

    async def update_bom(
        self,
        part_number: str,
        revision: str,
        bom_items: Iterable[BomComponent],
        description: str | None = None,
    ) -> JsonValue:
        """Insert or update the bill of materials of a revision (PUT /api/Product/BOM).

        Args:
            part_number: Part number of the product.
            revision: Name of the revision.
            bom_items: The components.
            description: Description of the product.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ServerError: The server found the bill of materials invalid (status 500).
        """
        bom = models.Bom(
            part_number=arguments.text("part_number", part_number),
            revision=arguments.text("revision", revision),
            description=arguments.optional_text("description", description),
            components=[
                arguments.instance("bom_items", item, models.BomComponent)
                for item in arguments.iterable("bom_items", bom_items)
            ],
        )
        return await self.save_bom(bom)

    async def save_bom(self, bom: Bom) -> JsonValue:
        """Insert or update a bill of materials as a WSBF document (PUT /api/Product/BOM).

        Args:
            bom: The bill of materials.

        Returns:
            The server's response; the API file does not declare it.

        Raises:
            ServerError: The server found the bill of materials invalid (status 500).
        """
        arguments.instance("bom", bom, models.Bom)
        request = Request(
            method="PUT",
            template="/api/Product/BOM",
            content=bom.to_wsbf(),
            content_type="application/xml",
        )
        return await self._undeclared(request)

    async def upload_bom(
        self,
        part_number: str,
        revision: str,
        bom_items: Iterable[BomComponent | Mapping[str, JsonValue]],
        format: Literal["json"] = "json",
    ) -> JsonValue:
        """Upload a bill of materials as a JSON array (PUT /api/internal/Product/BOM).

        The API file declares neither the body nor the formats of this operation; `update_bom`
        is documented in full.

        Args:
            part_number: Part number of the product.
            revision: Name of the revision.
            bom_items: The components, or mappings that are sent as they are.
            format: Must be ``json``.

        Returns:
            The server's response; the API file does not declare it.
        """
        if format != "json":
            raise ValueError(f"format={format!r}: must be 'json'")
        query = {
            "partNumber": arguments.text("part_number", part_number),
            "revision": arguments.text("revision", revision),
            "format": format,
        }
        request = Request(
            method="PUT",
            template="/api/internal/Product/BOM",
            query=query,
            content=_rows(bom_items),
        )
        return await self._undeclared(request)


def _rows(bom_items: Iterable[BomComponent | Mapping[str, JsonValue]]) -> bytes:
    rows: list[JsonValue] = []
    for item in arguments.iterable("bom_items", bom_items):
        if isinstance(item, models.BomComponent):
            rows.append(json.loads(item.to_wire_json()))
        else:
            rows.append(_OBJECT().validate_python(item))
    return _ARRAY().dump_json(rows)
