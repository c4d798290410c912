"""Layers of map services in QGIS itself: what the catalog hands over is opened and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from qgis.core import (
    QgsDataSourceUri,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QSize

from dbar_qgis_plugin.catalog.adapters.ows import PROVIDER, Ows, provider_uri
from dbar_qgis_plugin.catalog.http import Http
from tests.servers.misbehaving import Answer, MisbehavingServer, misbehaving_server
from tests.servers.ows import LAND, maps, picture, wms_1_3_0, wmts
from tests.servers.plain_transport import PlainTransport

RED = (255, 0, 0)


@pytest.fixture
def server() -> Iterator[MisbehavingServer]:
    """A server of maps."""
    with misbehaving_server() as started:
        yield started


def drawn(layer: QgsRasterLayer) -> tuple[int, int, int]:
    """Colour in the middle of a picture of a layer."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(64, 64))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    return job.renderedImage().pixelColor(32, 32).getRgb()[:3]


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:4326"])
def test_a_wms_layer_with_a_chinese_name(server: MisbehavingServer, crs: str):
    url = server.on("/ows", maps(wms_1_3_0(f"{server.url}/ows")))
    item = Ows(url, "wms", Http(PlainTransport())).get("wms", LAND)
    layer = QgsRasterLayer(provider_uri(item.assets[0], crs=crs), item.title, PROVIDER)
    assert layer.isValid(), layer.error().message()
    assert layer.crs().authid() == crs
    assert drawn(layer) == RED
    asked = [one.query for one in server.asked if one.query.get("REQUEST") == "GetMap"]
    assert asked and asked[0]["LAYERS"] == LAND


def test_a_wmts_layer_with_a_chinese_name(server: MisbehavingServer):
    url = server.on("/wmts", maps(wmts(f"{server.url}/wmts")))
    item = Ows(url, "wmts", Http(PlainTransport())).get("wmts", "农田")
    layer = QgsRasterLayer(provider_uri(item.assets[0]), item.title, PROVIDER)
    assert layer.isValid(), layer.error().message()
    assert drawn(layer) == RED
    asked = [one.query for one in server.asked if one.query.get("REQUEST") == "GetTile"]
    assert asked and (asked[0]["LAYER"], asked[0]["STYLE"]) == ("农田", "bright")


def test_a_template_of_tiles(server: MisbehavingServer):
    server.on("/tiles/0/0/0.png", Answer(200, {"Content-Type": "image/png"}, picture(256)))
    template = f"{server.url}/tiles/{{z}}/{{x}}/{{y}}.png"
    (item,) = Ows(template, "xyz", Http(PlainTransport())).layers()
    layer = QgsRasterLayer(provider_uri(item.assets[0]), item.title, PROVIDER)
    assert layer.isValid(), layer.error().message()
    assert drawn(layer) == RED


def test_what_qgis_reads_is_what_was_meant(server: MisbehavingServer):
    url = server.on("/ows", maps(wms_1_3_0())) + "?map=/a%20b.map&x=1"
    item = Ows(url, "wms", Http(PlainTransport())).get("wms", LAND)
    name = "土地 a,b & c=d #1 (e) [f] g+h;i@j!'|~"
    asset = replace(item.assets[0], raw={**item.assets[0].raw, "wms:layers": [name, LAND]})
    uri = QgsDataSourceUri()
    uri.setEncodedUri(provider_uri(asset, authcfg="abc1234"))
    assert uri.params("layers") == [name, LAND] and uri.params("styles") == ["", ""]
    # What is quoted here is so again in a request.
    assert uri.param("url") == f"{server.url}/ows?map=/a b.map&x=1"
    # Credentials stand in a source by their id alone.
    assert uri.authConfigId() == "abc1234"
