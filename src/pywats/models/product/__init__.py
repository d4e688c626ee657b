"""Models of products, their revisions, groups, bills of materials and box builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.models.product.product import (
        Product,
        ProductCategory,
        ProductRevision,
        ProductView,
        Tag,
        Vendor,
    )

__all__ = ["Product", "ProductCategory", "ProductRevision", "ProductView", "Tag", "Vendor"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.models.product.product": (
                "Product ProductCategory ProductRevision ProductView Tag Vendor"
            )
        },
    )
