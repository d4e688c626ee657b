"""A list of 1,000 products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
from pydantic import TypeAdapter

from benchmarks import payloads
from benchmarks.results import Bar, CaseResult
from benchmarks.rivals import TOKEN
from benchmarks.turns import drive, race
from pywats import pyWATS
from pywats.http import Request, Response
from pywats.models import ProductView
from pywats.services.decoding import decode_list

if TYPE_CHECKING:
    from benchmarks.scale import Scale

__all__ = ["measure"]

_CALLS = 60
_LIMIT = 1.15
_REFERENCE = "TypeAdapter.validate_json"
_OURS = "pywats, decoding"
_CALL = "pywats, the whole call"
_NATIVE = "httpx.Client + TypeAdapter.validate_json"


def measure(base_url: str, scale: Scale) -> CaseResult:
    """Race the decoding and the whole call against pydantic on the same bytes."""
    adapter = TypeAdapter(list[ProductView])
    request = Request(method="GET", template="/api/Product/Query")
    response = Response(200, payloads.PRODUCTS, "application/json")
    client = httpx.Client(base_url=base_url, headers={"Authorization": f"Basic {TOKEN}"})
    api = pyWATS(base_url, TOKEN)

    def native() -> object:
        response = client.get("/api/Product/Query").raise_for_status()
        return adapter.validate_json(response.content)

    calls = scale.calls(_CALLS)
    result = CaseResult(
        "List of 1,000 products",
        f"A response of {len(payloads.PRODUCTS):,} bytes becomes 1,000 models. The bar is on "
        "decoding; the rows of whole calls show that the connection adds the same to both.",
    )
    result.tables["decoding"] = race(
        {
            _REFERENCE: lambda: drive(lambda: adapter.validate_json(payloads.PRODUCTS), calls),
            _OURS: lambda: drive(lambda: decode_list(adapter, response, request), calls),
        },
        reference=_REFERENCE,
        rounds=scale.rounds,
    )
    result.tables["the whole call"] = race(
        {
            _NATIVE: lambda: drive(native, calls),
            _CALL: lambda: drive(api.product.query_products, calls),
        },
        reference=_NATIVE,
        rounds=scale.rounds,
    )
    alone = result.row("decoding", _REFERENCE).median
    ratio = result.row("decoding", _OURS).ratio or float("inf")
    text = f"decoding at most {_LIMIT:.2f} × TypeAdapter.validate_json on the same bytes"
    result.bars.append(Bar("list-decoding", text, _LIMIT, ratio))
    whole = result.row("the whole call", _CALL)
    text = f"the whole call at most {_LIMIT:.2f} × httpx.Client + TypeAdapter.validate_json"
    result.bars.append(Bar("list-call", text, _LIMIT, whole.ratio or float("inf")))
    result.notes.append(
        f"Beside `validate_json` alone, without any HTTP, the whole call is at "
        f"{whole.median / alone:.2f} ×, and httpx.Client with the same parse at "
        f"{result.row('the whole call', _NATIVE).median / alone:.2f} ×: that distance is the "
        "connection's."
    )
    client.close()
    api.close()
    return result
