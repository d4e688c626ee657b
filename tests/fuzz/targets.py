"""Every parser of text from outside, as a function of bytes.

A target returns, or raises what its parser says it raises; anything else is a fault. It also
checks what must hold of every result.
"""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from rich.console import Console

from pywats.cli.doctor.server import read_date
from pywats.cli.fault_text import parse_fault
from pywats.cli.trace.jaeger import read_jaeger
from pywats.cli.trace.tempo import read_tempo
from pywats.environment import timeout as environment_timeout
from pywats.http import parse_base_url
from pywats.http.body import Body
from pywats.http.content_coding import UnusableBodyError
from pywats.models import Product
from pywats.models.product.wsbf import read_wsbf
from pywats.models.production.serial_number_xml import read_serial_numbers
from pywats.models.report.wsjf_text import read_wsjf
from pywats.models.safe_xml import parse_xml
from pywats.models.xml_data import read_tags, set_tags
from pywats.observability.carrier import texts_of
from pywats.observability.retry_after import parse_retry_after
from pywats.redaction import Secrets, excerpt, one_line, several_lines
from pywats.sandbox.multipart import form_file
from pywats.sandbox.odata.filter import row_filter
from pywats.sandbox.report.wsxf import from_wsxf
from pywats.sandbox.responses import ApiError
from pywats.sandbox.scim.filter import user_filter
from pywats.sandbox.software.package_tags import tag_test
from pywats.services.software.archive import zip_archive
from pywats.waterfall import SpanRecord, draw_svg, waterfall
from tests.redaction.hostile import HARMFUL

__all__ = ["SEEDS", "TARGETS", "Target"]

SEEDS = Path(__file__).parent / "seeds"
SECRET = "S3cr3tPassw0rd"


@dataclass(frozen=True)
class Target:
    """A parser under fuzzing.

    Attributes:
        parse: Parses the bytes, and checks the result.
        refuses: What the parser raises for what it does not accept.
    """

    parse: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...] = ()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _gate(data: bytes) -> None:
    half = len(data) // 2
    text = _text(data[:half]) + SECRET + _text(data[half:])
    shown = one_line(text, Secrets({SECRET}), limit=10**9)
    assert SECRET not in shown
    assert not HARMFUL.search(shown[:20_000])
    assert len(one_line(text)) <= 200
    assert not HARMFUL.search(several_lines(text).replace("\n", "").replace("\t", ""))


def _excerpt(data: bytes) -> None:
    half = len(data) // 2
    for spelt in (SECRET.encode(), base64.b64encode(f"u:{SECRET}".encode())):
        shown = excerpt(data[:half] + b" " + spelt + b" " + data[half:], Secrets({SECRET}))
        assert SECRET not in shown
        assert not HARMFUL.search(shown)
        assert len(shown) <= 200


def _body(data: bytes) -> None:
    coding, _, content = data.partition(b"\n")
    name = coding.decode("latin-1")
    body = Body({"content-encoding": name}, 100_000, lambda: None)
    for start in range(0, len(content), 100):
        body.add(content[start : start + 100])
    assert len(body.end()) <= 100_000


def _retry_after(data: bytes) -> None:
    seconds = parse_retry_after(data.decode("latin-1"), format_datetime(datetime.now(UTC)))
    assert seconds is None or 0 <= seconds < float("inf")


def _spans(spans: list[SpanRecord]) -> None:
    drawn = io.StringIO()
    Console(file=drawn, width=200).print(waterfall(spans))
    picture = draw_svg(spans, trace_id="ab" * 16)
    assert not HARMFUL.search((drawn.getvalue() + picture).replace("\n", ""))


def _carrier(data: bytes) -> None:
    names = data.split(b"\n")
    assert isinstance(texts_of({each.decode("latin-1"): each for each in names}), dict)
    assert isinstance(texts_of([(each, each) for each in names]), dict)


def _multipart(data: bytes) -> None:
    content_type, _, body = data.partition(b"\n")
    form_file(content_type.decode("latin-1").strip(), body)


def _filter(data: bytes) -> None:
    matches = row_filter(_text(data), {"name", "count", "on"})
    matches({"name": "A", "count": 1, "on": "2024-01-01T00:00:00Z"})
    matches({})


def _users(data: bytes) -> None:
    user_filter(_text(data))({"userName": "a", "emails": [{"value": "b"}]})


def _tags(data: bytes) -> None:
    tags = read_tags(_text(data))
    written = set_tags(_text(data), {"a": "b"})
    assert {each.key for each in tags} <= {each.key for each in read_tags(written)}


def _set_environment(data: bytes) -> None:
    os.environ["PYWATS_TIMEOUT"] = data.replace(b"\0", b"").decode("latin-1")
    try:
        found = environment_timeout(1.0)
    finally:
        del os.environ["PYWATS_TIMEOUT"]
    assert found is None or 0 < found < float("inf")


TARGETS: Mapping[str, Target] = {
    "base_url": Target(lambda data: parse_base_url(_text(data)), (ValueError,)),
    "body": Target(_body, (UnusableBodyError,)),
    "carrier": Target(_carrier),
    "date": Target(lambda data: read_date(data.decode("latin-1"))),
    "environment": Target(_set_environment, (ValueError,)),
    "excerpt": Target(_excerpt),
    "fault": Target(lambda data: parse_fault(_text(data)), (ValueError,)),
    "gate": Target(_gate),
    "jaeger": Target(lambda data: _spans(read_jaeger(data)), (ValueError,)),
    "multipart": Target(_multipart, (ApiError,)),
    "odata_filter": Target(_filter, (ApiError,)),
    "product": Target(Product.model_validate_json, (ValueError,)),
    "retry_after": Target(_retry_after),
    "scim_filter": Target(_users, (ApiError,)),
    "serial_numbers": Target(read_serial_numbers, (ValueError,)),
    "tag_xpath": Target(lambda data: tag_test(_text(data)), (ApiError,)),
    "tags": Target(_tags, (ValueError,)),
    "tempo": Target(lambda data: _spans(read_tempo(data)), (ValueError,)),
    "wsbf": Target(read_wsbf, (ValueError,)),
    "wsjf": Target(read_wsjf, (ValueError,)),
    "wsxf": Target(from_wsxf, (ApiError, ValueError)),
    "xml": Target(lambda data: parse_xml(data, "document"), (ValueError,)),
    "zip": Target(lambda data: zip_archive("file", data), (ValueError,)),
}
