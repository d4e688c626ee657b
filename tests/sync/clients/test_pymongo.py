"""`pymongo`'s async client behind a synchronous face, as far as it goes without a server."""

from __future__ import annotations

from typing import Any

import pymongo
import pytest
from pymongo.errors import ServerSelectionTimeoutError

from pywats import SyncServiceWrapper
from pywats.sync import unwrap


# Closed while one of its monitors connects, pymongo leaves the socket to the garbage collector,
# which would meet it in another test.
@pytest.mark.usefixtures("collected")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_collections_and_an_error() -> None:
    def make() -> Any:
        return pymongo.AsyncMongoClient("mongodb://127.0.0.1:1", serverSelectionTimeoutMS=50)

    with SyncServiceWrapper.made_by(make, name="mongo") as client:
        units = client["db"]["units"]
        assert unwrap(units).full_name == client.db.units.full_name == "db.units"
        assert client["db"]["units"] == client.db.units
        with pytest.raises(ServerSelectionTimeoutError):
            units.find_one({})
        with pytest.raises(ServerSelectionTimeoutError):
            list(units.find({}).limit(1))
        with pytest.raises(ServerSelectionTimeoutError):
            client.admin.command("ping")
