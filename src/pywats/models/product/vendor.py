"""The model of a vendor."""

from pydantic import Field

from pywats.models.base import WATSModel

__all__ = ["Vendor"]


class Vendor(WATSModel):
    """A vendor (``Mes.ERP.Vendor``); its name is its identity.

    Attributes:
        name: Name of the vendor, ``VendorName`` on the wire.
    """

    name: str = Field(validation_alias="VendorName", serialization_alias="VendorName")
