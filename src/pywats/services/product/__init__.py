"""Products and what belongs to them: `ProductService`, composed of one module for each idea."""

from __future__ import annotations

from pywats.services.product.bom import Boms
from pywats.services.product.box_build import BoxBuilds
from pywats.services.product.box_build_template import BoxBuildTemplate, RequiredPart
from pywats.services.product.categories import Categories
from pywats.services.product.groups import Groups
from pywats.services.product.tags import Tags
from pywats.services.product.vendors import Vendors

__all__ = ["BoxBuildTemplate", "ProductService", "RequiredPart"]


class ProductService(Tags, BoxBuilds, Groups, Boms, Categories, Vendors):
    """Products, revisions, tags, groups, bills of materials, box builds, categories, vendors.

    Each method checks its arguments before it sends anything, and raises a
    `pywats.errors.WATSError` if the response is not as the API promises: an error status,
    no response, or a body of another shape (`pywats.errors.WATSDecodeError`). A response that the
    API file does not declare is returned as the JSON value received, None for an empty body.

    Args:
        port: Sends the requests.
    """
