"""The search page: what the user chooses, and what each catalog is asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QPoint, Qt
from qgis.PyQt.QtGui import QKeyEvent
from qgis.PyQt.QtWidgets import QApplication, QMenu, QToolButton

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.filters import Field
from dbar_qgis_plugin.catalog.query import Condition, Query
from dbar_qgis_plugin.catalog.searching import Search
from dbar_qgis_plugin.gui.catalog.connections.dlg_connections import ConnectionsDialog
from dbar_qgis_plugin.gui.catalog.desk import Desk, Page, Pick
from dbar_qgis_plugin.gui.catalog.search.kept import KeptMenu, NameDialog
from dbar_qgis_plugin.gui.catalog.search.map_tools import AreaTool
from dbar_qgis_plugin.gui.catalog.search.wdg_area import Kind
from dbar_qgis_plugin.gui.catalog.search.wdg_filters import FilterRows
from dbar_qgis_plugin.gui.catalog.search.wdg_period import PeriodChooser
from dbar_qgis_plugin.gui.catalog.search.wdg_search import SearchPage
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from tests.gui.conftest import built, until
from tests.gui.watchdog import Watchdog, best_of
from tests.servers.misbehaving import Answer, MisbehavingServer, as_json, misbehaving_server
from tests.servers.pygeoapi import pygeoapi_url
from tests.servers.stac import stac_url
from tests.servers.stac_data import BUILT_UP, LIGHT

MERCATOR = "EPSG:3857"
TO_DEGREES = 180.0 / 20037508.342789244


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture
def canvas(qgis_iface) -> QgsMapCanvas:
    found = qgis_iface.mapCanvas()
    found.resize(400, 400)
    found.setDestinationCrs(QgsCoordinateReferenceSystem(MERCATOR))
    found.setExtent(QgsRectangle(7e6, 4e6, 8e6, 5e6))
    return found


@pytest.fixture
def stac(session: CatalogSession) -> Connection:
    made = Connection("Ours", stac_url(), "stac_api", page_size=7, authcfg="")
    session.connections.save(made)
    return made


@pytest.fixture
def page(session: CatalogSession, desk: Desk, canvas, stac) -> Iterator[SearchPage]:
    """The page, with one catalog chosen that has said all."""
    made = built(SearchPage(session, desk))
    made._tick_connections([stac.id])
    until(lambda: made.lookups.is_open(stac.id) and not made.collections._turn.isActive())
    yield made
    made.close_page()
    made.deleteLater()


@pytest.fixture
def wanted(desk: Desk) -> list[Search]:
    found: list[Search] = []
    desk.search_wanted.connect(found.append)
    return found


def only(search: Search) -> Query:
    (query,) = search.queries.values()
    return query


def box_of(page: SearchPage) -> tuple[float, ...]:
    search = page.wish().search(page.session.connections.all())
    return only(search).box


def choose(page: SearchPage, kind: Kind) -> None:
    page.area.kind_box.setCurrentIndex(page.area.kind_box.findData(kind.value))


# What is asked


def test_what_is_chosen_is_what_is_asked(page, stac, desk, canvas, wanted):
    pages = []
    desk.page_wanted.connect(pages.append)
    page.collections.choose({stac.id: [LIGHT]})
    page.text_edit.setText("scene")
    page.period.set_period(date(2022, 1, 1), date(2022, 12, 31), (11, 12, 1))
    page.cloud_box.setValue(40)
    page.filters.set_conditions([Condition("platform", "=", "SDGSAT-1")])
    page._choose_sort(("datetime", False))
    choose(page, Kind.MAP)
    page.search()
    assert pages == [Page.RESULTS]
    query = only(wanted[0])
    extent = canvas.extent()
    assert (query.box[0], query.box[2]) == pytest.approx(
        (extent.xMinimum() * TO_DEGREES, extent.xMaximum() * TO_DEGREES)
    )
    assert replace(query, box=None) == Query(
        collections=(LIGHT,),
        begin=datetime(2022, 1, 1, tzinfo=UTC),
        end=datetime(2022, 12, 31, 23, 59, 59, tzinfo=UTC),
        months=(11, 12, 1),
        text="scene",
        conditions=(
            Condition("eo:cloud_cover", "<=", 40.0),
            Condition("platform", "=", "SDGSAT-1"),
        ),
        sort=(("datetime", False),),
        page_size=7,
    )
    assert wanted[0].area["type"] == "Polygon"


def test_an_untouched_page_asks_for_everything(page, stac, wanted):
    page.search()
    assert only(wanted[0]) == Query(page_size=7)
    assert (wanted[0].area, wanted[0].theme) == (None, "")


def test_what_the_page_asks_finds_what_it_should(page, stac, session, wanted):
    page.collections.choose({stac.id: [LIGHT]})
    page.period.set_period(None, None, (3,))
    page.cloud_box.setValue(60)
    page.search()
    items = session.library.adapter(stac.id).search(only(wanted[0]))
    assert [one.id for page in items for one in page.items] == ["light-002", "light-014"]


def test_several_catalogs_are_asked_each_in_its_way(page, session, stac, wanted):
    records = Connection("Records", pygeoapi_url(), "records")
    session.connections.save(records)
    session.connections_changed.emit()
    page._tick_connections([stac.id, records.id])
    until(lambda: page.lookups.is_open(records.id))
    page.findChild(QToolButton, "dbar_catalog_theme_night_light").click()
    page.cloud_box.setValue(10)
    page.text_edit.setText("annual")
    page.search()
    (search,) = wanted
    assert set(search.queries) == {stac.id, records.id}
    assert search.theme == "night_light"
    first, second = search.queries[stac.id], search.queries[records.id]
    assert (first.page_size, second.page_size) == (7, 50)
    assert first.conditions == (Condition("eo:cloud_cover", "<=", 10.0),)
    assert second.conditions == ()  # it knows of no clouds: they would leave out everything
    assert "Records: not asked" in page.cloud_box.toolTip()
    assert first.text.startswith("annual ") and "viirs" in first.text
    assert page.done_here.isHidden()
    page.filters.set_conditions([Condition("type", "=", "dataset")])
    assert page.done_here.text() == "Records: properties are filtered here."


def test_nothing_chosen_is_refused_in_words(page, wanted):
    page._tick_connections([])
    page.search()
    assert "at least one catalog" in page.words.text()
    assert wanted == []


def test_a_period_that_ends_before_it_begins_is_refused(page, wanted):
    page.period.set_period(date(2022, 1, 2), date(2022, 1, 1))
    page.search()
    assert "2022-01-01, before it begins on 2022-01-02" in page.words.text()
    assert wanted == []


def test_the_button_cancels_at_once(page, desk, wanted):
    cancelled = []
    desk.search_cancelled.connect(lambda: cancelled.append(True))
    page.search()
    assert page.search_button.text() == "Cancel"
    desk.search_state.emit(True, "Ours: 7 of 25")
    assert page.words.text() == "Ours: 7 of 25"
    begin = time.monotonic()
    page.search_button.click()
    assert time.monotonic() - begin < 0.3
    assert cancelled == [True] and len(wanted) == 1
    assert page.search_button.text() == "Search"
    page.search()
    desk.search_state.emit(False, "31 items")
    assert (page.search_button.text(), page.words.text()) == ("Search", "31 items")


def test_a_parameter_that_waits_for_data_chooses_the_theme(page, desk):
    desk.set_pick(Pick("ndvi", "NDVI", lambda sources: None))
    assert page.theme == "degradation"
    desk.set_pick(None)
    assert page.theme == "degradation"


def test_a_search_runs_from_the_page_to_its_results(body, session, stac, desk):
    session.connections_changed.emit()
    page = body.pages[Page.SEARCH]
    page._tick_connections([stac.id])
    states = []
    desk.search_state.connect(lambda runs, text: states.append((runs, text)))
    page.search()
    until(lambda: states and not states[-1][0])
    assert any(runs for runs, _ in states)
    assert "7 of 31" in page.words.text()
    assert page.search_button.text() == "Search"


def test_a_search_on_a_silent_server_is_cancelled_within_300_ms(body, session, server, desk):
    silent = Connection("Mute", server.on("/mute", Answer(wait_s=30.0)), "stac_api")
    session.connections.save(silent)
    session.connections_changed.emit()
    page = body.pages[Page.SEARCH]
    page._tick_connections([silent.id])
    until(lambda: server.asked_for("/mute"))
    page.lookups.forget(silent.id)
    manager = QgsApplication.taskManager()
    until(lambda: manager.countActiveTasks(False) == 0)
    page.search()
    until(lambda: len(server.asked_for("/mute")) > 1)
    begin = time.monotonic()
    page.search_button.click()
    until(lambda: manager.countActiveTasks(False) == 0)
    assert time.monotonic() - begin < 0.3
    assert page.search_button.text() == "Search"


# What catalogs say


def test_collections_and_properties_come_by_themselves(page, stac, session):
    assert page.collections.title() == "Collections: all 3"
    names = [field.name for field in page.lookups.fields[stac.id]]
    assert names == ["eo:cloud_cover", "id"]
    assert page.cloud_box.isEnabled()
    assert session.connections.get(stac.id).verified
    page.collections.choose({stac.id: [BUILT_UP]})
    until(lambda: [field.name for field in page.lookups.fields[stac.id]] == ["year"])
    assert not page.cloud_box.isEnabled()
    assert "None of the chosen catalogs" in page.cloud_box.toolTip()
    assert page.sort_box.findData("year") > 0
    page.collections.all_button.click()
    until(lambda: page.cloud_box.isEnabled())
    assert page.collections.chosen() == {}


def test_collections_are_found_by_a_part_of_their_name(page):
    page.collections.filter_edit.setText("GLIMMER")
    proxy = page.collections.view.model()
    parent = proxy.index(0, 0)
    assert [proxy.index(row, 0, parent).data() for row in range(proxy.rowCount(parent))] == [
        "Glimmer Imager scenes"
    ]


def test_a_catalog_that_fails_says_so_and_is_asked_again(page, session, stac, server):
    path = server.on("/broken", as_json({"detail": "out of order"}, 500))
    broken = Connection("Broken", path, "stac_api")
    session.connections.save(broken)
    session.connections_changed.emit()
    page._tick_connections([stac.id, broken.id])
    until(lambda: page.lookup_note.text)
    assert "out of order" in page.lookup_note.text
    assert page.collections.title() == "Collections: all 3"
    before = len(server.asked_for("/broken"))
    page._tick_connections([stac.id])
    assert page.lookup_note.text == ""
    page._tick_connections([stac.id, broken.id])
    until(lambda: len(server.asked_for("/broken")) > before)


def test_the_choice_is_kept(page, session, desk, stac):
    again = built(SearchPage(session, desk))
    assert [one.id for one in again._chosen()] == [stac.id]
    again.close_page()


def test_the_gear_opens_the_connections(page, desk):
    page.findChild(QToolButton, "dbar_catalog_search_gear").click()
    dialog = desk.window.findChild(ConnectionsDialog)
    assert dialog.isVisible()
    dialog.close()


def test_a_sample_that_is_written_is_chosen_when_nothing_else_is(session, desk, canvas, tmp_path):
    page = built(SearchPage(session, desk))
    assert page._chosen() == []
    sample = Connection("Sample", str(tmp_path), "stac_static", "local", verified=True)
    session.connections.save(sample)
    session.connections_changed.emit()
    assert [one.name for one in page._chosen()] == ["Sample"]
    page.close_page()


# No call holds up the window


def many_collections(count: int) -> dict[str, Any]:
    found = [
        {
            "type": "Collection",
            "stac_version": "1.0.0",
            "id": f"collection-{number}",
            "title": f"Collection {number}",
            "description": "Made up. " * 20,
            "license": "other",
            "extent": {"spatial": {"bbox": [[0, 0, 1, 1]]}, "temporal": {"interval": [[None] * 2]}},
            "links": [],
        }
        for number in range(count)
    ]
    return {"collections": found, "links": []}


@pytest.fixture
def large(server: MisbehavingServer, session: CatalogSession) -> Connection:
    """A catalog of 2,000 collections."""
    url = server.url + "/large"
    links = [{"rel": "data", "href": f"{url}/collections"}, {"rel": "search", "href": f"{url}/s"}]
    conforms = [
        "https://api.stacspec.org/v1.0.0/core",
        "https://api.stacspec.org/v1.0.0/collections",
    ]
    root = {"type": "Catalog", "stac_version": "1.0.0", "id": "x", "links": links}
    server.on("/large", as_json({**root, "conformsTo": conforms}))
    server.on("/large/collections", as_json(many_collections(2000)))
    made = Connection("Large", url, "stac_api")
    session.connections.save(made)
    session.connections_changed.emit()
    return made


def test_2000_collections_do_not_hold_up_the_window(page, large):
    page.resize(320, 700)
    page.collections.setCollapsed(False)
    page.show()

    def measure() -> float:
        page._tick_connections([])
        page.lookups.forget(large.id)
        until(lambda: True)
        with Watchdog() as watchdog:
            page._tick_connections([large.id])
            until(lambda: page.collections.title() == "Collections: all 2000")
            until(lambda: page.lookups.is_open(large.id))
        return watchdog.longest_ms

    assert best_of(5, measure, 50.0) <= 50.0


def test_a_silent_catalog_is_let_go_of_at_once(page, session, server):
    silent = Connection("Silent", server.on("/silent", Answer(wait_s=30.0)), "stac_api")
    session.connections.save(silent)
    session.connections_changed.emit()
    page._tick_connections([silent.id])
    until(lambda: server.asked_for("/silent"))
    manager = QgsApplication.taskManager()
    begin = time.monotonic()
    page.lookups.forget(silent.id)
    until(lambda: not any("Silent" in task.description() for task in manager.activeTasks()))
    assert time.monotonic() - begin < 0.3


# Areas


def test_the_area_follows_the_map(page, canvas):
    choose(page, Kind.MAP)
    before = box_of(page)
    canvas.setExtent(QgsRectangle(1.9e7, -1e6, 2.2e7, 2e6))
    west, _, east, _ = box_of(page)
    assert (before[0], before[2]) != (west, east)
    assert west > 0.0 > east  # over 180 degrees
    until(lambda: page.area.is_ready)
    assert "Longitude" in page.area.words.text()


def press(tool: AreaTool, canvas: QgsMapCanvas, kind: QEvent.Type, x: int, y: int, button: Any):
    event = QgsMapMouseEvent(canvas, kind, QPoint(x, y), button)
    name = {QEvent.Type.MouseButtonPress: "Press", QEvent.Type.MouseMove: "Move"}
    getattr(tool, f"canvas{name.get(kind, 'Release')}Event")(event)


def on_map(canvas: QgsMapCanvas, x: int, y: int) -> QgsPointXY:
    return canvas.getCoordinateTransform().toMapCoordinates(x, y)


LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PRESS, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease


def test_a_box_is_drawn(page, canvas):
    pan = canvas.mapTool()
    choose(page, Kind.BOX)
    assert "Drag a box" in page.area.words.text()
    tool = canvas.mapTool()
    press(tool, canvas, PRESS, 50, 60, LEFT)
    press(tool, canvas, QEvent.Type.MouseMove, 100, 100, LEFT)
    press(tool, canvas, RELEASE, 150, 200, LEFT)
    assert canvas.mapTool() is pan
    corners = [on_map(canvas, 50, 200), on_map(canvas, 150, 60)]
    west, _, east, _ = box_of(page)
    assert (west, east) == pytest.approx([corner.x() * TO_DEGREES for corner in corners])
    assert page.area._band.asGeometry().area() > 0.0
    page.area.clear_button.click()
    assert page.area.area() is None
    assert page.area._band.asGeometry().isEmpty()


def test_a_polygon_is_drawn_and_points_are_taken_back(page, canvas):
    choose(page, Kind.POLYGON)
    tool = canvas.mapTool()
    for x, y in ((50, 50), (150, 50), (390, 390)):
        press(tool, canvas, PRESS, x, y, LEFT)
    back = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier)
    tool.keyPressEvent(back)
    press(tool, canvas, PRESS, 100, 150, LEFT)
    press(tool, canvas, PRESS, 0, 0, RIGHT)
    area = page.area.area()
    assert area["type"] == "Polygon"
    west, _, east, _ = box_of(page)
    # The point that was taken back lies farther east.
    assert (west, east) == pytest.approx(
        [on_map(canvas, x, 50).x() * TO_DEGREES for x in (50, 150)]
    )


def test_drawing_is_given_up(page, canvas, wanted):
    pan = canvas.mapTool()
    choose(page, Kind.POLYGON)
    escape = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    canvas.mapTool().keyPressEvent(escape)
    assert canvas.mapTool() is pan
    page.search()
    assert "not known yet" in page.words.text()
    assert wanted == []


@pytest.fixture
def districts(qgis_new_project) -> QgsVectorLayer:
    """Two districts, in UTM zone 1: one on each side of 180 degrees."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32701&field=name:string", "Districts", "memory")
    for name, west in (("west", 100_000), ("east", 500_000)):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([name])
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(west, 8e6, west + 50_000, 8.05e6)))
        layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_the_extent_of_a_layer(page, districts):
    choose(page, Kind.LAYER)
    assert page.area.layer_box.currentLayer() is districts
    until(lambda: page.area.is_ready)
    box = box_of(page)
    assert box == pytest.approx((179.22, -18.07, -176.53, -17.61), abs=0.05)


def test_selected_features_also_over_180_degrees(page, districts, wanted):
    choose(page, Kind.FEATURES)
    assert "No feature of “Districts” is selected" in page.area.words.text()
    page.search()
    assert wanted == []
    districts.selectAll()
    until(lambda: page.area._area is not None)
    west, _, east, _ = box_of(page)
    assert (west, east) == pytest.approx((179.22, -176.53), abs=0.05)
    districts.selectByExpression("name = 'east'")
    until(lambda: page.area.is_ready and page.area._area is not None)
    until(lambda: box_of(page)[0] < 0)
    assert box_of(page)[0] == pytest.approx(-177.0, abs=0.05)
    page.search()
    assert wanted[0].area is page.area.area()


def test_a_layer_that_goes_leaves_no_area(page, districts):
    choose(page, Kind.FEATURES)
    districts.selectAll()
    until(lambda: page.area._area is not None)
    QgsProject.instance().removeMapLayer(districts.id())
    until(lambda: "There is no layer" in page.area.words.text())


def test_closing_the_page_takes_all_from_the_map(session, desk, canvas):
    before = len(canvas.scene().items())
    page = built(SearchPage(session, desk))
    choose(page, Kind.BOX)
    assert len(canvas.scene().items()) > before
    page.close_page()
    QCoreApplication.sendPostedEvents(None, 52)  # deferred deletions
    assert len(canvas.scene().items()) == before
    canvas.setExtent(QgsRectangle(0, 0, 1, 1))  # nobody listens


# Periods and filters


@pytest.mark.parametrize(
    ("pick", "begin", "end"),
    [
        ("all", None, None),
        ("baseline", date(2000, 1, 1), date(2015, 12, 31)),
        ("period_1", date(2004, 1, 1), date(2019, 12, 31)),
        ("period_2", date(2008, 1, 1), date(2023, 12, 31)),
    ],
)
def test_periods_are_picked(qgis_app, pick, begin, end):
    period = PeriodChooser()
    period.set_period(date(1999, 1, 1), date(1999, 2, 1))
    assert period.pick_box.currentData() == "own"
    index = period.pick_box.findData(pick)
    period.pick_box.setCurrentIndex(index)
    period.pick_box.activated.emit(index)
    assert (period.begin, period.end) == (begin, end)
    assert period.pick_box.currentData() == pick


def test_the_last_12_months_end_today(qgis_app):
    period = PeriodChooser()
    index = period.pick_box.findData("year")
    period.pick_box.setCurrentIndex(index)
    period.pick_box.activated.emit(index)
    assert period.end == date.today()
    assert (period.end - period.begin).days == 365


FIELDS = (
    Field("cover", "Cover", "choice", ("crops", "trees")),
    Field("gsd", "Resolution", "number", (), 0.0, 500.0),
    Field("made", "Made", "moment"),
    Field("orbit", "Orbit", "integer"),
    Field("place", "Place", "text"),
)
CONDITIONS = (
    Condition("cover", "<>", "trees"),
    Condition("gsd", "<=", 30.5),
    Condition("made", ">", "2020-05-01T12:30:00Z"),
    Condition("orbit", "=", 7),
    Condition("place", "=", "Kashgar"),
)


def test_filters_of_every_kind_come_back(qgis_app):
    filters = FilterRows()
    filters.set_fields(FIELDS)
    filters.set_conditions(CONDITIONS)
    assert filters.conditions() == CONDITIONS
    kinds = [type(row.editor).__name__ for row in filters.rows]
    assert kinds == ["QComboBox", "QDoubleSpinBox", "QDateTimeEdit", "QDoubleSpinBox", "QLineEdit"]
    assert filters.rows[4].operator_box.count() == 2
    assert filters.rows[1].editor.maximum() == 500.0


def test_filters_stay_while_catalogs_are_asked(qgis_app):
    filters = FilterRows()
    filters.set_conditions(CONDITIONS[1:])
    assert not filters.add_button.isEnabled()
    assert filters.conditions() == CONDITIONS[1:]
    filters.set_fields(FIELDS)
    assert filters.conditions() == CONDITIONS[1:]
    filters.set_fields(FIELDS[:1])
    assert filters.conditions() == CONDITIONS[1:]


def test_a_filter_row_is_added_changed_and_removed(qgis_app):
    filters, changes = FilterRows(), []
    filters.set_fields(FIELDS)
    filters.changed.connect(lambda: changes.append(filters.conditions()))
    filters.add_button.click()
    row = filters.rows[0]
    assert filters.conditions() == (Condition("cover", "=", "crops"),)
    row.property_box.setCurrentIndex(row.property_box.findData("place"))
    assert filters.conditions() == ()  # no value yet
    row.editor.setText(" Osh ")
    assert changes[-1] == (Condition("place", "=", "Osh"),)
    row.findChild(QToolButton, "dbar_catalog_filter_0_remove").click()
    assert changes[-1] == () and filters.rows == []


# Kept searches


@pytest.fixture
def filled(page, stac) -> SearchPage:
    """A page with something in every part of it."""
    page.findChild(QToolButton, "dbar_catalog_theme_builtup").click()
    page.collections.choose({stac.id: [LIGHT, BUILT_UP]})
    page.text_edit.setText("night & day")
    page.period.set_period(date(2000, 1, 1), date(2015, 12, 31), (6, 7))
    page.cloud_box.setValue(30)
    page.filters.set_conditions([Condition("platform", "=", "SDGSAT-1")])
    page._choose_sort(("eo:cloud_cover", False))
    choose(page, Kind.BOX)
    page.area._drawn(QgsGeometry.fromRect(QgsRectangle(1.9e7, 0, 2.2e7, 1e6)))
    return page


def emptied(page: SearchPage, session: CatalogSession, desk: Desk) -> SearchPage:
    fresh = built(SearchPage(session, desk))
    fresh._tick_connections([])
    return fresh


def entries(menu: QMenu) -> dict[str, Callable[[], None]]:
    found = {}
    for action in menu.actions():
        if action.menu() is not None:
            found |= {f"{action.text()} > {k}": v for k, v in entries(action.menu()).items()}
        elif not action.isSeparator():
            found[action.text()] = action.trigger
    return found


def test_a_kept_search_is_shown_as_it_was(filled, session, desk):
    wish = filled.wish()
    fresh = emptied(filled, session, desk)
    fresh.show_wish(wish)
    until(lambda: fresh.lookups.is_open(wish.connections[0]))
    back = fresh.wish()
    assert back.area == wish.area
    assert {k: set(v) for k, v in back.collections.items()} == {
        k: set(v) for k, v in wish.collections.items()
    }
    assert replace(back, collections={}) == replace(wish, collections={})
    fresh.close_page()


def test_a_search_is_kept_under_a_name_and_found_in_the_menu(filled, session, desk):
    filled._keep()
    dialog = filled.findChild(NameDialog)
    assert "2000–2015" in dialog.name_edit.text() and "Ours" in dialog.name_edit.text()
    dialog.name_edit.setText("Cities & lights")
    dialog.accept()
    fresh = emptied(filled, session, desk)
    menu = fresh.findChild(KeptMenu)
    menu.fill()
    entries(menu)["Cities && lights"]()
    assert fresh.text_edit.text() == "night & day"
    entries(menu)["Remove > Cities && lights"]()
    assert fresh.kept.in_profile() == {}
    fresh.close_page()


def test_searches_in_a_project_survive_and_hold_no_secret(filled, session, tmp_path: Path, stac):
    session.connections.save(replace(stac, authcfg="abc1234"))
    session.connections_changed.emit()
    filled._keep()
    dialog = filled.findChild(NameDialog)
    dialog.name_edit.setText("Shared")
    dialog.project_box.setChecked(True)
    dialog.accept()
    wish = filled.wish()
    project = QgsProject.instance()
    path = tmp_path / "project.qgs"
    assert project.isDirty()
    assert project.write(str(path))
    text = path.read_text(encoding="utf-8")
    assert "Shared" in text
    for secret in ("abc1234", "authcfg"):
        assert secret not in text.partition("<properties>")[2].partition("</properties>")[0]
    project.clear()
    assert filled.kept.in_project() == {}
    assert project.read(str(path))
    (kept,) = filled.kept.in_project().values()
    assert (kept.area, kept.conditions, kept.months) == (wish.area, wish.conditions, (6, 7))
    assert filled.kept.in_profile() == {}
    filled.kept.remove("Shared", in_project=True)
    assert filled.kept.in_project() == {}


def test_searches_that_ran_are_listed_the_newest_first(page, wanted):
    for words in ("first", "second", "first"):
        page.text_edit.setText(words)
        page.search()
        page._state_changed(False, "")
    assert [wish.text for wish in page.kept.last().values()] == ["first", "second"]
    menu = page.findChild(KeptMenu)
    menu.fill()
    assert [name for name in entries(menu) if name.startswith("Last searches")] == [
        "Last searches > first · Ours",
        "Last searches > second · Ours",
    ]


def test_catalogs_that_are_gone_are_told(filled, session, stac):
    wish = filled.wish()
    session.connections.remove(stac.id)
    session.connections_changed.emit()
    filled.show_wish(wish)
    assert "1 of the catalogs" in filled.words.text()


def test_all_is_reached_by_the_keyboard_and_has_a_name(page):
    from qgis.PyQt.QtWidgets import QAbstractButton, QComboBox, QLineEdit

    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            inner = widget.parent()
            own = widget.objectName() or inner.objectName() or inner.parent().objectName()
            assert own, widget
    for widget in (page.search_button, page.connections_box, page.text_edit, page.area.kind_box):
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert QApplication.instance() is not None


def test_the_page_fits_into_320_pixels(filled):
    filled.collections.setCollapsed(False)
    filled.filters_group.setCollapsed(False)
    body = filled.text_edit.parentWidget()
    assert body.minimumSizeHint().width() < 300
