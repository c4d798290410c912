"""What can be done with items, in QGIS's window, against servers that answer parts of files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QAction, QGuiApplication
from qgis.PyQt.QtWidgets import QMessageBox

from dbar_qgis_plugin.algorithms.rasters import RasterClass, style_classes
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Item, parse_item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from tests.gui.conftest import until
from tests.gui.watchdog import Watchdog, best_of
from tests.servers.misbehaving import MisbehavingServer, as_json, file_of, misbehaving_server
from tests.servers.ows import LAND, maps, wms_1_3_0

WEST, NORTH = 75.0, 40.0
NOISE = np.random.default_rng(1).random((1024, 1024))


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def know(session, monkeypatch) -> Callable[[Connection], None]:
    """Make a connection known, without the settings that all runs of tests share."""

    def learn(connection: Connection) -> None:
        known = {connection.id: connection}
        monkeypatch.setattr(session.connections, "get", known.get)

    return learn


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
    # Who asks for it again is told that it is here.
    actions.desk.message_bar.clearWidgets()
    menu = actions.menu([item(url)])
    named(menu, "download").trigger()
    until(lambda: "My data already" in " ".join(told(actions.desk.message_bar)))


def test_copied_texts(actions, session, know):
    connection = Connection("Mine", "https://catalog.example/api", "stac_api")
    know(connection)
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


def box_of(layer: QgsRasterLayer) -> tuple[float, ...]:
    extent = layer.extent()
    return tuple(
        round(value, 6)
        for value in (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())
    )


def cells(path: str, band: int = 1) -> np.ndarray:
    dataset = gdal.Open(path)
    return dataset.GetRasterBand(band).ReadAsArray()


def test_a_mosaic_of_one_day(actions, session, server, tmp_path):
    left = server.on("/left.tif", file_of(cog(tmp_path, np.full((64, 64), 1.0))))
    right = server.on("/right.tif", file_of(cog(tmp_path, np.full((64, 64), 2.0), west=75.64)))
    items = [item(left, "left"), item(right, "right", west=75.64)]
    menu = actions.menu(items)
    named(menu, "mosaic").trigger()
    until(layers)
    (layer,) = layers()
    assert box_of(layer) == (75.0, 39.36, 76.28, 40.0)
    values = cells(layer.source())
    assert values[:, :64].max() == 1.0
    assert values[:, 64:].min() == 2.0
    (own,) = session.library.data.items_of_file(Path(layer.source()))
    origins = [link.href for link in own.links if link.rel == "derived_from"]
    assert origins == ["https://catalog.example/left", "https://catalog.example/right"]
    assert own.begin == items[0].begin
    menu = actions.menu(items[:1])
    assert not named(menu, "mosaic").isEnabled()
    assert "Select several" in named(menu, "mosaic").toolTip()


def test_assets_become_bands(actions, server, tmp_path):
    hrefs = {
        key: server.on(f"/{key}.tif", file_of(cog(tmp_path, np.full((64, 64), value), name=key)))
        for key, value in (("red", 1.0), ("green", 2.0))
    }
    whole = item(hrefs["red"])
    assets = {
        key: {"href": href, "type": "image/tiff", "roles": ["data"], "title": key.title()}
        for key, href in hrefs.items()
    }
    menu = actions.menu([parse_item({**whole.raw, "assets": assets})])
    named(menu, "bands").trigger()
    until(layers)
    (layer,) = layers()
    assert layer.bandCount() == 2
    assert [layer.bandName(number) for number in (1, 2)] == ["Band 1: Red", "Band 2: Green"]
    assert cells(layer.source(), 2).min() == 2.0


def test_a_part_is_fetched_and_kept(actions, session, desk, server, tmp_path):
    values = np.arange(1024 * 1024, dtype=np.float32).reshape(1024, 1024)
    data = cog(tmp_path, values)
    url = server.on("/big.tif", file_of(data))
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    desk.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    desk.canvas.setExtent(QgsRectangle(75.5, 39.5, 75.7, 39.7))
    menu = actions.menu([item(url)])
    named(menu, "clip").trigger()
    until(layers)
    (layer,) = layers()
    west, _, _, north = box_of(layer)
    shown = desk.canvas.extent()
    assert west <= shown.xMinimum() < west + 0.011
    assert north - 0.011 < shown.yMaximum() <= north
    column, row = round((west - WEST) / 0.01), round((NORTH - north) / 0.01)
    found = cells(layer.source())
    np.testing.assert_array_equal(
        found, values[row : row + found.shape[0], column : column + found.shape[1]]
    )
    # Much less than the file came.
    ranges = [asked for asked in server.asked if asked.method == "GET"]
    assert ranges and all("range" in asked.headers for asked in ranges)
    (own,) = session.library.data.items_of_file(Path(layer.source()))
    assert own.link("derived_from").href == "https://catalog.example/one"
    assert own.properties["dbar:origin"] == "fetched"
    assert not list(session.library.data.folder.rglob("*.part*"))


def test_the_part_in_the_search_area(actions, desk, server, tmp_path):
    url = server.on("/area.tif", file_of(cog(tmp_path, NOISE)))
    menu = actions.menu([item(url)])
    assert named(menu, "clip_search") is None
    desk.search_wanted.emit(Search({"c": Query(box=(75.1, 39.7, 75.2, 39.8))}))
    menu = actions.menu([item(url)])
    named(menu, "clip_search").trigger()
    until(layers)
    assert box_of(layers()[0]) == pytest.approx((75.1, 39.7, 75.2, 39.8), abs=0.011)


def test_an_area_beside_the_raster_is_told(actions, desk, server, tmp_path, qgis_iface):
    url = server.on("/aside.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    actions.making.clip([Choice(item(url), item(url).assets[0])], (10.0, 10.0, 11.0, 11.0))
    bar = qgis_iface.messageBar()
    until(lambda: any("no cell within the area" in text for text in told(bar)))
    assert not layers()


def test_a_clip_is_cancelled(actions, session, server, tmp_path):
    url = server.on("/slow.tif", file_of(cog(tmp_path, NOISE), wait_s=0.3))
    actions.making.clip([Choice(item(url), item(url).assets[0])], (75.0, 30.0, 85.0, 40.0))
    until(lambda: server.asked_for("/slow.tif"))
    session.jobs.close()
    until(lambda: not QgsApplication.taskManager().countActiveTasks())
    assert not layers()
    assert not list(session.library.data.folder.rglob("*.tif*"))


def told(bar) -> list[str]:
    levels = (Qgis.MessageLevel.Info, Qgis.MessageLevel.Warning)
    return [text for level in levels for text in bar.get_messages(level)]


def test_a_big_download_is_asked_about(actions, desk, server, tmp_path):
    url = server.on("/huge.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    huge = item(url, asset={"file:size": 2_000_000_000}, license="CC-BY-4.0")
    menu = actions.menu([huge])
    named(menu, "download").trigger()
    box = desk.window.findChild(QMessageBox, "dbar_big_download")
    words = box.informativeText()
    assert "Files: 1" in words
    assert "GB" in words
    assert "CC-BY-4.0" in words
    box.reject()
    assert box.isHidden()
    QCoreApplication.processEvents()
    assert not server.asked


def test_the_window_never_waits_for_a_server(actions, server, tmp_path):
    """A server that takes its time holds up nobody but the layer that comes from it."""
    data, turns = cog(tmp_path, NOISE), iter(range(9))

    def measure() -> float:
        url = server.on(f"/late{next(turns)}.tif", file_of(data, wait_s=0.15))
        chosen = item(url)
        before = len(layers())
        with Watchdog() as watchdog:
            menu = actions.menu([chosen])
            named(menu, "add_to_map").trigger()
            until(lambda: len(layers()) > before)
        return watchdog.longest_ms

    assert best_of(5, measure, 50.0) <= 50.0


@pytest.mark.parametrize(
    ("asset", "more", "kind"),
    [
        (
            {
                "bands": [
                    {
                        "classification:classes": [
                            {"value": 1, "description": "Built-up", "color_hint": "FF0000"},
                            {"value": 0, "description": "Other", "color_hint": "FFFFFF"},
                        ]
                    }
                ]
            },
            {},
            "paletted",
        ),
        (
            {},
            {
                "renders": {
                    "x": {"assets": ["data"], "rescale": [[0, 5]], "colormap_name": "viridis"}
                }
            },
            "singlebandpseudocolor",
        ),
        ({"bands": [{"unit": "1", "nodata": -5}]}, {"title": "Built-up"}, "singlebandpseudocolor"),
        ({"bands": [{"unit": "%"}]}, {"title": "Built-up"}, "singlebandgray"),
    ],
)
def test_looks(actions, server, tmp_path, asset, more, kind):
    url = server.on("/look.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    providers = {"license": "CC-BY-4.0", "providers": [{"name": "Some office"}]}
    menu = actions.menu([item(url, asset=asset, **providers, **more)])
    named(menu, "add_to_map").trigger()
    until(layers)
    (layer,) = layers()
    assert layer.renderer().type() == kind
    if kind == "paletted":
        assert [entry.label for entry in layer.renderer().classes()] == ["Built-up", "Other"]
    if "nodata" in str(asset):
        assert layer.dataProvider().userNoDataValues(1)[0].min() == -5
    assert layer.temporalProperties().isActive()
    assert layer.temporalProperties().fixedTemporalRange().begin().date().year() == 2020
    assert layer.metadata().licenses() == ["CC-BY-4.0"]
    assert layer.metadata().rights() == ["Some office"]
    assert layer.metadata().links()[0].url == "https://catalog.example/one"


@pytest.mark.parametrize("style", ["right", "broken", "gone"])
def test_a_style_that_was_shared_with_a_raster(actions, server, tmp_path, style):
    url = server.on("/styled.tif", file_of(cog(tmp_path, np.ones((64, 64)))))
    made = QgsRasterLayer(str(tmp_path / "made.tif"), "made")
    style_classes(made, [RasterClass(1, "One", "#112233")])
    made.setOpacity(0.4)
    made.saveNamedStyle(str(tmp_path / "made.qml"))
    qml = {
        "right": file_of((tmp_path / "made.qml").read_bytes()),
        "broken": file_of(b"<qgis"),
        "gone": as_json({}, 404),
    }
    (tmp_path / "made.qml").unlink()
    raw = dict(item(url).raw)
    raw["assets"] = {
        **raw["assets"],
        "made": {"href": server.on("/made.qml", qml[style]), "roles": ["style"]},
    }
    menu = actions.menu([parse_item(raw)])
    named(menu, "add_to_map").trigger()
    until(layers)
    (layer,) = layers()
    assert (layer.renderer().type() == "paletted") == (style == "right")
    assert layer.name() == "built-up 2020-07-01 data"
    assert layer.temporalProperties().isActive()


def test_several_layers_come_in_order_of_time(actions, server, tmp_path):
    data = cog(tmp_path, np.ones((64, 64)))
    items = [
        item(server.on(f"/y{year}.tif", file_of(data)), str(year), day=f"{year}-01-01")
        for year in (2010, 2020, 2000)
    ]
    menu = actions.menu(items)
    named(menu, "add_to_map").trigger()
    until(lambda: len(layers()) == 3)
    group = QgsProject.instance().layerTreeRoot().findGroup("built-up")
    names = [node.name()[9:13] for node in group.findLayers()]
    assert names == ["2020", "2010", "2000"]


def test_a_file_of_features_is_fetched_and_shown(actions, server):
    square = [[[75, 39], [76, 39], [76, 40], [75, 40], [75, 39]]]
    feature = {
        "type": "Feature",
        "properties": {"name": "A"},
        "geometry": {"type": "Polygon", "coordinates": square},
    }
    answer = as_json({"type": "FeatureCollection", "features": [feature]})
    url = server.on("/zones.geojson", answer)
    zones = item(url, asset={"type": "application/geo+json"})
    actions.run_default(zones)
    until(layers)
    (layer,) = layers()
    assert layer.featureCount() == 1
    assert layer.name() == "built-up 2020-07-01 data"


def test_a_map_service_is_shown(actions, server):
    url = server.on("/ows", maps(wms_1_3_0(f"{server.url}/ows")))
    service = item(url, asset={"roles": ["wms"], "type": "", "wms:layers": [LAND]})
    actions.run_default(service)
    until(layers)
    assert layers()[0].providerType() == "wms"
    assert layers()[0].isValid()


def test_what_cannot_be_opened_says_why(actions, qgis_iface):
    archive = item("https://x.example/a.zip", asset={"type": "application/zip"})
    menu = actions.menu([archive])
    assert not named(menu, "add_to_map").isEnabled()
    assert "archive" in named(menu, "add_to_map").toolTip()
    assert named(menu, "download").isEnabled()
    assert not named(menu, "download_and_add").isEnabled()
    actions.run_default(archive)
    assert any("archive" in text for text in told(qgis_iface.messageBar()))
    nothing = parse_item({"id": "x", "properties": {}})
    menu = actions.menu([nothing])
    for name in ("add_to_map", "download", "zoom_to", "open_page", "copy_link", "clip"):
        assert not named(menu, name).isEnabled(), name
        assert named(menu, name).toolTip()
    assert actions.menu([]).actions()


def test_the_menu_of_many_items_comes_at_once(actions, session, know):
    connection = Connection("Mine", "https://catalog.example/api", "stac_api")
    know(connection)
    url = "https://data.example/a.tif"
    items = [item(url, str(number), source=connection.id) for number in range(200)]

    def measure() -> float:
        begin = time.perf_counter()
        actions.menu(items)
        return 1000.0 * (time.perf_counter() - begin)

    least = best_of(5, measure, 50.0)
    assert least <= 50.0
