"""What can be done with items, in QGIS's window, against servers that answer parts of files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtGui import QAction, QGuiApplication

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Item, parse_item
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from tests.gui.conftest import until
from tests.servers.misbehaving import MisbehavingServer, file_of, misbehaving_server

WEST, NORTH = 75.0, 40.0


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def actions(session, desk, server) -> Iterator[ItemActions]:
    server.asked.clear()
    yield ItemActions(session, desk)


def cog(folder: Path, values: Any, *, west: float = WEST, name: str = "made") -> bytes:
    """Make a small Cloud Optimized GeoTIFF in degrees, of cells of a hundredth."""
    array = np.asarray(values, dtype=np.float32)
    memory = gdal.GetDriverByName("MEM").Create(
        "", array.shape[1], array.shape[0], 1, gdal.GDT_Float32
    )
    memory.SetGeoTransform((west, 0.01, 0.0, NORTH, 0.0, -0.01))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(4326)
    memory.SetSpatialRef(reference)
    memory.GetRasterBand(1).WriteArray(array)
    path = folder / f"{name}.tif"
    gdal.Translate(str(path), memory, format="COG")
    return path.read_bytes()


def item(
    href: str, identity: str = "one", *, source: str = "", day: str = "2020-07-01", **more: Any
) -> Item:
    """Make an item with one raster."""
    west = more.pop("west", WEST)
    asset = {"href": href, "type": "image/tiff; application=geotiff", "roles": ["data"]}
    asset.update(more.pop("asset", {}))
    box = [west, NORTH - 0.64, west + 0.64, NORTH]
    document = {
        "type": "Feature",
        "stac_version": "1.1.0",
        "id": identity,
        "collection": more.pop("collection", "built-up"),
        "geometry": None,
        "bbox": box,
        "properties": {"datetime": f"{day}T00:00:00Z", **more},
        "links": [{"rel": "self", "href": f"https://catalog.example/{identity}"}],
        "assets": {"data": asset},
    }
    return parse_item(document, source=source)


def named(menu, name: str) -> QAction:
    return menu.findChild(QAction, f"dbar_item_{name}")


def layers() -> list[QgsRasterLayer]:
    return list(QgsProject.instance().mapLayers().values())


def test_a_public_raster_is_streamed(actions, server, tmp_path):
    url = server.on("/a.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    menu = actions.menu([item(url)])
    named(menu, "add_to_map").trigger()
    until(layers)
    (layer,) = layers()
    assert layer.isValid()
    assert layer.name() == "built-up 2020-07-01 data"
    assert layer.source() == f"/vsicurl/{url}"
    assert QgsProject.instance().layerTreeRoot().findGroup("built-up").findLayers()
    assert layer.temporalProperties().fixedTemporalRange().begin().date().year() == 2020
    # Nothing beside the file was looked for.
    assert {asked.path for asked in server.asked} == {"/a.tif"}


def test_download_and_add(actions, session, server, tmp_path):
    url = server.on("/b.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    menu = actions.menu([item(url)])
    named(menu, "download_and_add").trigger()
    until(layers)
    (layer,) = layers()
    assert Path(layer.source()).is_relative_to(session.library.data.folder)
    own = session.library.data.get("built-up", "one")
    menu = actions.menu([own])
    assert not named(menu, "download").isEnabled()
    assert named(menu, "show_in_folder").isEnabled()


def test_copied_texts(actions, session):
    connection = Connection("Mine", "https://catalog.example/api", "stac_api")
    session.connections.save(connection)
    menu = actions.menu([item("https://data.example/a.tif?sig=s3cr3t", source=connection.id)])
    clipboard = QGuiApplication.clipboard()
    named(menu, "copy_link").trigger()
    assert clipboard.text() == "https://catalog.example/one"
    named(menu, "copy_python").trigger()
    assert "Client.open('https://catalog.example/api')" in clipboard.text()
    compile(clipboard.text(), "snippet", "exec")
    named(menu, "copy_json").trigger()
    assert '"id": "one"' in clipboard.text()
    assert "s3cr3t" not in clipboard.text()
    session.connections.remove(connection.id)
