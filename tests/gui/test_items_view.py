"""Items as cards and as a table: sorted, in groups, on the map, with their pictures and details."""

from __future__ import annotations

import gc
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import QBuffer, QEvent, QIODevice, QLocale, QPoint, Qt
from qgis.PyQt.QtGui import QAction, QColor, QDesktopServices, QImage, QPixmap
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QApplication,
    QLabel,
    QListView,
    QTableView,
    QToolButton,
    QTreeWidget,
)

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.local.store import MY_DATA
from dbar_qgis_plugin.catalog.model import Item, parse_item
from dbar_qgis_plugin.errors import InputError
from dbar_qgis_plugin.gui.catalog.actions.looks import ITEM
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items import thumbnails
from dbar_qgis_plugin.gui.catalog.items.coverage import SearchArea
from dbar_qgis_plugin.gui.catalog.items.mdl_items import Column, Grouping
from dbar_qgis_plugin.gui.catalog.items.row import ItemState, Row
from dbar_qgis_plugin.gui.catalog.items.thumbnails import decoded
from dbar_qgis_plugin.gui.catalog.items.view import ItemsView, Look
from tests.gui.conftest import until
from tests.gui.watchdog import Watchdog, best_of
from tests.servers.misbehaving import Answer, MisbehavingServer, misbehaving_server
from tests.servers.stac_data import item as document

BROKEN: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no date": {"id": "a", "bbox": [0, 0, 1, 1], "properties": {}},
    "no place": {"id": "b", "geometry": None, "properties": {"datetime": "2020-01-01T00:00:00Z"}},
    "a period": {
        "id": "c",
        "properties": {
            "datetime": None,
            "start_datetime": "2016-01-01T00:00:00Z",
            "end_datetime": "2020-12-31T00:00:00Z",
        },
    },
    "relative links": {"id": "d", "assets": {"x": {"href": "./x.tif"}}},
    "with heights": {"id": "e", "bbox": [0, 0, 10, 1, 1, 500], "properties": {}},
    "over 180 degrees": {"id": "f", "bbox": [170, -5, -170, 5], "properties": {}},
    "no sense": {"id": [], "bbox": "x", "geometry": 5, "assets": [1], "links": {}, "properties": 7},
    "no address": {"id": "g", "assets": {"x": {}, "y": None}},
    "large figures": {"id": "h", "properties": {"gsd": 10**400, "eo:cloud_cover": "NaN"}},
}


@pytest.fixture
def desk(qgis_iface, qgis_new_project) -> Iterator[Desk]:
    """A map that is seen, and as large as it is said to be."""
    canvas = QgsMapCanvas()
    canvas.resize(400, 400)
    canvas.show()
    yield Desk(canvas, qgis_iface.messageBar(), qgis_iface.mainWindow())
    canvas.deleteLater()


@pytest.fixture
def view(session, desk) -> Iterator[ItemsView]:
    made = ItemsView(session, desk)
    made.resize(340, 600)
    made.show()
    yield made
    made.close_page()
    made.deleteLater()


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


def scene(number: int, **properties: Any) -> Item:
    """Make a scene of night light; each lies east of the one before."""
    west = 60.0 + number % 100
    raw = document(
        f"s{number:05d}",
        properties.pop("collection", "night-light"),
        (west, 35.0, west + 0.9, 36.0),
        properties.pop("datetime", f"2022-{1 + number % 12:02d}-15T16:00:00Z"),
        **{"eo:cloud_cover": (number * 7) % 100, "title": f"Scene {number}", **properties},
    )
    return parse_item(raw, source="there")


def titles(view: ItemsView) -> list[str]:
    return [row.title for row in view.model.rows]


def cards(view: ItemsView) -> QListView:
    return view.findChild(QListView, "dbar_items_cards")


def png(side: int, colour: str = "#aa3311") -> bytes:
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data())


# -- what is shown


def test_items_are_shown_sorted_and_in_groups(view):
    view.set_items([scene(3), scene(1), scene(2, **{"eo:cloud_cover": None}), scene(14)])
    assert titles(view) == ["Scene 3", "Scene 1", "Scene 2", "Scene 14"]
    view.model.sort(Column.CLOUD)
    assert titles(view) == ["Scene 1", "Scene 3", "Scene 14", "Scene 2"]  # what is not told: last
    view.model.sort(Column.CLOUD, Qt.SortOrder.DescendingOrder)
    assert titles(view)[-1] == "Scene 2"
    view.model.sort(-1)
    view.group_by(Grouping.DATE)  # the newest first; within a day as they came
    assert titles(view) == ["Scene 3", "Scene 2", "Scene 14", "Scene 1"]
    assert [number in view.model.headings for number in range(4)] == [*(True, True, False, True)]
    view.append([scene(26)])
    assert titles(view) == ["Scene 3", "Scene 2", "Scene 14", "Scene 26", "Scene 1"]
    assert view.model.headings[1].endswith("(3)")
    view.group_by(Grouping.NONE)
    assert titles(view) == ["Scene 3", "Scene 1", "Scene 2", "Scene 14", "Scene 26"]


def test_a_selection_survives_order_look_and_new_items(view):
    view.set_items([scene(number) for number in range(20)])
    view.select([view.model.rows[number] for number in (4, 9)])
    chosen = {"Scene 4", "Scene 9"}

    def selected() -> set[str]:
        return {row.title for row in view.selected_rows()}

    view.model.sort(Column.CLOUD)
    assert selected() == chosen
    view.show_as(Look.TABLE)
    assert selected() == chosen
    table = view.findChild(QTableView, "dbar_items_table")
    assert len(table.selectionModel().selectedRows()) == 2
    view.append([scene(30)])
    view.group_by(Grouping.DATE)
    assert selected() == chosen
    view.set_items([scene(number) for number in range(5, 25)])
    assert selected() == {"Scene 9"}


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("grouping", Grouping)
def test_broken_items_are_shown(view, look, grouping):
    """Painted in every way, and looked at in detail."""
    good = scene(1)
    items = [parse_item({"type": "Feature", **raw}, source="x") for raw in BROKEN.values()]
    view.set_items([*items, good])
    view.group_by(grouping)
    view.show_as(look)
    view.show_details(True)
    for column in Column:
        view.model.sort(column)
    for row in list(view.model.rows):
        view.select([row])
        assert not view.grab().isNull()
        tree = view.findChild(QTreeWidget, "dbar_item_files")
        until(lambda tree=tree, row=row: tree.topLevelItemCount() == len(row.item.assets))
    assert len(view.items()) == len(BROKEN) + 1
    assert all(title and title != "a" for title in titles(view))
    until(lambda: not view.footprints._waiting)


def test_what_is_wrong_with_an_item_is_said(view):
    view.set_items([parse_item(BROKEN["no date"])])
    view.show_details(True)
    view.select(view.model.rows)
    assert "no date" in view.findChild(QLabel, "dbar_item_problems").text()
    tip = view.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "no date" in tip


@pytest.mark.parametrize("name", ["en_US", "zh_CN", "de_DE", "C"])
def test_days_are_written_with_their_century(name):
    before = QLocale()
    QLocale.setDefault(QLocale(name))
    try:
        row = Row(scene(1))
        assert str(row.item.begin.year) in row.date
    finally:
        QLocale.setDefault(before)


def test_more_is_wanted_while_the_end_is_in_sight(view):
    wanted = []
    view.more_wanted.connect(lambda: wanted.append(1))
    view.set_items([scene(1)])
    until(lambda: wanted)  # one item does not fill the view
    view.set_items([scene(number) for number in range(100)])
    QTest.qWait(200)
    wanted.clear()
    bar = cards(view).verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    QTest.qWait(200)
    assert not wanted
    bar.setValue(bar.maximum())
    until(lambda: wanted)


def test_keys_move_select_and_open(view):
    opened = []
    view.activated.connect(opened.append)
    view.set_items([scene(number) for number in range(5)])
    view.select(view.model.rows[:1])
    QTest.keyClick(cards(view), Qt.Key.Key_Down)
    QTest.keyClick(cards(view), Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert [row.title for row in view.selected_rows()] == ["Scene 1", "Scene 2"]
    QTest.keyClick(cards(view), Qt.Key.Key_Return)
    assert [found.title for found in opened] == ["Scene 2"]
    QTest.keyClick(cards(view), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.selected_items()) == 5


def test_it_fits_into_a_narrow_dock(view):
    assert view.minimumSizeHint().width() <= 310
    view.set_items([scene(number) for number in range(5)])
    view.show_details(True)
    view.select(view.model.rows[:2])
    assert view.minimumSizeHint().width() <= 310


# -- ten thousand


def test_ten_thousand_items_never_hold_up_the_window(view):
    rows = [Row(scene(number), 0.5) for number in range(10_000)]
    for row in rows:
        row.warm()

    def fill() -> float:
        view.clear()
        with Watchdog() as dog:
            for begin in range(0, len(rows), 50):
                view.append(rows[begin : begin + 50])
                QTest.qWait(1)
            until(lambda: not view.footprints._waiting)
        return dog.longest_ms

    def scroll() -> float:
        bar = cards(view).verticalScrollBar()
        with Watchdog() as dog:
            for step in range(60):
                bar.setValue(bar.maximum() * step // 59)
                QTest.qWait(1)
        return dog.longest_ms

    def held_up_by(act: Callable[[], object]) -> float:
        with Watchdog() as dog:
            act()
            QTest.qWait(20)
        return dog.longest_ms

    for measure in (fill, scroll):
        assert best_of(5, measure, 50.0) <= 50.0, measure.__name__
    for name, act in {
        "table": lambda: view.show_as(Look.TABLE),
        "cards": lambda: view.show_as(Look.CARDS),
        "by cloud": lambda: view.model.sort(Column.CLOUD),
        "by title": lambda: view.model.sort(Column.TITLE),
        "all": lambda: cards(view).selectAll(),
        "none": lambda: cards(view).clearSelection(),
        "groups": lambda: view.group_by(Grouping.DATE),
        "no groups": lambda: view.group_by(Grouping.NONE),
    }.items():
        assert best_of(5, partial(held_up_by, act), 50.0) <= 50.0, name
    assert len(view.items()) == 10_000


# -- the map


def canvas_at(desk, west: float = 60.0, crs: str = "EPSG:4326") -> None:
    desk.canvas.setDestinationCrs(QgsCoordinateReferenceSystem(crs))
    desk.canvas.setExtent(QgsRectangle(west, 34.0, west + 4.0, 38.0))


def place_of(desk, x: float, y: float) -> QPoint:
    found = desk.canvas.getCoordinateTransform().transform(x, y)
    return QPoint(round(found.x()), round(found.y()))


def test_cards_and_outlines_mark_each_other(view, desk):
    canvas_at(desk)
    view.set_items([scene(number) for number in range(4)])
    until(lambda: not view.footprints._waiting)
    second = view.model.rows[1]
    found = []
    view.footprints.hovered.connect(found.append)
    desk.canvas.xyCoordinates.emit(
        desk.canvas.getCoordinateTransform().toMapCoordinates(place_of(desk, 61.5, 35.5))
    )
    assert found == [second]
    assert cards(view).itemDelegate().marked == 1
    assert view.footprints._at_mouse.asGeometry().boundingBox().xMinimum() == pytest.approx(61.0)
    desk.canvas.xyCoordinates.emit(
        desk.canvas.getCoordinateTransform().toMapCoordinates(place_of(desk, 61.5, 37.0))
    )
    assert found[-1] is None and cards(view).itemDelegate().marked == -1
    third = view.model.index(2, 0)
    cards(view).entered.emit(third)
    assert view.footprints._at_mouse.asGeometry().boundingBox().xMinimum() == pytest.approx(62.0)
    QTest.qWait(1)
    cards(view).viewportEntered.emit()
    assert view.footprints._at_mouse.asGeometry().isEmpty()


def test_a_click_on_the_map_selects_and_a_double_click_zooms(view, desk):
    canvas_at(desk)
    view.set_items([scene(number) for number in range(4)])
    until(lambda: not view.footprints._waiting)
    button = view.findChild(QToolButton, "dbar_items_pick")
    button.click()
    tool = view.footprints.tool
    assert desk.canvas.mapTool() is tool

    def event(kind: QEvent.Type, x: float, keys=Qt.KeyboardModifier.NoModifier):
        return QgsMapMouseEvent(
            desk.canvas,
            kind,
            place_of(desk, x, 35.5),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            keys,
        )

    release = QEvent.Type.MouseButtonRelease
    tool.canvasReleaseEvent(event(release, 61.5))
    assert [row.title for row in view.selected_rows()] == ["Scene 1"]
    tool.canvasReleaseEvent(event(release, 62.5, Qt.KeyboardModifier.ControlModifier))
    assert [row.title for row in view.selected_rows()] == ["Scene 1", "Scene 2"]
    tool.canvasDoubleClickEvent(event(QEvent.Type.MouseButtonDblClick, 61.5))
    assert desk.canvas.extent().contains(QgsRectangle(61.0, 35.0, 61.9, 36.0))
    assert desk.canvas.extent().height() < 1.5
    view.hide()
    assert desk.canvas.mapTool() is not tool and not button.isChecked()


def test_outlines_follow_the_crs_of_the_map_and_go_with_the_page(view, desk):
    canvas_at(desk)
    view.set_items([scene(0), parse_item(BROKEN["over 180 degrees"])])
    until(lambda: not view.footprints._waiting)
    assert view.footprints._all.asGeometry().boundingBox().xMaximum() == pytest.approx(180.0)
    desk.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    until(lambda: not view.footprints._waiting)
    assert view.footprints._all.asGeometry().boundingBox().xMaximum() > 1e7
    view.hide()
    assert not view.footprints._all.isVisible()
    view.show()
    assert view.footprints._all.isVisible()
    view.clear()
    assert view.footprints._all.asGeometry().isEmpty()


def test_outlines_are_kept_as_a_layer_with_dates(view):
    whole = [scene(0), parse_item(BROKEN["a period"]), parse_item(BROKEN["over 180 degrees"])]
    view.set_items(whole)
    view.findChild(QToolButton, "dbar_items_keep").click()
    until(QgsProject.instance().mapLayers)
    (layer,) = QgsProject.instance().mapLayers().values()
    assert layer.featureCount() == 3 and layer.crs().authid() == "EPSG:4326"
    times = layer.temporalProperties()
    assert times.isActive() and (times.startField(), times.endField()) == ("start", "end")
    by_id = {feature["id"]: feature for feature in layer.getFeatures()}
    assert (
        by_id["s00000"]["start"].toUTC().toString(Qt.DateFormat.ISODate) == "2022-01-15T16:00:00Z"
    )
    assert by_id["c"]["end"].date().year() == 2020
    assert by_id["f"].geometry().constGet().numGeometries() == 2


def test_the_share_of_the_area_is_that_on_the_sphere():
    ring = [[0, 0], [10, 0], [10, 60], [0, 60], [0, 0]]
    area = SearchArea({"type": "Polygon", "coordinates": [ring]})
    half = parse_item({"bbox": [0, 30, 10, 90]})
    # sin 60 - sin 30 of sin 60
    assert area.covered_by(half) == pytest.approx(1.0 - 0.5 / 0.8660254, abs=1e-6)
    assert area.covered_by(parse_item({"bbox": [-5, -5, 20, 80]})) == pytest.approx(1.0)
    assert area.covered_by(parse_item({"bbox": [20, 0, 30, 10]})) == 0.0
    assert area.covered_by(parse_item({})) is None
    over = SearchArea(
        {
            "type": "MultiPolygon",
            "coordinates": [
                [[[170, 0], [180, 0], [180, 10], [170, 10], [170, 0]]],
                [[[-180, 0], [-170, 0], [-170, 10], [-180, 10], [-180, 0]]],
            ],
        }
    )
    assert over.covered_by(parse_item({"bbox": [175, 0, -170, 10]})) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, ""), (0.0, "0 %"), (0.0001, "1 %"), (0.5, "50 %"), (0.996, "99 %"), (1.0, "100 %")],
)
def test_nearly_nothing_and_nearly_all_are_told_as_such(share, text):
    assert Row(scene(1), share).coverage_text() == text


# -- where the files are


def test_states_follow_layers_and_transfers(view, session):
    view.set_items([scene(0), scene(1), parse_item({"id": "x"}, source=MY_DATA)])
    rows = view.model.rows
    assert [row.state for row in rows] == [ItemState.REMOTE, ItemState.REMOTE, ItemState.LOCAL]
    layer = QgsRasterLayer("none", "none")
    layer.setCustomProperty(ITEM, '["there", "night-light", "s00000", "data"]')
    QgsProject.instance().addMapLayer(layer)
    assert rows[0].state is ItemState.STREAMING
    QgsProject.instance().removeMapLayer(layer)
    assert rows[0].state is ItemState.REMOTE


def test_files_of_a_catalog_on_this_computer_are_local(view, tmp_path):
    path = tmp_path / "a.tif"
    path.write_bytes(b"TIFF")
    found = parse_item(
        {"id": "a", "assets": {"data": {"href": path.as_uri(), "type": "image/tiff"}}},
        source="sample",
    )
    view.set_items([found])
    assert view.model.rows[0].state is ItemState.LOCAL
    menu = view.actions.menu([found], view)
    assert menu.findChild(QAction, "dbar_item_show_in_folder").isEnabled()
    assert not menu.findChild(QAction, "dbar_item_download").isEnabled()
    menu.deleteLater()


def test_what_my_data_has_is_told(view, session, tmp_path, monkeypatch):
    path = tmp_path / "s00001.tif"
    path.write_bytes(b"TIFF")
    known = scene(1)
    session.library.data.add_fetched(
        dict(known.raw),
        "data",
        path,
        url="https://data.example/x.tif",
        checksum="",
        connection="there",
    )
    view.set_items([scene(0), known])
    until(lambda: view.model.rows[1].state is ItemState.LOCAL)
    assert view.model.rows[0].state is ItemState.REMOTE
    # Its folder can be shown, though the item is that of its catalog.
    shown = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    menu = view.actions.menu([known], view)
    menu.findChild(QAction, "dbar_item_show_in_folder").trigger()
    until(lambda: shown)
    assert (Path(shown[0].toLocalFile()) / path.name).read_bytes() == b"TIFF"
    menu.deleteLater()


# -- pictures


def with_picture(number: int, url: str, source: str = "there") -> Item:
    raw = dict(scene(number).raw)
    raw["assets"] = {"t": {"href": url, "type": "image/png", "roles": ["thumbnail"]}}
    return parse_item(raw, source=source)


def test_pictures_come_for_the_cards_in_sight_and_no_others(view, server):
    body = png(200)
    items = []
    for number in range(60):
        server.on(f"/p{number}.png", Answer(200, {"Content-Type": "image/png"}, body))
        items.append(with_picture(number, f"{server.url}/p{number}.png"))
    view.set_items(items)
    until(lambda: len(view.thumbnails.pictures) >= 4)
    QTest.qWait(300)
    asked = [one.path for one in server.asked if one.path.startswith("/p")]
    assert 4 <= len(asked) <= 10 and "/p0.png" in asked
    picture = next(iter(view.thumbnails.pictures.values()))
    assert isinstance(picture, QPixmap) and max(picture.width(), picture.height()) == 72


def test_scrolling_cancels_what_is_no_longer_in_sight(view, server):
    items = []
    for number in range(60):
        slow = Answer(200, {"Content-Type": "image/png"}, bytes(500), stall_after=10)
        server.on(f"/q{number}.png", slow if number < 20 else Answer(200, {}, png(20)))
        items.append(with_picture(number, f"{server.url}/q{number}.png"))
    view.set_items(items)
    until(lambda: len(view.thumbnails._wishes) >= 4)
    bar = cards(view).verticalScrollBar()
    bar.setValue(bar.maximum())
    until(lambda: f"{server.url}/q59.png" in view.thumbnails.pictures, 5.0)


def test_only_so_many_pictures_are_kept(view, server, monkeypatch):
    monkeypatch.setattr(thumbnails, "_KEPT", 5)
    items = []
    for number in range(40):
        server.on(f"/k{number}.png", Answer(200, {}, png(20)))
        items.append(with_picture(number, f"{server.url}/k{number}.png"))
    view.set_items(items)
    bar = cards(view).verticalScrollBar()
    for share in (0.0, 0.3, 0.6, 1.0):
        bar.setValue(round(share * bar.maximum()))
        QTest.qWait(200)
        until(lambda: not view.thumbnails._wishes)
        assert len(view.thumbnails.pictures) <= 5
    assert f"{server.url}/k39.png" in view.thumbnails.pictures


def test_ten_thousand_items_take_little_room(view):
    items = [scene(number) for number in range(10_000)]
    gc.collect()
    tracemalloc.start()
    view.set_items(items)
    until(lambda: not view.footprints._waiting)
    used = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert used < 40e6  # beside the items themselves


def test_a_picture_that_cannot_be_had_is_not_asked_for_again_and_again(view, server):
    url = server.on("/bad.png", Answer(200, {}, b"no picture"))
    view.set_items([with_picture(1, url)])
    until(lambda: url in view.thumbnails._failed)
    for _ in range(3):
        view._pause.start()
        QTest.qWait(150)
    assert len(server.asked_for("/bad.png")) == 1


def test_a_catalog_on_the_web_cannot_name_a_file_of_this_computer(view, session, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(10))
    far = Connection("Far", "https://far.example/stac", "stac_api")
    near = Connection("Near", str(tmp_path), "stac_static")
    session.connections.save(far)
    session.connections.save(near)
    view.set_items([with_picture(1, path.as_uri(), far.id)])
    until(lambda: path.as_uri() in view.thumbnails._failed)
    view.set_items([with_picture(1, path.as_uri(), near.id)])
    until(lambda: path.as_uri() in view.thumbnails.pictures)


def test_pictures_are_decoded_small_and_bombs_are_refused():
    assert decoded(png(300), 72).width() == 72
    assert decoded(png(20), 72).width() == 20  # never made larger
    with pytest.raises(InputError):
        decoded(b"no picture", 72)
    head = bytearray(png(1))
    head[16:24] = (100_000).to_bytes(4, "big") * 2  # a PNG that says to be enormous
    with pytest.raises(InputError):
        decoded(bytes(head), 72)


def test_the_picture_goes_onto_the_map_and_off_again(view, desk, server):
    canvas_at(desk)
    url = server.on("/map.png", Answer(200, {"Content-Type": "image/png"}, png(400, "#00ff00")))
    view.set_items([with_picture(1, url)])
    view.show_details(True)
    view.select(view.model.rows)
    button = view.findChild(QToolButton, "dbar_item_picture")
    button.click()
    until(lambda: view._pictures._picture is not None)
    inside, outside = place_of(desk, 61.45, 35.5), place_of(desk, 60.5, 35.5)
    image = desk.canvas.grab().toImage()
    assert image.pixelColor(inside).green() > 200 > image.pixelColor(inside).red()
    assert image.pixelColor(outside).red() > 100
    button.click()
    assert view._pictures._picture is None


def test_the_window_is_never_held_up_by_pictures(view, server):
    noise = QImage(1500, 1500, QImage.Format.Format_RGB32)
    noise.fill(QColor("#456"))
    for x in range(0, 1500, 7):
        for y in range(0, 1500, 11):
            noise.setPixel(x, y, (x * 7919 + y * 104729) & 0xFFFFFF)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    noise.save(buffer, "JPG", 90)
    answer = Answer(200, {"Content-Type": "image/jpeg"}, bytes(buffer.data()))
    turn = iter(range(100))

    def measure() -> float:
        number = next(turn)
        items = []
        for k in range(6):
            server.on(f"/n{number}-{k}.jpg", answer)
            items.append(with_picture(k, f"{server.url}/n{number}-{k}.jpg"))
        with Watchdog() as dog:
            view.set_items(items)
            until(lambda: items[3].assets[0].href in view.thumbnails.pictures)
        return dog.longest_ms

    assert best_of(5, measure, 50.0) <= 50.0


# -- details


def test_details_list_every_file_and_why_one_cannot_be_opened(view):
    raw = dict(scene(1).raw)
    raw["assets"] = {
        "data": {
            "href": "https://x.example/a.tif",
            "type": "image/tiff; application=geotiff; profile=cloud-optimized",
            "roles": ["data"],
            "file:size": 1234567,
        },
        "notes": {"href": "https://x.example/notes.pdf", "type": "application/pdf"},
        "gone": {"href": "file:///gone/away.tif", "type": "image/tiff", "roles": ["data"]},
    }
    raw["links"] = [{"rel": "license", "href": "https://x.example/terms?token=secret1"}]
    raw["properties"] = {**raw["properties"], "proj:code": "EPSG:32643", "license": "other"}
    view.set_items([parse_item(raw)])
    view.show_details(True)
    view.select(view.model.rows)
    files = view.findChild(QTreeWidget, "dbar_item_files")
    until(lambda: files.topLevelItemCount() == 3)
    data, notes, gone = (files.topLevelItem(number) for number in range(3))
    assert data.childCount() == 0 and data.text(1) and data.text(2) == "data"
    reasons = {entry.text(0): files.itemWidget(entry.child(0), 0).text() for entry in (notes, gone)}
    assert "document" in reasons["notes"] and "not there any more" in reasons["gone"]
    properties = view.findChild(QTreeWidget, "dbar_item_properties")
    heads = [properties.topLevelItem(n).text(0) for n in range(properties.topLevelItemCount())]
    assert "eo" in heads and "proj" in heads
    text = view.details._json.toPlainText()
    assert '"proj:code": "EPSG:32643"' in text and "secret1" not in text
    links = view.findChild(QTreeWidget, "dbar_item_links")
    assert "secret1" not in links.topLevelItem(0).text(1)
    clipboard = QApplication.clipboard()
    view.findChild(QToolButton, "dbar_item_citation").click()
    assert "Scene 1" in clipboard.text()


def test_threads_end_with_the_page(session, desk, server):
    slow = Answer(200, {"Content-Type": "image/png"}, bytes(500), stall_after=10)
    view = ItemsView(session, desk)
    view.resize(340, 600)
    view.show()
    view.set_items([with_picture(k, server.on(f"/r{k}.png", slow)) for k in range(6)])
    until(lambda: len(view.thumbnails._wishes) >= 4)
    view.close_page()
    until(lambda: not [t for t in threading.enumerate() if t.name.startswith("dbar-preview")], 3.0)
    view.deleteLater()
