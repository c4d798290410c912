"""What can be done with items: shown, fetched, joined, cut, copied, and used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QCoreApplication, QObject, QUrl
from qgis.PyQt.QtGui import QAction, QDesktopServices, QGuiApplication
from qgis.PyQt.QtWidgets import QMenu, QWidget

from dbar_qgis_plugin.catalog.access import (
    Access,
    Form,
    Kind,
    data_assets,
    form_of,
    local_files,
    main_asset,
)
from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Asset, Item
from dbar_qgis_plugin.catalog.snippets import item_json, python_snippet
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.actions.adding import Adding
from dbar_qgis_plugin.gui.catalog.actions.fetching import Fetching
from dbar_qgis_plugin.gui.catalog.actions.inputs import fitting_algorithms
from dbar_qgis_plugin.gui.catalog.actions.making import Making, by_day
from dbar_qgis_plugin.gui.catalog.actions.opening import Choice
from dbar_qgis_plugin.gui.catalog.actions.sources import Sources
from dbar_qgis_plugin.gui.catalog.actions.summary import ask_before
from dbar_qgis_plugin.gui.catalog.actions.using import Using
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.row import lies_here
from dbar_qgis_plugin.gui.catalog.jobs import Control, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_DEGREES: Final = "EPSG:4326"


class ItemActions(QObject):
    """The actions on items, for menus, buttons and clicks of all pages."""

    def __init__(self, session: CatalogSession, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session, self.desk = session, desk
        self.is_here: Callable[[Item], bool] = lies_here  # a view knows of copies in My data too
        self._ways: dict[Choice, Access] = {}
        self._sources: dict[str, Connection | None] = {}
        self.fetching = Fetching(session, desk, self)
        self.adding = Adding(session, desk, self)
        self.sources = Sources(session, desk, self.fetching, self)
        self.making = Making(session, desk, self.sources, self.adding, self)
        self.using = Using(desk, self.sources, self.adding, self)

    # Menus

    def menu(self, items: Sequence[Item], parent: QWidget | None = None) -> QMenu:
        """Make the menu of what can be done with items; what cannot be says why."""
        self._begin()
        menu = _menu("dbar_item_menu", parent)
        choices = [self._main(item) for item in items]
        known = [choice for choice in choices if choice is not None]
        self._add_using(menu, known)
        self._add_opening(menu, known)
        self._add_making(menu, items, known)
        menu.addSeparator()
        self._add_copying(menu, items)
        menu.addSeparator()
        self._add_places(menu, items)
        if len(items) == 1:
            assets = menu.addMenu(_tr_assets())
            assets.setObjectName("dbar_item_assets")
            assets.setToolTipsVisible(True)
            for asset in items[0].assets:
                assets.addMenu(self._asset_menu(items[0], asset, assets))
        return menu

    def asset_menu(self, item: Item, asset: Asset, parent: QWidget | None = None) -> QMenu:
        """Make the menu of what can be done with one asset."""
        self._begin()
        return self._asset_menu(item, asset, parent)

    def _asset_menu(self, item: Item, asset: Asset, parent: QWidget | None) -> QMenu:
        menu = _menu("dbar_asset_menu", parent)
        menu.setTitle(asset.title or asset.key)
        choice = Choice(item, asset)
        self._add_using(menu, [choice])
        self._add_opening(menu, [choice])
        self._add_clipping(menu, [choice])
        menu.addSeparator()
        link = QCoreApplication.translate("Dbar", "Copy link")
        _action(menu, "copy_link", link, "/mActionEditCopy.svg", lambda: _copy(asset.href))
        return menu

    def run_default(self, item: Item) -> None:
        """Do what is safest: show what can be shown where it is, else fetch it and show it.

        While a dialog waits for data, give it the item.
        """
        self._begin()
        choice = self._main(item)
        if choice is None:
            self.desk.tell(_tr_no_data(), Qgis.MessageLevel.Warning)
            return
        access = self.access(choice)
        if self.desk.pick is not None and _is_data(access):
            self.using.take([choice])
        elif access.is_openable:
            self.add_to_map([choice])
        elif access.kind is Kind.DOWNLOAD:
            self.download([choice], add=True)
        else:
            self.desk.tell(in_words(access.reason), Qgis.MessageLevel.Warning)

    # Actions

    def add_to_map(self, choices: Sequence[Choice]) -> None:
        """Add layers of assets that can be opened where they are."""
        self.adding.add(choices)

    def download(self, choices: Sequence[Choice], *, add: bool = False) -> None:
        """Fetch assets into My data, and add them to the map if wanted."""
        then = self.adding.add_files if add else None
        ask_before(self.desk, self.session, choices, lambda: self.fetching.fetch(choices, then))

    def clip(self, choices: Sequence[Choice]) -> None:
        """Fetch the part of rasters that the map shows into My data, and add it."""
        box = self.making.map_box()
        if box is not None:
            self.making.clip(choices, box)

    def take(self, items: Sequence[Item]) -> None:
        """Give items to the dialog that waits for data."""
        self._begin()
        choices = [choice for choice in map(self._main, items) if choice is not None]
        usable = [choice for choice in choices if _is_data(self.access(choice))]
        if usable:
            self.using.take(usable)
        else:
            text = QCoreApplication.translate(
                "Dbar", "Select the data first: rasters that can be read or downloaded."
            )
            self.desk.tell(text, Qgis.MessageLevel.Warning)

    def zoom_to(self, items: Sequence[Item]) -> None:
        """Show where items lie."""
        extent = QgsRectangle()
        for item in items:
            if item.box is not None:
                west, south, east, north = item.box
                extent.combineExtentWith(
                    QgsRectangle(west, south, east if east >= west else east + 360.0, north)
                )
        canvas = self.desk.canvas
        transform = QgsCoordinateTransform(
            QgsCoordinateReferenceSystem(_DEGREES),
            canvas.mapSettings().destinationCrs(),
            QgsProject.instance(),
        )
        try:
            canvas.setExtent(transform.transformBoundingBox(extent))
        except QgsCsException:
            text = QCoreApplication.translate(
                "Dbar", "The map's CRS does not reach there: choose another one for the project."
            )
            self.desk.tell(text, Qgis.MessageLevel.Warning)
            return
        canvas.refresh()

    def show_in_folder(self, item: Item) -> None:
        """Open the folder in which the files of an item are."""
        library = self.session.library

        def work(_control: Control) -> list[Path]:
            return [*library.held(item).values(), *local_files(item)]

        def done(files: list[Path]) -> None:
            if files:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(files[0].parent)))
            else:
                self.desk.tell(_tr_not_here(), Qgis.MessageLevel.Warning)

        title = QCoreApplication.translate("Dbar", "Looking where the data are")
        self.session.jobs.start("folder", title, work, done, self._failed)

    def access(self, choice: Choice) -> Access:
        """Say how an asset is opened; asked once while a menu is made."""
        if choice not in self._ways:
            library, source = self.session.library, choice.item.source
            if source not in self._sources:
                self._sources[source] = library.connections.get(source)
            connection = self._sources[source]
            self._ways[choice] = library.access_by(connection, choice.item, choice.asset)
        return self._ways[choice]

    def _failed(self, error: DbarError) -> None:
        self.desk.tell(in_words(error), Qgis.MessageLevel.Warning)

    def _begin(self) -> None:
        """Forget what was known: connections may have changed."""
        self._ways.clear()
        self._sources.clear()

    # Parts of menus

    def _main(self, item: Item) -> Choice | None:
        """Return the asset that stands for an item: of those that can be opened, if there are."""
        asset = main_asset(item)
        if asset is None:
            return None
        if self.access(Choice(item, asset)).kind is Kind.NONE:
            for other in data_assets(item):
                if self.access(Choice(item, other)).kind is not Kind.NONE:
                    return Choice(item, other)
        return Choice(item, asset)

    def _add_opening(self, menu: QMenu, choices: list[Choice]) -> None:
        translate = QCoreApplication.translate
        ways = [(choice, self.access(choice)) for choice in choices]
        openable = [choice for choice, access in ways if access.is_openable]
        reasons = [access.reason for _, access in ways if access.reason is not None]
        reason = in_words(reasons[0]) if reasons else _tr_no_data()
        _action(
            menu,
            "add_to_map",
            translate("Dbar", "Add to map"),
            "/mActionAddRasterLayer.svg",
            lambda: self.add_to_map(openable),
            "" if openable else reason,
        )
        remote = [choice for choice, access in ways if _can_fetch(access)]
        here = translate("Dbar", "It is on this computer already.") if choices else _tr_no_data()
        # What has no address to be fetched from, for want of an account, is not here either.
        if any(access.kind is Kind.NONE and not access.href for _, access in ways):
            here = reason
        loadable = [
            choice for choice, access in ways if _can_fetch(access) and access.kind is not Kind.NONE
        ]
        _action(
            menu,
            "download",
            translate("Dbar", "Download"),
            "/mActionFileSave.svg",
            lambda: self.download(remote),
            "" if remote else here,
        )
        _action(
            menu,
            "download_and_add",
            translate("Dbar", "Download and add to map"),
            "/mActionSharingImport.svg",
            lambda: self.download(loadable, add=True),
            "" if loadable else (reason if remote else here),
        )

    def _add_using(self, menu: QMenu, choices: list[Choice]) -> None:
        translate = QCoreApplication.translate
        usable = [choice for choice in choices if _is_data(self.access(choice))]
        pick = self.desk.pick
        if pick is not None:
            _action(
                menu,
                "take",
                translate("Dbar", "Use for {title}").format(title=pick.title),
                "/mActionStart.svg",
                lambda: self.using.take(usable),
                "" if usable else translate("Dbar", "It holds no data that can be read."),
            )
        use = menu.addMenu(translate("Dbar", "Use as input of"))
        use.setObjectName("dbar_item_use")
        use.setIcon(QgsApplication.getThemeIcon("/processingAlgorithm.svg"))
        for fitting in fitting_algorithms(usable) if len(usable) == len(choices) else ():
            name = f"use_{fitting.id.rpartition(':')[2]}"
            _action(use, name, fitting.title, "", partial(self.using.use, usable, fitting.id))
        reason = translate("Dbar", "No algorithm of the plugin takes these data together.")
        use.setEnabled(not use.isEmpty())
        use.menuAction().setToolTip(use.title() if use.isEnabled() else reason)

    def _add_making(self, menu: QMenu, items: Sequence[Item], choices: list[Choice]) -> None:
        translate = QCoreApplication.translate
        rasters = [choice for choice in choices if self._is_raster(choice)]
        groups = by_day(rasters)
        several = [choice for group in groups if len(group) > 1 for choice in group]
        _action(
            menu,
            "mosaic",
            translate("Dbar", "Add as mosaic"),
            "/mActionAddVirtualLayer.svg",
            lambda: self.making.mosaic(several),
            ""
            if several
            else translate("Dbar", "Select several rasters of one collection and day."),
        )
        bands = [
            Choice(item, asset)
            for item in items[:1]
            for asset in data_assets(item)
            if len(items) == 1 and self._is_raster(Choice(item, asset))
        ]
        _action(
            menu,
            "bands",
            translate("Dbar", "Add assets as bands of one layer"),
            "/mIconRasterGroup.svg",
            lambda: self.making.mosaic(bands, separate=True),
            "" if len(bands) > 1 else translate("Dbar", "Select one item with several rasters."),
        )
        self._add_clipping(menu, choices)

    def _add_clipping(self, menu: QMenu, choices: list[Choice]) -> None:
        translate = QCoreApplication.translate
        kinds = (Kind.FILE, Kind.STREAM)
        rasters = [
            choice
            for choice in choices
            if self._is_raster(choice)
            and (access := self.access(choice)).kind in kinds
            and not access.authcfg
        ]
        reason = translate("Dbar", "Only rasters that are read in parts can be cut.")
        if rasters and self.making.search_box is not None:
            box = self.making.search_box
            _action(
                menu,
                "clip_search",
                translate("Dbar", "Download the part in the search area"),
                "/algorithms/mAlgorithmClip.svg",
                lambda: self.making.clip(rasters, box),
            )
        if rasters and self.desk.canvas.extent().isEmpty():
            reason, rasters = translate("Dbar", "The map shows no area."), []
        _action(
            menu,
            "clip",
            translate("Dbar", "Download the part that the map shows"),
            "/algorithms/mAlgorithmClip.svg",
            lambda: self.clip(rasters),
            "" if rasters else reason,
        )

    def _is_raster(self, choice: Choice) -> bool:
        return form_of(choice.asset) is Form.RASTER and _is_data(self.access(choice))

    def _add_copying(self, menu: QMenu, items: Sequence[Item]) -> None:
        translate = QCoreApplication.translate
        copying = menu.addMenu(translate("Dbar", "Copy"))
        copying.setObjectName("dbar_item_copy")
        copying.setIcon(QgsApplication.getThemeIcon("/mActionEditCopy.svg"))
        copying.setToolTipsVisible(True)
        links = [link for link in map(_address, items) if link]
        _action(
            copying,
            "copy_link",
            translate("Dbar", "Link"),
            "",
            lambda: _copy("\n".join(links)),
            "" if links else translate("Dbar", "The item does not say where it stands."),
        )
        _action(
            copying,
            "copy_json",
            translate("Dbar", "STAC JSON"),
            "",
            lambda: _copy(item_json(items)),
        )
        _action(
            copying,
            "copy_python",
            translate("Dbar", "Python snippet"),
            "",
            lambda: _copy(python_snippet(items, self.session.connections.get)),
        )

    def _add_places(self, menu: QMenu, items: Sequence[Item]) -> None:
        translate = QCoreApplication.translate
        pages = [item.page for item in items if item.page]
        _action(
            menu,
            "open_page",
            translate("Dbar", "Open page"),
            "/mActionHelpContents.svg",
            lambda: [QDesktopServices.openUrl(QUrl(page)) for page in pages],
            "" if pages else translate("Dbar", "The item has no page."),
        )
        here = [item for item in items if self.is_here(item)]
        _action(
            menu,
            "show_in_folder",
            translate("Dbar", "Show in folder"),
            "/mIconFolder.svg",
            lambda: self.show_in_folder(here[0]),
            "" if here else _tr_not_here(),
        )
        placed = [item for item in items if item.box is not None]
        _action(
            menu,
            "zoom_to",
            translate("Dbar", "Zoom to"),
            "/mActionZoomToSelected.svg",
            lambda: self.zoom_to(placed),
            "" if placed else translate("Dbar", "The item does not say where it lies."),
        )


def _is_data(access: Access) -> bool:
    """Tell whether an algorithm can have it: a file, here or there."""
    return access.kind in (Kind.FILE, Kind.STREAM, Kind.DOWNLOAD)


def _can_fetch(access: Access) -> bool:
    """Tell whether there is a file to fetch."""
    is_file = access.kind in (Kind.STREAM, Kind.DOWNLOAD, Kind.NONE)
    return (
        is_file
        and access.href.startswith(("http:", "https:", "/vsi"))
        and not access.provider.lower().startswith("w")
    )


def _menu(name: str, parent: QWidget | None) -> QMenu:
    menu = QMenu(parent)
    menu.setObjectName(name)
    menu.setToolTipsVisible(True)
    return menu


def _action(
    menu: QMenu,
    name: str,
    text: str,
    icon: str,
    on_triggered: Callable[[], object],
    why_not: str = "",
) -> QAction:
    """Add an action; one that cannot be done now says why."""
    action = menu.addAction(text)
    action.setObjectName(f"dbar_item_{name}")
    if icon:
        action.setIcon(QgsApplication.getThemeIcon(icon))
    action.setEnabled(not why_not)
    action.setToolTip(why_not or text)
    action.triggered.connect(lambda _checked=False: on_triggered())
    return action


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _address(item: Item) -> str:
    link = item.link("self", "canonical", "via")
    return "" if link is None else link.href


def _tr_no_data() -> str:
    return QCoreApplication.translate("Dbar", "The item has no data.")


def _tr_not_here() -> str:
    return QCoreApplication.translate("Dbar", "It is not on this computer yet: download it.")


def _tr_assets() -> str:
    return QCoreApplication.translate("Dbar", "Assets")
