"""My data in the window: found, kept in order through the buttons, and never in the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, Qt
from qgis.PyQt.QtGui import QAction, QColor
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QMenu,
    QMessageBox,
    QPushButton,
    QToolButton,
)
from sdgsat_fixtures import pack, write_scene

from dbar_qgis_plugin.catalog.local.store import DataStore, Origin
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.net import places
from dbar_qgis_plugin.catalog.net.places import profile_folder
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.transfers.checksums import file_checksum
from dbar_qgis_plugin.gui.catalog.items import raster_pictures
from dbar_qgis_plugin.gui.catalog.items.card_delegate import PICTURE_SIZE
from dbar_qgis_plugin.gui.catalog.my_data.wdg_my_data import MyDataPage
from dbar_qgis_plugin.gui.catalog.session import CatalogSession
from dbar_qgis_plugin.processing_provider.provider import DbarProvider
from tests.gui.conftest import built, until
from tests.gui.watchdog import Watchdog, best_of
from tests.unit.raster_fixtures import write_raster

TAGS = {
    "DBAR_ALGORITHM": "dbar:litarea",
    "DBAR_VERSION": "0.3.0",
    "DBAR_PARAMETERS": json.dumps({"YEARS": "2000, 2015"}),
}


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """Settings of the test's own: QGIS's are shared with whatever tests run at the same time."""
    kept = {}

    class Settings:
        def value(self, key, default, _kind):
            return kept.get(key, default)

        def setValue(self, key, value):
            kept[key] = value

    monkeypatch.setattr(places, "QgsSettings", Settings)
    return kept


@pytest.fixture
def provider(qgis_processing):
    made = DbarProvider()
    made.register()
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


@pytest.fixture
def told(desk, monkeypatch):
    texts = []
    monkeypatch.setattr(desk, "tell", lambda text, level=None: texts.append((text, level)))
    return texts


@pytest.fixture
def page(session, desk, told):
    made = built(MyDataPage(session, desk))
    made.resize(320, 700)
    made.show()
    yield made
    made.close_page()
    made.deleteLater()


@pytest.fixture
def lasting(tmp_path, monkeypatch):
    """A folder that is not below the one of temporary files."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    folder = tmp_path / "lasting"
    folder.mkdir()
    return folder


@pytest.fixture
def answer(monkeypatch):
    """What the user answers to questions, and the questions."""
    asked = []

    def question(_parent, _title, text):
        asked.append(text)
        return QMessageBox.StandardButton.Yes

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def raster(path: Path, tags=()) -> Path:
    write_raster(path, np.ones((4, 6), dtype=np.uint8))
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(**dict(tags))
    return path


def fetched(store, identity, *, data=b"II*\0abc", collection="viirs", **properties):
    folder = store.folder / collection / identity
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "a.tif"
    path.write_bytes(data)
    raw = {
        "id": identity,
        "collection": collection,
        "bbox": [10.0, 20.0, 11.0, 21.0],
        "properties": {"datetime": "2020-06-01T00:00:00Z", "title": identity, **properties},
        "assets": {"data": {"href": "https://a.org/a.tif", "type": "image/tiff"}},
    }
    return store.add_fetched(
        raw, "data", path, url="https://a.org/a.tif", checksum=file_checksum(path).text
    )


def titles(page):
    return sorted(item.title for item in page.view.items())


def button(page, name, kind=QToolButton):
    return page.findChild(kind, f"dbar_{name}")


def select(page, *items):
    keys = {item.key for item in items}
    page.view.select([row for row in page.view.model.rows if row.item.key in keys])


def choose(page, name, text):
    box = page.findChild(QComboBox, f"dbar_my_data_{name}")
    box.setCurrentIndex(box.findText(text))
    box.activated.emit(box.currentIndex())


def test_an_empty_page_says_how_data_come_in(page):
    until(lambda: "nothing here yet" in page.findChild(QLabel, "dbar_my_data_empty").text())
    assert "0 items" in page.findChild(QLabel, "dbar_my_data_summary").text()


def test_filters_end_with_an_ellipsis_where_there_is_no_room(page):
    box = page.findChild(QComboBox, "dbar_my_data_collection")
    box.addItem("A collection with a name that is very long")
    box.setCurrentIndex(box.count() - 1)
    QCoreApplication.processEvents()
    assert page.width() == 320
    assert box.shown_text().endswith("…")
    assert box.toolTip() == box.currentText()
    box.setFixedWidth(600)
    assert box.shown_text() == box.currentText()


def test_filters(page, session, tmp_path):
    store = session.library.data
    fetched(store, "lights of 2020", collection="viirs")
    fetched(store, "cover of 2020", collection="land-cover")
    store.add_raster(raster(tmp_path / "own.tif"), Origin.IMPORTED, collection="mine")
    session.data_changed.emit()
    until(lambda: len(page.view.items()) == 3)
    assert "3 items" in page.findChild(QLabel, "dbar_my_data_summary").text()
    page._text.setText("lights")
    until(lambda: titles(page) == ["lights of 2020"])
    page._text.setText("")
    until(lambda: len(page.view.items()) == 3)
    choose(page, "origin", "Imported")
    until(lambda: titles(page) == ["own"])
    choose(page, "origin", "Downloaded")
    choose(page, "collection", "land-cover")
    until(lambda: titles(page) == ["cover of 2020"])
    page._text.setText("lights")
    until(lambda: "filters" in page.findChild(QLabel, "dbar_my_data_empty").text())
    page._text.setText("")
    choose(page, "collection", "All collections")
    choose(page, "theme", "Night light")
    until(lambda: titles(page) == ["lights of 2020"])


def test_files_are_added_verified_relinked_and_forgotten(
    page, session, tmp_path, told, monkeypatch, answer
):
    paths = [raster(tmp_path / f"{name}.tif") for name in "abcd"]
    (tmp_path / "broken.tif").write_bytes(b"II*\0")
    monkeypatch.setattr(
        QFileDialog,
        "getOpenFileNames",
        lambda *_: ([str(path) for path in (*paths, tmp_path / "broken.tif")], ""),
    )
    page.findChild(QAction, "dbar_my_data_add_rasters").trigger()
    until(lambda: len(page.view.items()) == 4)
    assert ["broken.tif" in text for text, _ in told] == [True, False]
    assert "added to My data: 4" in told[1][0]

    moved = tmp_path / "moved"
    moved.mkdir()
    for path in paths[:2]:
        shutil.move(path, moved / path.name)
    paths[2].write_bytes(paths[2].read_bytes() + b"x")
    page.findChild(QAction, "dbar_my_data_verify_all").trigger()
    text = page.findChild(QLabel, "dbar_findings_text")
    until(lambda: "not as they were: 3" in text.text())
    findings = page.findings.list
    assert sorted(findings.item(n).text() for n in range(3)) == [
        "another size: c.tif · c",
        "missing: a.tif · a",
        "missing: b.tif · b",
    ]
    # A wrong file is refused; the right one brings along what was moved with it.
    relink = button(page, "findings_relink", QPushButton)
    assert not relink.isEnabled()
    findings.setCurrentItem(findings.findItems("missing: a.tif · a", Qt.MatchFlag.MatchExactly)[0])
    chosen = [str(paths[2]), str(moved / "a.tif")]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen.pop(0), ""))
    told.clear()
    relink.click()
    until(lambda: told)
    assert "is not the file that was added" in told[0][0] and findings.count() == 3
    relink.click()
    until(lambda: findings.count() == 1)
    assert {path for item in session.library.data.items(Query()) for path in
            session.library.data.files(item).values()} == {
        moved / "a.tif", moved / "b.tif", paths[2], paths[3]
    }  # fmt: skip
    findings.selectAll()
    button(page, "findings_forget", QPushButton).click()
    until(lambda: findings.count() == 0)
    until(lambda: titles(page) == ["a", "b", "d"])
    assert paths[2].is_file()
    # Whole items are forgotten from the selection; their files stay.
    (last,) = (item for item in page.view.items() if item.title == "d")
    select(page, last)
    page.findChild(QAction, "dbar_my_data_verify_selected").trigger()
    until(lambda: "All files are as they were" in text.text())
    button(page, "findings_close", QPushButton).click()
    assert page.findings.isHidden()
    button(page, "my_data_forget").click()
    until(lambda: titles(page) == ["a", "b"])
    assert paths[3].is_file() and "stay where they are" in answer[-1]


def test_space_is_freed_of_what_is_ticked(page, session, told, answer, tmp_path):
    store = session.library.data
    items = [fetched(store, f"scene{n}", data=b"x" * 1000 * (n + 1)) for n in range(3)]
    outside = raster(tmp_path / "outside.tif")
    store.add_raster(outside, Origin.IMPORTED)
    dialog = page.free_space()
    until(lambda: len(dialog.model.heaps) == 3)
    assert [heap.title for heap in dialog.model.heaps] == ["scene2", "scene1", "scene0"]
    delete = button(dialog, "free_space_delete", QPushButton)
    assert not delete.isEnabled()
    for row in (0, 2):
        index = dialog.model.index(row, 0)
        dialog.model.setData(index, Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole)
    summary = dialog.findChild(QLabel, "dbar_free_space_summary")
    assert "4.0 kB of 6.0 kB" in summary.text()
    delete.click()
    assert "2 items, 4.0 kB" in answer[0]
    until(lambda: len(dialog.model.heaps) == 1)
    assert "are free again" in told[-1][0] and told[-1][1] == Qgis.MessageLevel.Success
    dialog.reject()
    until(lambda: titles(page) == ["outside", "scene1"])
    assert outside.is_file()
    assert [store.files(items[1])["data"].is_file()] == [True]
    assert not (store.folder / "viirs" / "scene2").exists()


def test_what_is_shown_on_the_map_is_told_before_it_is_deleted(page, session, lasting):
    session.use_folder(lasting / "catalog")
    store = session.library.data
    item = fetched(store, "scene")
    store.files(item)["data"].unlink()
    raster(store.files(item)["data"])
    layer = QgsRasterLayer(str(store.files(item)["data"]), "x")
    QgsProject.instance().addMapLayer(layer)
    dialog = page.free_space()
    until(lambda: dialog.model.heaps)
    assert dialog.model.heaps[0].is_shown
    assert dialog.model.index(0, 2).data() == "shown on the map"
    dialog.reject()


def test_results_come_in_when_qgis_loads_them(page, session, lasting, tmp_path):
    temporary = raster(tmp_path / "temporary" / "t.tif", TAGS)
    result, plain = raster(lasting / "lit.tif", TAGS), raster(lasting / "plain.tif")
    layers = [QgsRasterLayer(str(path), path.stem) for path in (temporary, result, plain)]
    QgsProject.instance().addMapLayers(layers)
    until(lambda: titles(page) == ["lit"])
    (item,) = page.view.items()
    assert item.properties["dbar:origin"] == "computed"
    assert item.collection == "litarea"
    assert session.library.data.files(item) == {"data": result}


def test_results_of_before_come_in_when_the_window_is_opened(session, desk, told, lasting):
    result = raster(lasting / "lit.tif", TAGS)
    QgsProject.instance().addMapLayer(QgsRasterLayer(str(result), "lit"))
    page = built(MyDataPage(session, desk))
    until(lambda: session.library.data.items_of_file(result))
    page.close_page()
    # Closed, it looks no more.
    other = raster(lasting / "other.tif", TAGS)
    QgsProject.instance().addMapLayer(QgsRasterLayer(str(other), "other"))
    until(lambda: not session.jobs._running)
    assert session.library.data.items_of_file(other) == []
    page.deleteLater()


def own_raster(page, session, path, **options):
    """Write a raster, take it in, and return the address of its picture."""
    write_raster(path, **options)
    session.library.data.add_raster(path, Origin.IMPORTED)
    session.data_changed.emit()
    until(lambda: path.stem in titles(page))
    (row,) = [row for row in page.view.model.rows if row.item.title == path.stem]
    return row.picture


def test_rasters_have_pictures_that_are_kept(
    page, session, desk, told, lasting, tmp_path, monkeypatch
):
    cells = np.repeat([[-1] * 600, [1] * 600], 200, axis=0).astype("int16")
    colours = {-1: "#ff0000", 1: "#00ff00"}
    path = lasting / "red above green.tif"
    style = QgsRasterLayer(str(write_raster(tmp_path / "style.tif", cells)), "")
    classes = [
        QgsPalettedRasterRenderer.Class(value, QColor(colour)) for value, colour in colours.items()
    ]
    style.setRenderer(QgsPalettedRasterRenderer(style.dataProvider(), 1, classes))
    style.saveNamedStyle(str(path.with_suffix(".qml")))
    href = own_raster(page, session, path, values=cells)
    until(lambda: href in page.view.thumbnails.pictures)
    picture = page.view.thumbnails.pictures[href].toImage()
    width, height = picture.width(), picture.height()
    assert width == round(PICTURE_SIZE * page.devicePixelRatioF()) > height
    assert picture.pixelColor(width // 2, 2).name() == colours[-1]
    assert picture.pixelColor(width // 2, height - 3).name() == colours[1]
    beside = [one for one in lasting.iterdir() if one not in (path, path.with_suffix(".qml"))]
    assert beside == []
    # Computed anew, it is drawn anew.
    write_raster(path, cells[::-1])
    session.data_changed.emit()

    def top():
        return page.view.thumbnails.pictures[href].toImage().pixelColor(width // 2, 2).name()

    until(lambda: top() == colours[1])
    # Another window has it from the profile, as long as the file is as it was.
    monkeypatch.setattr(raster_pictures, "_drawn", lambda _path: b"")
    other = built(MyDataPage(session, desk))
    other.show()
    until(lambda: href in other.view.thumbnails.pictures)
    path.with_suffix(".qml").unlink()
    other.view.thumbnails.pictures.clear()
    other.view.thumbnails.want(other.view.model.rows)
    until(lambda: href in other.view.thumbnails._failed)
    other.close_page()
    other.deleteLater()


def test_large_rasters_without_overviews_are_not_read_for_a_picture(
    page, session, lasting, monkeypatch
):
    monkeypatch.setattr(raster_pictures, "_MOST_CELLS", 10)
    href = own_raster(page, session, lasting / "large.tif", values=np.ones((4, 6), dtype="uint8"))
    until(lambda: href in page.view.thumbnails._failed)


def test_pictures_of_rasters_do_not_hold_up_the_window(page, session, lasting):
    cells = np.random.default_rng(1).random((6000, 6000), dtype="float32")

    def measure():
        with Watchdog() as dog:
            until(lambda: href in page.view.thumbnails.pictures)
        page.view.thumbnails.pictures.clear()
        for kept in (profile_folder() / "previews").iterdir():
            kept.unlink()
        page.view._pause.start()
        return dog.longest_ms

    href = own_raster(page, session, lasting / "large.tif", values=cells)
    assert best_of(3, measure, 50.0) <= 50.0


def test_another_folder(page, session, tmp_path, answer, monkeypatch):
    store = session.library.data
    fetched(store, "scene")
    session.data_changed.emit()
    until(lambda: titles(page) == ["scene"])
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    page.findChild(QAction, "dbar_my_data_choose_folder").trigger()
    until(lambda: page.view.items() == [])
    assert "stays there as it is" in " ".join(answer)
    assert session.library.data.folder == folder
    assert str(folder) in page.findChild(QLabel, "dbar_my_data_summary").text()
    fetched(session.library.data, "new")
    session.data_changed.emit()
    until(lambda: titles(page) == ["new"])
    again = CatalogSession()
    assert again.library.data.folder == folder
    again.close()
    page.use_folder(store.folder)
    until(lambda: titles(page) == ["scene"])


def test_the_index_is_rebuilt(page, session, told):
    store = session.library.data
    fetched(store, "scene")
    (store.folder / "viirs" / "other").mkdir()
    (store.folder / "viirs" / "other" / "item.json").write_text("{")
    page.findChild(QAction, "dbar_my_data_rebuild").trigger()
    until(lambda: told)
    assert "rebuilt" in told[0][0] and "other" in told[0][0]
    until(lambda: titles(page) == ["scene"])


def test_items_are_shared_and_have_a_menu(page, session, desk):
    item = fetched(session.library.data, "scene")
    session.data_changed.emit()
    until(lambda: page.view.items())
    share, shared = button(page, "my_data_share"), []
    select(page, item)
    assert not share.isEnabled()
    desk.publish = shared.append
    page._update()
    share.click()
    assert [one.id for one in shared[0]] == ["scene"]
    menu = QMenu()
    page.view.menu_made.emit(menu, page.view.selected_items())
    names = [action.objectName() for action in menu.actions() if not action.isSeparator()]
    assert names == [
        "dbar_my_data_share_action",
        "dbar_my_data_forget_action",
        "dbar_my_data_verify_action",
    ]


def many(folder, count):
    """Give documents of items, and where they stand."""
    for number in range(count):
        yield (
            folder / f"c{number % 4}" / f"i{number}",
            {
                "id": f"i{number}",
                "collection": f"c{number % 4}",
                "bbox": [10.0, 20.0, 11.0, 21.0],
                "properties": {"datetime": "2020-06-01T00:00:00Z", "title": f"Scene {number}"},
                "links": [],
                "assets": {"data": {"href": "./a.tif"}},
            },
        )


def longest_hold_up(desk):
    """Open My data and look for items; return how long the window was held up, at most."""
    with Watchdog() as opening:
        session = CatalogSession()
    page = built(MyDataPage(session, desk))
    page.resize(320, 600)
    page._is_stale = False
    page.show()
    QCoreApplication.processEvents()
    with Watchdog() as reading:
        page.reload()
        until(lambda: len(page.view.items()) == 50, 60.0)
        page._show_more()
        until(lambda: len(page.view.items()) == 100, 60.0)
        page._text.setText("Scene 99")
        until(lambda: all("99" in found for found in titles(page)), 60.0)
    page.close_page()
    page.deleteLater()
    session.close()
    return max(opening.longest_ms, reading.longest_ms)


def test_a_lost_index_does_not_hold_up_the_window(profile, desk, told, qgis_app):
    folder = profile / "dbar" / "catalog"
    for place, document in many(folder, 1_000):
        place.mkdir(parents=True)
        (place / "item.json").write_text(json.dumps(document))

    def measure():
        (folder / "index.sqlite").unlink(missing_ok=True)
        return longest_hold_up(desk)

    assert best_of(8, measure, 50.0) <= 50.0


def test_ten_thousand_items_do_not_hold_up_the_window(profile, desk, told, qgis_app):
    folder = profile / "dbar" / "catalog"
    store = DataStore(folder)
    with store._index.changing():
        for number in range(4):
            name = f"c{number}"
            store._index.put_collection(name, name, "", name, {"id": name})
        for place, document in many(folder, 10_000):
            item = parse_item(document)
            store._index.put_item(item, str(place.relative_to(folder)), document, {})
    store.close()
    assert best_of(8, lambda: longest_hold_up(desk), 50.0) <= 50.0


def test_archives_are_imported_by_the_algorithm(
    page, session, told, tmp_path, provider, monkeypatch
):
    scene = write_scene(tmp_path / "scenes")
    (tmp_path / "broken.zip").write_bytes(b"PK")
    paths = [tmp_path / "broken.zip", pack(scene.folder, tmp_path / "scene.tar.gz")]
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_: ([str(path) for path in paths], "")
    )
    page.findChild(QAction, "dbar_my_data_add_archive").trigger()
    until(lambda: len(told) == 2, 60.0)
    assert "broken.zip could not be imported" in told[0][0]
    assert len(told[0][0]) > len("broken.zip could not be imported. ")
    assert "scene.tar.gz has been imported" in told[1][0]
    until(lambda: page.view.items())
    (item,) = page.view.items()
    assert item.id.startswith("KX10_GIU")
    page.findChild(QAction, "dbar_my_data_verify_all").trigger()
    text = page.findChild(QLabel, "dbar_findings_text")
    until(lambda: "All files are as they were" in text.text())
