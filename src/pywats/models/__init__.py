"""Models of what the WATS REST API sends and takes."""

from __future__ import annotations

from pywats.models.base import InternalModel, WATSModel
from pywats.models.bom import Bom, BomComponent
from pywats.models.box_build import ProductInfo, ProductRevisionRelation
from pywats.models.product import (
    InternalProduct,
    InternalProductRevision,
    Product,
    ProductCategory,
    ProductRevision,
    ProductView,
    Tag,
    Vendor,
)
from pywats.models.product_enums import ProductState, TagChange
from pywats.models.product_group import ProductGroup, ProductGroupFilter

__all__ = [
    "Bom",
    "BomComponent",
    "InternalModel",
    "InternalProduct",
    "InternalProductRevision",
    "Product",
    "ProductCategory",
    "ProductGroup",
    "ProductGroupFilter",
    "ProductInfo",
    "ProductRevision",
    "ProductRevisionRelation",
    "ProductState",
    "ProductView",
    "Tag",
    "TagChange",
    "Vendor",
    "WATSModel",
]
