"""Difference between the subunits on the server and the wanted subunits."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pywats.models import ProductRevisionRelation

__all__ = ["SubunitEdit"]


class SubunitEdit:
    """Subunits under change.

    Args:
        saved: The relations that the server has.

    Attributes:
        subunits: The wanted relations; a relation without an id is new.
    """

    def __init__(self, saved: Iterable[ProductRevisionRelation] = ()) -> None:
        self._saved = list(saved)
        self.subunits: list[ProductRevisionRelation] = []
        self.discard()

    def discard(self) -> None:
        """Reset the wanted relations to the relations on the server."""
        self.subunits = [relation.model_copy(deep=True) for relation in self._saved]

    def remove(self, relation: ProductRevisionRelation) -> None:
        """Take this relation out of the wanted relations."""
        self.subunits = [wanted for wanted in self.subunits if wanted is not relation]

    def removed(self) -> list[ProductRevisionRelation]:
        """Return the relations on the server that are not wanted."""
        wanted = {relation.relation_id for relation in self.subunits}
        return [relation for relation in self._saved if relation.relation_id not in wanted]

    def changed(self) -> list[ProductRevisionRelation]:
        """Return the wanted relations that the server has in another form."""
        saved = {relation.relation_id: relation.to_wire_json() for relation in self._saved}
        return [
            relation
            for relation in self.subunits
            if relation.relation_id is not None
            and saved.get(relation.relation_id) != relation.to_wire_json()
        ]

    def added(self) -> list[ProductRevisionRelation]:
        """Return the wanted relations that the server does not have."""
        return [relation for relation in self.subunits if relation.relation_id is None]

    def note(self, relation: ProductRevisionRelation) -> None:
        """Note that the server now has this relation."""
        self.forget(relation)
        self._saved.append(relation.model_copy(deep=True))

    def forget(self, relation: ProductRevisionRelation) -> None:
        """Note that the server no longer has this relation."""
        self._saved = [known for known in self._saved if known.relation_id != relation.relation_id]
