"""Ways to files: addresses of stores, signatures, and what is here already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.local.store import DataStore
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.redaction import host_of
from dbar_qgis_plugin.catalog.signing import Signers, TokenService
from dbar_qgis_plugin.catalog.transfers.download import Wanted
from dbar_qgis_plugin.catalog.transfers.queue import TransferQueue
from dbar_qgis_plugin.errors import InputError
from tests.servers.misbehaving import as_json, misbehaving_server
from tests.servers.plain_transport import PlainTransport


class Kept:
    """Connections of a test."""

    def __init__(self, *connections: Connection) -> None:
        self._known = {one.id: one for one in connections}

    def all(self):
        return tuple(self._known.values())

    def get(self, connection_id):
        return self._known.get(connection_id)


def document(href: str, **more):
    return {
        "type": "Feature",
        "id": "one",
        "collection": "set",
        "properties": {"datetime": "2020-01-01T00:00:00Z"},
        "assets": {"data": {"href": href, "type": "image/tiff", **more}},
        "links": [],
    }


@pytest.fixture
def server():
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def queue(tmp_path):
    made = TransferQueue(tmp_path / "transfers.sqlite")
    yield made
    made.close()


@pytest.fixture
def library(tmp_path):
    made = Library(Kept(), PlainTransport(), DataStore(tmp_path / "data"))
    yield made
    made.data.close()


def transfer(queue, tmp_path, raw, connection=""):
    href = raw["assets"]["data"]["href"]
    wanted = Wanted(href, tmp_path / "a.tif", item=raw, asset="data")
    return queue.add([wanted], connection)[0]


def test_stores_are_fetched_from_the_web(library, queue, tmp_path):
    others = {"web": {"href": "https://files.example/a.tif"}}
    raw = document("s3://bucket/a.tif", alternate=others)
    assert library.route(transfer(queue, tmp_path, raw))[0] == "https://files.example/a.tif"


def test_a_public_bucket_is_fetched_from_the_web(library, queue, tmp_path):
    found, _ = library.route(transfer(queue, tmp_path, document("s3://bucket/a.tif")))
    assert found == "https://bucket.s3.amazonaws.com/a.tif"


def test_what_has_no_way_says_why(library, queue, tmp_path):
    raw = document("s3://bucket/a.tif", **{"storage:requester_pays": True})
    with pytest.raises(InputError, match="pays"):
        library.route(transfer(queue, tmp_path, raw))


def test_signed_when_it_is_fetched(server, queue, tmp_path):
    connection = Connection("Signing", f"{server.url}/stac", "stac_api")
    made = Library(Kept(connection), PlainTransport(), DataStore(tmp_path / "data"))
    services = {host_of(server.url): TokenService(f"{server.url}/sas/", ("127.0.0.1",))}
    made.__dict__["signers"] = Signers(made.transport, services)
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    server.on("/sas/set", as_json({"token": "sig=abc", "msft:expiry": later}))
    url = f"{server.url}/a.tif"
    raw = document(url)
    known = transfer(queue, tmp_path, raw, connection.id)
    assert made.route(known)[0] == f"{url}?sig=abc"
    item = parse_item(raw, source=connection.id)
    assert made.is_signed(url, item)
    assert made.is_signed("https://other.example/a.tif?sig=x", parse_item(raw))
    assert not made.is_signed("https://other.example/a.tif", parse_item(raw))
    names = ("set", "one", "data")
    assert made.signed_anew(url, connection.id, names) == f"{url}?sig=abc"
    assert made.signed_anew(url, "unknown", names) == ""
    made.data.close()


def test_what_is_here_already(library, tmp_path):
    raw = document("https://files.example/a.tif")
    item = parse_item(raw, source="c1")
    path = tmp_path / "a.tif"
    path.write_bytes(b"II*\0")
    assert library.held(item) == {}
    library.data.add_fetched(
        raw, "data", path, url="https://files.example/a.tif", checksum="", connection="c1"
    )
    assert library.held(item) == {"data": path}
    # Another catalog's item, or collection, of the same name is another one.
    assert library.held(parse_item(raw, source="c2")) == {}
    assert library.held(parse_item({**raw, "collection": "other"}, source="c1")) == {}
    own = library.data.get("set", "one")
    assert library.held(own) == {"data": path}
    path.unlink()
    assert library.held(item) == {}
