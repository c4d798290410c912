"""The pictures of the catalog's dock, its dialogs and its wizard."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from processing import createAlgorithmDialog
from processing.gui.AlgorithmDialog import AlgorithmDialog
from qgis import processing
from qgis.core import QgsCoordinateReferenceSystem, QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QDialog, QMenu, QTabWidget, QToolButton, QTreeView, QWizard
from qgis.utils import iface, plugins
from servers.misbehaving import MisbehavingServer, file_of, misbehaving_server

from dbar_qgis_plugin.catalog.access import main_asset
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.net.places import sample_folder
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.searching import PageStream
from dbar_qgis_plugin.catalog.transfers.queue import State
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.connections.dlg_connection import ConnectionDialog
from dbar_qgis_plugin.gui.catalog.connections.dlg_connections import ConnectionsDialog
from dbar_qgis_plugin.gui.catalog.desk import Page
from dbar_qgis_plugin.gui.catalog.dock import CatalogDock
from dbar_qgis_plugin.gui.catalog.items.view import ItemsView
from dbar_qgis_plugin.gui.catalog.wdg_body import CatalogBody
from screenshots_common import SCRATCH, dock, save, settle, until

NARROW, WIDE, LAYERS = 320, 560, 220
SLOW = {"piece": 8192, "pause_s": 0.1}  # bytes and seconds: a transfer is seen to go on
LOST = "builtup_fraction_2017.tif"  # what the server lists and does not have


def take() -> None:
    """Picture pages, dialogs and steps, from the first opening to a result that is shared."""
    iface.newProject()  # the map takes the place of the welcome page
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    catalog: CatalogDock = plugins["dbar_qgis_plugin"].show_catalog()
    opened: list[CatalogBody] = []
    catalog.when_ready(opened.append)
    until(lambda: opened)
    until(lambda: not catalog.body.session.jobs.is_running("sample"))
    until(lambda: catalog.body.pages[Page.SEARCH].lookups.collections)
    search(catalog)
    results(catalog)
    with sample_server() as server:
        connections(catalog, server)
        transfers(catalog, server)
        inputs(catalog)
        my_data(catalog)
    share(catalog)
    catalog.close()


def picture(catalog: CatalogDock, name: str) -> None:
    """Picture the window, and the dock alone at its least width."""
    window, layers = iface.mainWindow(), dock("Layers")
    for width, ending in ((NARROW, "_narrow"), (WIDE, "")):
        window.resizeDocks([layers, catalog], [LAYERS, width], Qt.Orientation.Horizontal)
        settle(0.3)
        iface.messageBar().clearWidgets()
        save(catalog if ending else window, f"catalog_{name}{ending}")


def picture_window(window: QDialog, name: str, width: int = 0, height: int = 0) -> None:
    """Picture a dialog as it opens or in a size, and as narrow as it gets."""
    window.show()
    if width:
        window.resize(width, height)
    save(window, f"catalog_{name}")
    size = window.size()
    window.resize(NARROW, size.height())
    save(window, f"catalog_{name}_narrow")
    window.resize(size)


def view_of(catalog: CatalogDock, page: Page) -> ItemsView:
    """Return the items of a page."""
    return catalog.body.pages[page].findChild(ItemsView)


def run_search(catalog: CatalogDock, theme: str) -> ItemsView:
    """Search by a theme, and return what is found."""
    page = catalog.body.pages[Page.SEARCH]
    page.findChild(QToolButton, f"dbar_catalog_theme_{theme}").click()
    page.search_button.click()
    searcher = catalog.body.pages[Page.RESULTS].searcher
    until(lambda: searcher.runs and not searcher.is_running)
    settle(2)
    return view_of(catalog, Page.RESULTS)


def press(view: ItemsView, name: str) -> None:
    """Press a button above the items."""
    view.findChild(QToolButton, f"dbar_items_{name}").click()


def search(catalog: CatalogDock) -> None:
    """Picture the page of the search, as it opens and filled in."""
    picture(catalog, "search_first")
    page = catalog.body.pages[Page.SEARCH]
    page.findChild(QToolButton, "dbar_catalog_theme_builtup").click()
    page.period.set_period(date(2000, 1, 1), date(2020, 12, 31))
    page.text_edit.setText("built-up")
    page.filters_group.setCollapsed(False)
    page.filters.add()
    picture(catalog, "search")
    page.filters.set_conditions(())
    page.filters_group.setCollapsed(True)
    # Nothing answers it, but something would without the words.
    page.text_edit.setText("airport")
    page.search_button.click()
    nothing = catalog.body.pages[Page.RESULTS].nothing
    until(lambda: nothing.offers)
    settle(2)
    picture(catalog, "nothing")
    page.text_edit.clear()
    page.period.set_period(None, None)


def results(catalog: CatalogDock) -> None:
    """Picture what a search finds: cards, table, details, menu, the map."""
    view = run_search(catalog, "builtup")
    view.actions.zoom_to(view.items()[:1])
    view.select(view.model.rows[:2])
    settle(2)
    picture(catalog, "results")
    menu = view.actions.menu(view.selected_items(), view)
    menu.popup(view.mapToGlobal(view.rect().center()))
    save(menu, "catalog_menu")
    menu.close()
    press(view, "as_table")
    picture(catalog, "table")
    press(view, "as_cards")
    view.show_details(True)
    view.select(view.model.rows[:1])
    settle(2)
    picture(catalog, "details")
    view.details.findChild(QTabWidget).setCurrentIndex(1)
    picture(catalog, "details_properties")
    view.show_details(False)
    view.actions.run_default(view.items()[0])
    until(lambda: QgsProject.instance().mapLayers())
    settle(2)
    picture(catalog, "added")


@contextmanager
def sample_server() -> Iterator[MisbehavingServer]:
    """Serve the sample catalog, slowly, and without one of its files."""
    folder = sample_folder()
    with misbehaving_server() as server:
        for path in folder.rglob("*"):
            if path.is_file() and path.name != LOST:
                faults = SLOW if path.suffix == ".tif" else {}
                server.on(
                    "/" + path.relative_to(folder).as_posix(),
                    file_of(path.read_bytes(), **faults),
                )
        yield server


def connections(catalog: CatalogDock, server: MisbehavingServer) -> None:
    """Picture the list of connections, and the form while it finds out what an address is."""
    session = catalog.body.session
    form = ConnectionDialog(session, None, iface.mainWindow())
    form.url_edit.setText(f"{server.url}/catalog.json")
    until(lambda: form.found is not None)
    form.name_edit.setText("Regional office")
    form.test_button.click()
    until(lambda: form.has_answered)
    picture_window(form, "connection")
    form.accept()
    session.connections.save(form.connection)
    away = Connection("Closed for the night", "http://127.0.0.1:9/stac", "stac_api")
    session.connections.save(away)
    session.connections_changed.emit()
    listed = ConnectionsDialog(session, iface.mainWindow())
    local = [one for one in session.connections.all() if one.is_local]
    for one in (*local, form.connection, away):
        session.check(one)
    until(lambda: {form.connection.id, away.id} <= set(session.health))
    listed.findChild(QTreeView).expandAll()
    listed.select([form.connection.id])
    picture_window(listed, "connections")
    listed.close()
    session.connections.remove(away.id)
    session.connections_changed.emit()


def transfers(catalog: CatalogDock, server: MisbehavingServer) -> None:
    """Picture downloads: under way, paused, failed, done."""
    session, actions = catalog.body.session, catalog.body.actions
    office = next(one for one in session.connections.all() if one.url.startswith(server.url))
    stream = PageStream(session.library.adapter(office.id), Query(page_size=100))
    items = stream.next().items
    rasters = [item for item in items if "fraction" in item.title or "Night" in item.title]
    choices = [Choice(item, main_asset(item)) for item in rasters]
    actions.fetching.fetch(choices)
    queue = session.transfers.queue

    def in_state(state: State) -> list:
        return [transfer for transfer in queue.all() if transfer.state is state]

    until(lambda: in_state(State.FAILED) and in_state(State.DONE), 120)
    running = in_state(State.RUNNING)
    if running:
        session.transfers.pause([running[0].id])
    catalog.desk.show_page(Page.TRANSFERS)
    settle(2)
    picture(catalog, "transfers")
    session.transfers.resume([transfer.id for transfer in in_state(State.PAUSED)])
    until(lambda: not in_state(State.RUNNING) and not in_state(State.WAITING), 120)


def inputs(catalog: CatalogDock) -> None:
    """Picture both ways between the catalog and an algorithm's dialog."""
    view = run_search(catalog, "builtup")
    others = ("Provinces", "Population 2020 of the provinces")
    view.select([row for row in view.model.rows if row.title not in others])
    menu = view.actions.menu(view.selected_items(), view)
    name = "dbar_item_use_landuseefficiency"
    use = menu.findChild(QMenu, "dbar_item_use")
    next(action for action in use.actions() if action.objectName() == name).trigger()
    until(open_dialogs)
    (dialog,) = open_dialogs()
    picture_window(dialog, "dialog", 1000, 850)
    dialog.close()
    dialog = createAlgorithmDialog("dbar:nightlightcomposite", {})
    dialog.show()
    dialog.resize(900, 500)
    save(dialog, "catalog_from_catalog")
    dialog.findChild(QToolButton, "dbar_from_catalog_RASTERS").click()
    run_search(catalog, "night_light")
    view.select(view.model.rows)
    dialog.lower()
    picture(catalog, "pick")
    catalog.body.pick_bar.use_wanted.emit()
    settle(2)
    dialog.close()


def open_dialogs() -> list[AlgorithmDialog]:
    """Return the dialogs of algorithms that are open."""
    dialogs = iface.mainWindow().findChildren(AlgorithmDialog)
    return [dialog for dialog in dialogs if dialog.isVisible()]


def my_data(catalog: CatalogDock) -> None:
    """Picture what was fetched and computed, what is wrong with files, and what may go."""
    folder = sample_folder() / "data" / "light"
    output = SCRATCH / "results" / "night_light_median.tif"
    output.parent.mkdir(exist_ok=True)
    inputs = {"RASTERS": [str(path) for path in sorted(folder.glob("*.tif"))]}
    processing.runAndLoadResults("dbar:nightlightcomposite", {**inputs, "OUTPUT": str(output)})
    catalog.desk.show_page(Page.MY_DATA)
    view = view_of(catalog, Page.MY_DATA)
    until(lambda: any("median" in item.title.lower() for item in view.items()))
    view.select([row for row in view.model.rows if "median" in row.item.title.lower()])
    settle(2)
    picture(catalog, "my_data")
    page = catalog.body.pages[Page.MY_DATA]
    lost = next(item for item in view.items() if "median" not in item.title.lower())
    path = next(iter(catalog.body.session.library.data.files(lost).values()))
    path.rename(path.with_suffix(".moved"))
    page.verify()
    settle(3)
    picture(catalog, "findings")
    path.with_suffix(".moved").rename(path)
    dialog = page.free_space()
    settle(2)
    picture_window(dialog, "free_space")
    dialog.close()


def share(catalog: CatalogDock) -> None:
    """Picture the steps of the wizard."""
    publisher = catalog.body.publisher
    publisher.share_files([SCRATCH / "results" / "night_light_median.tif"])
    wizard = publisher.wizard

    def step(name: str) -> None:
        until(wizard.currentPage().isComplete)
        picture_window(wizard, f"share_{name}")
        wizard.next()
        settle()

    step("files")
    wizard.metadata.licence.setEditText("CC-BY-4.0")
    form = {"title": "Median of night light", "begin": "2015-01-01", "end": "2020-12-31"}
    for field, text in form.items():
        wizard.metadata.edits[field].setText(text)
    step("metadata")
    step("checks")
    wizard.target.folder.setFilePath(str(SCRATCH / "shared"))
    step("target")
    until(wizard.last.button.isEnabled)
    picture_window(wizard, "share_preview")
    wizard.last.button.click()
    until(lambda: wizard.last.result is not None)
    picture_window(wizard, "share_done")
    wizard.button(QWizard.WizardButton.FinishButton).click()
