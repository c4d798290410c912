"""Catalogs of metadata, and lists of layers, asked through QGIS's network."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dbar_qgis_plugin.catalog.adapters import open_adapter
from dbar_qgis_plugin.catalog.adapters.sniffing import sniff
from dbar_qgis_plugin.catalog.connections import Connection, http_of
from dbar_qgis_plugin.catalog.net.qgis_transport import QgisTransport
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transport import HttpError
from dbar_qgis_plugin.errors import MissingDependencyError
from tests.qgis.run_where import in_thread
from tests.servers.misbehaving import Answer, MisbehavingServer, misbehaving_server
from tests.servers.ows import LAND, wms_1_3_0
from tests.servers.plain_transport import PlainTransport
from tests.servers.pycsw import pycsw_url
from tests.servers.pygeoapi import WHOLE, pygeoapi_url
from tests.servers.stac_data import item

CATALOGS = pytest.mark.parametrize(
    ("kind", "url", "collection"),
    [("records", pygeoapi_url, WHOLE), ("csw", pycsw_url, "records")],
    ids=["records", "csw"],
)


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@CATALOGS
def test_a_search_through_qgis_is_the_same(qgis_app, kind, url, collection):
    connection = Connection("Tests", url(), kind)
    query = Query((collection,), box=(72.0, 30.0, 80.0, 40.0), text="scene", page_size=3)
    adapters = [
        open_adapter(connection, http_of(connection, transport))
        for transport in (QgisTransport(), PlainTransport())
    ]
    through_qgis, plain = (in_thread(lambda a=a: list(a.search(query))) for a in adapters)
    assert [len(page.items) for page in plain] == [3, 3, 3, 1] and through_qgis == plain
    assert in_thread(adapters[0].describe).can_publish
    assert in_thread(lambda: sniff(url(), http_of(connection, QgisTransport()))) == kind


@CATALOGS
def test_what_is_written_through_qgis_comes_back(qgis_app, kind, url, collection):
    connection = Connection("Tests", url(), kind)
    adapter = open_adapter(connection, http_of(connection, QgisTransport()))
    made = item("from-qgis", "c", (1.0, 2.0, 3.0, 4.0), "2020-01-01T00:00:00Z", title="夜间灯光")

    def write_and_read() -> list[str]:
        identity = adapter.create(collection, made)
        titles = [adapter.get(collection, identity).title]
        adapter.replace(collection, {**made, "properties": {"title": "Second"}})
        titles.append(adapter.get(collection, identity).title)
        adapter.delete(collection, identity)
        with pytest.raises(HttpError, match=r"404|no record"):
            adapter.get(collection, identity)
        return titles

    assert in_thread(write_and_read) == ["夜间灯光", "Second"]


def test_layers_of_a_service_through_qgis(qgis_app, server):
    url = server.on("/ows", Answer(200, {"Content-Type": "text/xml"}, wms_1_3_0().encode()))
    connection = Connection("Tests", url, "wms")
    adapter = open_adapter(connection, http_of(connection, QgisTransport()))
    found = in_thread(lambda: [one.id for page in adapter.search(Query()) for one in page.items])
    assert found == [LAND, "light", "plain"]


def test_without_owslib_its_name_is_said(monkeypatch):
    monkeypatch.setattr("dbar_qgis_plugin.catalog.vendored.find_spec", lambda name: None)
    for kind in ("csw", "wms", "wmts", "xyz"):
        connection = Connection("Tests", "https://a.example/{z}/{x}/{y}", kind)
        with pytest.raises(MissingDependencyError, match="OWSLib"):
            open_adapter(connection, http_of(connection, PlainTransport()))
