"""The responses of the benchmark server, built once."""

from __future__ import annotations

import json

__all__ = ["PART_NUMBER", "PRODUCT", "PRODUCTS"]

PART_NUMBER = "PCBA-1001"


def _product() -> dict[str, object]:
    revision: dict[str, object] = {
        "revision": "A",
        "productRevisionId": "0f3c1f6a-52fc-4c26-9a0b-4d8f0d8a1a11",
        "productId": "7a0a63a4-8d3d-4c39-8f60-2c4cf7b0c9d1",
        "name": "First",
        "description": "First article",
        "state": 1,
        "xmlData": None,
        "PartNumber": PART_NUMBER,
        "tags": [],
    }
    return {
        "partNumber": PART_NUMBER,
        "productId": "7a0a63a4-8d3d-4c39-8f60-2c4cf7b0c9d1",
        "name": "Main board",
        "description": "Board of the controller",
        "nonSerial": False,
        "state": 1,
        "xmlData": None,
        "productCategoryId": None,
        "productCategoryName": "Boards",
        "revisions": [revision, {**revision, "revision": "B", "name": "Second"}],
        "tags": [{"key": "line", "value": "7"}],
    }


PRODUCT = json.dumps(_product()).encode()
PRODUCTS = json.dumps(
    [
        {
            "partNumber": f"PCBA-{number}",
            "name": f"Board {number}",
            "category": "Boards",
            "nonSerial": False,
            "state": 1,
        }
        for number in range(1000)
    ]
).encode()
