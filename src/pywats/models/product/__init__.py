"""Models of products, their revisions, groups, bills of materials and box builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pywats.lazy import lazily

if TYPE_CHECKING:
    from pywats.models.product.category import ProductCategory
    from pywats.models.product.product import Product, ProductRevision, ProductView, Tag
    from pywats.models.product.vendor import Vendor

__all__ = ["Product", "ProductCategory", "ProductRevision", "ProductView", "Tag", "Vendor"]

if not TYPE_CHECKING:
    __getattr__, __dir__ = lazily(
        __name__,
        {
            "pywats.models.product.category": "ProductCategory",
            "pywats.models.product.product": "Product ProductRevision ProductView Tag",
            "pywats.models.product.vendor": "Vendor",
        },
    )
