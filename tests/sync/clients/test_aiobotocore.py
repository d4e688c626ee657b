"""`aiobotocore` behind a synchronous face, against moto."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from aiobotocore.session import get_session
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from pywats import SyncServiceWrapper

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def s3() -> Iterator[Any]:
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    host, port = server.get_host_and_port()
    session: Any = SyncServiceWrapper(get_session())
    with session.create_client(
        "s3",
        region_name="eu-west-1",
        endpoint_url=f"http://{host}:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ) as client:
        yield client
    server.stop()


def test_objects_and_pages(s3: Any) -> None:
    location = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="units", CreateBucketConfiguration=location)
    for number in range(3):
        s3.put_object(Bucket="units", Key=str(number), Body=b"x")
    with s3.get_object(Bucket="units", Key="0")["Body"] as body:
        assert body.read() == b"x"
    paginator = s3.get_paginator("list_objects_v2")
    pages = paginator.paginate(Bucket="units", PaginationConfig={"PageSize": 2})
    assert [each["Key"] for page in pages for each in page["Contents"]] == ["0", "1", "2"]
    s3.get_waiter("bucket_exists").wait(Bucket="units")
    with pytest.raises(ClientError):
        s3.get_object(Bucket="units", Key="none")
