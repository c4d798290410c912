"""Data of catalogs become inputs of algorithms' dialogs, from either side."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.gui import QgsProcessingAlgorithmDialogBase
from qgis.PyQt.QtCore import QCoreApplication, QEvent
from qgis.PyQt.QtWidgets import QApplication, QMenu, QMessageBox, QToolButton

from dbar_qgis_plugin.catalog.areas import box_around
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.local.provenance import item_of_raster
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.searching import PageStream
from dbar_qgis_plugin.catalog.themes import themes
from dbar_qgis_plugin.gui.catalog.actions.dlg_algorithm import CatalogAlgorithmDialog, make_dialog
from dbar_qgis_plugin.gui.catalog.actions.inputs import filled
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.desk import Page
from dbar_qgis_plugin.processing_provider.dialogs import set_maker
from dbar_qgis_plugin.processing_provider.provider import DbarProvider
from tests.gui import test_item_actions as of_items
from tests.gui.conftest import until
from tests.gui.test_item_actions import cog, item, layers, named
from tests.qgis import conftest as of_qgis
from tests.servers.misbehaving import (
    MisbehavingServer,
    as_json,
    file_of,
    guarded,
    misbehaving_server,
)

KEY = "s3cr3t-of-tests"
keep_credentials = of_qgis.keep_credentials
know = of_items.know


@pytest.fixture(scope="module")
def server() -> Iterator[MisbehavingServer]:
    with misbehaving_server() as running:
        yield running


@pytest.fixture(scope="module")
def provider(qgis_processing) -> Iterator[DbarProvider]:
    from qgis.core import QgsApplication

    made = DbarProvider()
    made.register()
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


@pytest.fixture
def window(provider, desk, qgis_iface, monkeypatch) -> Iterator[list[str]]:
    """QGIS's window as the dialogs of Processing know it; gives what these refuse."""
    monkeypatch.setattr("processing.tools.general.iface", qgis_iface)
    monkeypatch.setattr("processing.gui.AlgorithmDialog.iface", qgis_iface)
    monkeypatch.setattr("processing.gui.ParametersPanel.iface", None)
    refused = []
    monkeypatch.setattr(QMessageBox, "warning", lambda *words: refused.append(words[-1]))
    set_maker(lambda algorithm, parent: make_dialog(algorithm, parent, lambda: desk))
    yield refused
    set_maker(None)
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QgsProcessingAlgorithmDialogBase):
            dialog.close()
            dialog.deleteLater()
    # Before their provider goes.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def actions(session, desk, window) -> ItemActions:
    return ItemActions(session, desk)


def dialogs(desk) -> list[CatalogAlgorithmDialog]:
    found = desk.window.findChildren(CatalogAlgorithmDialog)
    return [dialog for dialog in found if dialog.isVisible()]


def value(dialog, name: str):
    """What an input of a dialog holds."""
    return dialog.mainWidget().wrappers[name].parameterValue()


def chosen(dialog, name: str = "BUILTUP") -> list[QgsRasterLayer]:
    """Return the layers of an input, in its order, by what QGIS names them."""
    every = layers()
    return [
        next(layer for layer in every if text in (layer.id(), layer.source()))
        for text in value(dialog, name)
    ]


def used(menu: QMenu) -> list[str]:
    names = [action.objectName() for action in menu.findChild(QMenu, "dbar_item_use").actions()]
    return [name.removeprefix("dbar_item_use_") for name in names]


def cities() -> QgsVectorLayer:
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=name:string", "Cities", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes(["Kashgar"])
    feature.setGeometry(
        QgsGeometry.fromWkt("Polygon ((75.1 39.5, 75.5 39.5, 75.5 39.9, 75.1 39.9, 75.1 39.5))")
    )
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    return layer


def epochs(server, folder: Path, collection: str = "built-up") -> list:
    """Make rasters of three years, the last one first."""
    found = []
    for number, year in enumerate((2020, 2010, 2000)):
        values = np.zeros((64, 64))
        values[:, : 60 - 20 * number] = 1.0
        path = f"/{collection}{number}.tif"
        url = server.on(path, file_of(cog(folder, values)))
        found.append(item(url, path[1:-4], day=f"{year}-07-01", collection=collection))
    return found


def catalog_of(server, items) -> Connection:
    """Serve items as a static catalog, and return the connection to it."""
    links = []
    for one in items:
        server.on(f"/catalog/{one.id}.json", as_json(one.raw))
        links.append({"rel": "item", "href": f"./{one.id}.json"})
    catalog = {"type": "Catalog", "stac_version": "1.1.0", "id": "c", "description": "c"}
    url = server.on("/catalog/catalog.json", as_json({**catalog, "links": links}))
    return Connection("Static", url, "stac_static")


def test_from_a_search_to_a_result(actions, session, desk, window, server, tmp_path, know):
    """What a search finds is streamed into a dialog in order of time, and the dialog runs."""
    made = [*epochs(server, tmp_path), *epochs(server, tmp_path, "worldpop")]
    connection = catalog_of(server, made)
    know(connection)
    page = PageStream(session.library.adapter(connection.id), Query(box=(75, 39, 76, 40))).next()
    zones = cities()
    menu = actions.menu(page.items)
    assert "landuseefficiency" in used(menu)
    assert "nightlightcomposite" not in used(menu)
    named(menu, "use_landuseefficiency").trigger()
    until(lambda: dialogs(desk))
    (dialog,) = dialogs(desk)
    assert [layer.name()[:13] for layer in chosen(dialog)] == [
        "built-up 2000",
        "built-up 2010",
        "built-up 2020",
    ]
    assert value(dialog, "YEARS") == "2000,2010,2020"
    people = [layer.name()[:13] for layer in chosen(dialog, "POPULATION")]
    assert people == ["worldpop 2000", "worldpop 2010", "worldpop 2020"]
    assert all(layer.source().startswith("/vsicurl/") for layer in chosen(dialog))

    output = tmp_path / "result.gpkg"
    dialog.setParameters({"CITIES": zones.id(), "CITY_FIELD": "name", "OUTPUT": str(output)})
    dialog.runAlgorithm()
    assert not window
    until(dialog.wasExecuted, 60.0)
    result = QgsVectorLayer(str(output), "result")
    (city,) = result.getFeatures()
    assert city["name"] == "Kashgar"
    areas = [city[name] for name in result.fields().names() if name.startswith("built_km2")]
    assert len(areas) == 3
    assert 0.0 < areas[0] < areas[1] <= areas[2]


@pytest.mark.parametrize(
    ("facts", "wanted"),
    [
        ({"unit": "1", "data_type": "float32"}, "fraction"),
        ({"unit": "%", "data_type": "uint8"}, "percent"),
        ({"bands": [{"unit": "m2", "data_type": "uint16"}]}, "square_metres"),
        ({"raster:bands": [{"unit": "m2"}, {"unit": "%"}]}, None),
        ({"unit": "1", "data_type": "uint8"}, None),
        ({}, None),
    ],
)
def test_a_unit_tells_what_built_up_cells_hold(provider, facts, wanted):
    algorithm = provider.algorithm("landuseefficiency")
    one = item("https://a.example/a.tif", asset=facts)
    found = filled(algorithm, {Choice(one, one.assets[0]): QgsRasterLayer()})
    assert "BUILTUP" in found
    assert found.get("BUILTUP_KIND") == wanted


def test_the_dialog_opens_when_downloads_have_ended(
    actions, session, desk, server, tmp_path, keep_credentials, know
):
    """A header never streams: the files are fetched first, and nothing but them holds a key."""
    connection = Connection(
        "Guarded",
        server.url,
        "stac_api",
        authcfg=keep_credentials("APIHeader", **{"X-Key": KEY}),
    )
    know(connection)
    items = []
    for number, year in enumerate((2015, 2000)):
        data = cog(tmp_path, np.full((64, 64), 1.0))
        rule = guarded(file_of(data, wait_s=0.2), header=("X-Key", KEY))
        url = server.on(f"/guarded{number}.tif", rule)
        items.append(item(url, f"g{number}", day=f"{year}-01-01", source=connection.id))
    menu = actions.menu(items)
    assert not named(menu, "add_to_map").isEnabled()
    assert "fetched first" in named(menu, "add_to_map").toolTip()
    named(menu, "use_landuseefficiency").trigger()
    until(lambda: actions.fetching.is_waiting)
    assert not dialogs(desk)
    until(lambda: dialogs(desk))
    (dialog,) = dialogs(desk)
    assert value(dialog, "YEARS") == "2000,2015"
    folder = session.library.data.folder
    assert all(Path(layer.source()).is_relative_to(folder) for layer in chosen(dialog))


def test_from_a_dialog_to_the_catalog_and_back(actions, body, desk, server, tmp_path):
    from processing import createAlgorithmDialog

    dialog = createAlgorithmDialog("dbar:landuseefficiency", {})
    dialog.show()
    button = dialog.findChild(QToolButton, "dbar_from_catalog_BUILTUP")
    assert button.toolTip()
    assert dialog.findChild(QToolButton, "dbar_from_catalog_POPULATION")
    assert dialog.findChild(QToolButton, "dbar_from_catalog_CITIES")
    assert not dialog.findChild(QToolButton, "dbar_from_catalog_YEARS")
    button.click()
    assert desk.pick.role == "builtup"
    assert "Built-up rasters" in body.pick_bar.words.text()
    assert not body.pick_bar.isHidden()

    actions.take(epochs(server, tmp_path))
    until(lambda: desk.pick is None)
    assert [layer.name()[9:13] for layer in chosen(dialog)] == ["2000", "2010", "2020"]
    assert value(dialog, "YEARS") == "2000,2010,2020"
    assert body.pick_bar.isHidden()
    # The same items again are the same layers.
    button.click()
    actions.run_default(epochs(server, tmp_path)[0])
    until(lambda: desk.pick is None)
    assert len(layers()) == 3


def test_the_catalog_is_shown_with_what_the_dialog_knows(body, desk, window):
    from processing import createAlgorithmDialog

    search = body.pages[Page.SEARCH]
    zones = cities()
    parameters = {"CITIES": zones.id(), "YEARS": "2000, 2015"}
    dialog = createAlgorithmDialog("dbar:landuseefficiency", parameters)
    dialog.show()
    dialog.findChild(QToolButton, "dbar_from_catalog_BUILTUP").click()
    assert search.theme == "builtup"
    assert (search.period.begin, search.period.end) == (date(2000, 1, 1), date(2015, 12, 31))
    until(lambda: search.area.is_ready)
    assert box_around(search.area.area()) == pytest.approx((75.1, 39.5, 75.5, 39.9))
    # What it does not know stays as it is.
    other = createAlgorithmDialog("dbar:nightlightcomposite", {})
    other.show()
    other.findChild(QToolButton, "dbar_from_catalog_RASTERS").click()
    assert search.theme == "night_light"
    assert search.period.begin == date(2000, 1, 1)
    assert box_around(search.area.area()) == pytest.approx((75.1, 39.5, 75.5, 39.9))


def test_colours_of_night_light_and_evi_have_roles_of_their_own(window, provider):
    roles = {
        name: algorithm.parameterDefinition(name).metadata().get("dbar_role")
        for algorithm in map(provider.algorithm, ("nightlightcolour", "litarea"))
        for name in ("RED", "GREEN", "BLUE", "NDVI", "EVI")
        if algorithm.parameterDefinition(name) is not None
    }
    assert roles == {
        "RED": "night_light_red",
        "GREEN": "night_light_green",
        "BLUE": "night_light_blue",
        "NDVI": "ndvi",
        "EVI": "evi",
    }
    themes_of = {role: [one.id for one in themes() if role in one.roles] for role in roles.values()}
    assert all(themes_of.values())


def test_a_closed_dialog_waits_for_nothing(desk, window, body):
    from processing import createAlgorithmDialog

    dialog = createAlgorithmDialog("dbar:nightlightchange", {})
    dialog.show()
    dialog.findChild(QToolButton, "dbar_from_catalog_BEFORE").click()
    assert desk.pick.role == "night_light"
    dialog.close()
    assert desk.pick is None


def test_all_algorithms_and_the_model_have_the_way(window, provider):
    from processing import createAlgorithmDialog

    for algorithm in provider.algorithms():
        dialog = createAlgorithmDialog(algorithm.id(), {})
        expected = [
            definition.name()
            for definition in algorithm.parameterDefinitions()
            if definition.type() in ("raster", "multilayer")
        ]
        for name in expected:
            found = dialog.findChild(QToolButton, f"dbar_from_catalog_{name}")
            assert found is not None, f"{algorithm.id()} {name}"
        dialog.close()


def test_batch_and_history_are_those_of_qgis(window, desk, qgis_iface, monkeypatch):
    from processing import createAlgorithmDialog
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    opened = []
    monkeypatch.setattr("processing.gui.BatchAlgorithmDialog.iface", qgis_iface, raising=False)
    monkeypatch.setattr(
        BatchAlgorithmDialog, "exec", lambda self: opened.append(self.algorithm().id())
    )
    dialog = createAlgorithmDialog("dbar:landuseefficiency", {"YEARS": "1990,2000"})
    assert value(dialog, "YEARS") == "1990,2000"
    dialog.runAsBatchButton.click()
    assert opened == ["dbar:landuseefficiency"]


def test_a_result_links_to_the_items_it_is_from(actions, desk, window, server, tmp_path):
    items = []
    for number, year in enumerate((2000, 2015)):
        values = np.full((64, 64), 1.0 + number)
        url = server.on(f"/cover{number}.tif", file_of(cog(tmp_path, values)))
        items.append(item(url, f"c{number}", day=f"{year}-01-01", collection="land-cover"))
    menu = actions.menu(items)
    named(menu, "use_landcoverchange").trigger()
    until(lambda: dialogs(desk))
    (dialog,) = dialogs(desk)
    output = tmp_path / "change.tif"
    dialog.setParameters({"LEGEND": "unccd", "OUTPUT": str(output)})
    dialog.runAlgorithm()
    assert not window
    until(dialog.wasExecuted, 60.0)
    assert QgsRasterLayer(str(output), "x").isValid()
    links = item_of_raster(output, "x")["links"]
    assert [link["href"] for link in links] == [
        "https://catalog.example/c0",
        "https://catalog.example/c1",
    ]
