"""`BoxBuildTemplate`: edit the subunits of a revision in memory, then save the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from uuid import UUID

from pywats import models, validation
from pywats.services import arguments
from pywats.services.product.revisions import identified_revision
from pywats.services.product.subunit_edit import SubunitEdit
from pywats.services.product.subunit_relations import post_relation

if TYPE_CHECKING:
    from types import TracebackType

    from pywats.http.port import HttpPort
    from pywats.models import ProductRevision, ProductRevisionRelation
    from pywats.services.product.subunit_relations import SubunitRelations

__all__ = ["BoxBuildTemplate", "RequiredPart"]


@dataclass(frozen=True, slots=True)
class RequiredPart:
    """A part that a box build needs.

    Attributes:
        part_number: Part number.
        revision: The revision that the box build names.
        quantity: Its quantity.
        revision_mask: Which other revisions fit; the server interprets it.
    """

    part_number: str | None
    revision: str | None
    quantity: int
    revision_mask: str | None


class BoxBuildTemplate:
    """The subunits of one revision, with changes that are sent by `save`.

    As an async context manager it saves on a clean exit and sends nothing after an exception.

    Args:
        service: Reads, changes and removes the relations.
        port: Sends the request that adds a relation.
        part_number: Part number of the parent.
        parent: The parent, with its id.
    """

    def __init__(
        self,
        service: SubunitRelations,
        port: HttpPort,
        part_number: str,
        parent: ProductRevision,
    ) -> None:
        self._service = service
        self._port = port
        self._part_number = part_number
        self._parent = parent
        self._edit = SubunitEdit()

    def __repr__(self) -> str:
        return (
            f"BoxBuildTemplate({self.parent_part_number!r}, {self.parent_revision!r}, "
            f"{len(self._edit.subunits)} subunits, has_pending_changes={self.has_pending_changes})"
        )

    @property
    def parent_part_number(self) -> str:
        """Part number of the product that is assembled."""
        return self._part_number

    @property
    def parent_revision(self) -> str:
        """Revision that is assembled."""
        return self._parent.revision

    @property
    def subunits(self) -> list[ProductRevisionRelation]:
        """The subunits with the changes that were not saved yet."""
        return list(self._edit.subunits)

    @property
    def has_pending_changes(self) -> bool:
        """True if `save` would send something."""
        return bool(self._edit.removed() or self._edit.changed() or self._edit.added())

    async def add_subunit(
        self,
        part_number: str,
        revision: str,
        quantity: int = 1,
        revision_mask: str | None = None,
    ) -> Self:
        """Add a subunit; GET /api/Product/{partNumber}/{revision} finds its id.

        Args:
            part_number: Part number of the product that is built in.
            revision: Its revision.
            quantity: Its quantity, 1 or more.
            revision_mask: Which other revisions fit; the server interprets it.

        Returns:
            The template.

        Raises:
            ValueError: It is a subunit already.
            NotFoundError: The server does not know the revision.
        """
        validation.whole_number("quantity", quantity, 1)
        arguments.optional_text("revision_mask", revision_mask)
        if self.validate_subunit(part_number, revision):
            raise ValueError(
                f"{part_number!r} revision {revision!r} is a subunit already: "
                "use set_quantity or update_subunit"
            )
        child = await identified_revision(self._service, part_number, revision)
        relation = models.ProductRevisionRelation(
            parent_product_revision_id=self._parent.product_revision_id,
            child_product_revision_id=child.product_revision_id,
            quantity=quantity,
            child_part_number=part_number,
            child_revision=revision,
        )
        if revision_mask is not None:
            relation.revision_mask = revision_mask
        self._edit.subunits.append(relation)
        return self

    async def update_subunit(
        self,
        part_number: str,
        revision: str,
        quantity: int | None = None,
        revision_mask: str | None = None,
    ) -> Self:
        """Change the quantity or the revision mask of a subunit.

        Args:
            part_number: Part number of the subunit.
            revision: Revision of the subunit.
            quantity: Its quantity, 1 or more; None keeps it.
            revision_mask: Which other revisions fit; None leaves it, empty removes it.

        Returns:
            The template.

        Raises:
            LookupError: The subunit does not exist.
        """
        relation = self._find(part_number, revision)
        if revision_mask is not None:
            arguments.instance("revision_mask", revision_mask, str)
        if quantity is not None:
            relation.quantity = validation.whole_number("quantity", quantity, 1)
        if revision_mask is not None:
            relation.revision_mask = revision_mask or None
        return self

    async def set_quantity(self, part_number: str, revision: str, quantity: int) -> Self:
        """Change the quantity of a subunit.

        Args:
            part_number: Part number of the subunit.
            revision: Revision of the subunit.
            quantity: Its quantity, 1 or more.

        Returns:
            The template.

        Raises:
            LookupError: The subunit does not exist.
        """
        validation.whole_number("quantity", quantity, 1)
        return await self.update_subunit(part_number, revision, quantity)

    async def remove_subunit(self, part_number: str, revision: str) -> Self:
        """Take a subunit out.

        Args:
            part_number: Part number of the subunit.
            revision: Revision of the subunit.

        Returns:
            The template.

        Raises:
            LookupError: The subunit does not exist.
        """
        found = self._find(part_number, revision)
        self._edit.remove(found)
        return self

    def clear_all(self) -> Self:
        """Take all subunits out.

        Returns:
            The template.
        """
        self._edit.subunits.clear()
        return self

    def discard(self) -> Self:
        """Forget the changes that were not saved.

        Returns:
            The template.
        """
        self._edit.discard()
        return self

    def get_matching_subunits(self, part_number: str) -> list[ProductRevisionRelation]:
        """List the subunits with this part number, of any revision.

        Args:
            part_number: Part number.

        Returns:
            The subunits in their order.
        """
        arguments.text("part_number", part_number)
        return [unit for unit in self._edit.subunits if unit.child_part_number == part_number]

    def validate_subunit(self, part_number: str, revision: str) -> bool:
        """Tell whether a subunit names exactly this part number and revision.

        A revision that fits only through a revision mask is not recognised, because the API does
        not say how the server reads masks; GET /api/Production/CheckChildUnits verifies units.

        Args:
            part_number: Part number.
            revision: Revision.

        Returns:
            True if there is such a subunit.
        """
        arguments.text("revision", revision)
        return any(
            unit.child_revision == revision for unit in self.get_matching_subunits(part_number)
        )

    def get_required_parts(self) -> list[RequiredPart]:
        """List the parts that the box build needs.

        Returns:
            One part for each subunit; a subunit without a quantity counts 1.
        """
        return [
            RequiredPart(
                unit.child_part_number,
                unit.child_revision,
                1 if unit.quantity is None else unit.quantity,
                unit.revision_mask,
            )
            for unit in self._edit.subunits
        ]

    async def save(self) -> Self:
        """Send the changes: removals, then updates, then additions.

        Each change is one request to /api/internal/Product (DeleteProductRevisionRelation,
        PutProductRevisionRelation, PostProductRevisionRelation). If a request fails, the changes
        before it are saved, and the next `save` sends the rest.

        Returns:
            The template.
        """
        for relation in self._edit.removed():
            await self._service.remove_subunit(
                arguments.instance("relation_id", relation.relation_id, UUID)
            )
            self._edit.forget(relation)
        for relation in self._edit.changed():
            await self._service.update_subunit(relation)
            self._edit.note(relation)
        for relation in self._edit.added():
            saved = await post_relation(self._port, relation)
            relation.relation_id = saved.relation_id
            self._edit.note(relation)
        if any(relation.relation_id is None for relation in self._edit.subunits):
            # The response to an addition did not contain its id.
            await self.reload()
        return self

    async def reload(self) -> Self:
        """Read the subunits again; unsaved changes are lost.

        Sends GET /api/internal/Product/GetProductInfo.

        Returns:
            The template.
        """
        relations = await self._service.get_box_build_subunits(
            self.parent_part_number, self.parent_revision
        )
        parent_id = self._parent.product_revision_id
        direct = [
            relation
            for relation in relations
            if relation.parent_product_revision_id in {None, parent_id}
        ]
        for relation in direct:
            relation.parent_product_revision_id = parent_id
        self._edit = SubunitEdit(direct)
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            await self.save()

    def _find(self, part_number: str, revision: str) -> ProductRevisionRelation:
        arguments.text("revision", revision)
        for unit in self.get_matching_subunits(part_number):
            if unit.child_revision == revision:
                return unit
        raise LookupError(
            f"{part_number!r} revision {revision!r} is not a subunit of "
            f"{self.parent_part_number!r} revision {self.parent_revision!r}"
        )
