"""All that is known of one item: properties, files and what can be done with them, its JSON."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSize, Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices, QFontDatabase
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QSizePolicy,
    QTabWidget,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog import facts
from dbar_qgis_plugin.catalog.access import Access, Kind
from dbar_qgis_plugin.catalog.library import Library
from dbar_qgis_plugin.catalog.model import Asset, Item
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.catalog.transfers.download import scrubbed_json
from dbar_qgis_plugin.errors import DbarError
from dbar_qgis_plugin.gui.catalog.items.row import Row
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs, in_words, size_in_words

_ASSET_ROLE: Final = Qt.ItemDataRole.UserRole
_HREF_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_GAP: Final = 6
_LONGEST: Final = 500  # characters of a value that are shown
_PAGES: Final = ("alternate", "via", "about", "related", "self", "canonical")


class _Found(NamedTuple):
    """What takes time to find out of an item."""

    ways: list[tuple[Asset, Access]]
    text: str  # JSON


class ItemDetails(QWidget):
    """Shows a row; what takes time is found out in the background."""

    asset_menu_wanted = pyqtSignal(object, object, QPoint)  # Item, Asset, where on the screen
    picture_wanted = pyqtSignal(object, bool)  # Row, and whether its picture shall be on the map

    def __init__(self, library: Library, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_item_details")
        self._library, self._jobs = library, Jobs(self)
        self.row: Row | None = None
        self._title = _label("dbar_item_title", bold=True)
        self._problems = _label("dbar_item_problems")
        self._facts = _tree("dbar_item_properties", 2)
        self._files = _tree("dbar_item_files", 4)
        self._files.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._files.customContextMenuRequested.connect(self._open_menu)
        self._files.viewport().installEventFilter(self)
        self._links = _tree("dbar_item_links", 2)
        self._links.itemActivated.connect(self._follow)
        self._json = QPlainTextEdit()
        self._json.setObjectName("dbar_item_json")
        self._json.setReadOnly(True)
        self._json.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._json.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._make_bar())
        layout.addWidget(self._problems)
        layout.addWidget(self._make_tabs(), 1)
        self.show_row(None)

    def show_row(self, row: Row | None) -> None:
        """Show a row; None for none."""
        if row is self.row and row is not None:
            return
        self.row = row
        self._jobs.cancel("details")
        for tree in (self._facts, self._files, self._links):
            tree.clear()
        self._json.clear()
        self.setEnabled(row is not None)
        self._title.setText(row.title if row is not None else "")
        self._problems.setText(row.problems if row is not None else "")
        self._problems.setVisible(bool(self._problems.text()))
        self._picture.setChecked(False)
        self._picture.setEnabled(
            row is not None and row.preview is not None and row.item.box is not None
        )
        if row is None:
            return
        self._fill_facts(row)
        self._fill_links(row.item)
        title = QCoreApplication.translate("Dbar", "Reading an item")
        self._jobs.start(
            "details",
            title,
            lambda control: _find(self._library, row.item, control),
            self._fill_files,
            self._say,
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit_reasons()
        return super().eventFilter(watched, event)

    def close_page(self) -> None:
        """Stop what runs."""
        self._jobs.close()

    def _make_bar(self) -> QHBoxLayout:
        translate = QCoreApplication.translate
        bar = QHBoxLayout()
        bar.addWidget(self._title, 1)
        self._picture = _button(
            "dbar_item_picture",
            "/mActionAddImage.svg",
            translate("Dbar", "Show the small picture on the map, roughly where the item lies"),
        )
        self._picture.setCheckable(True)
        self._picture.toggled.connect(self._want_picture)
        page = _button(
            "dbar_item_page", "/mIconWms.svg", translate("Dbar", "Open its page in a browser")
        )
        page.clicked.connect(self._open_page)
        cite = _button(
            "dbar_item_citation", "/mActionEditCopy.svg", translate("Dbar", "Copy the citation")
        )
        cite.clicked.connect(self._copy_citation)
        for button in (self._picture, page, cite):
            bar.addWidget(button)
        return bar

    def _make_tabs(self) -> QTabWidget:
        translate = QCoreApplication.translate
        tabs = QTabWidget()
        tabs.setObjectName("dbar_item_tabs")
        tabs.setDocumentMode(True)
        tabs.setUsesScrollButtons(True)
        self._facts.setHeaderLabels([translate("Dbar", "Property"), translate("Dbar", "Value")])
        self._files.setHeaderLabels(
            [
                translate("Dbar", "File"),
                translate("Dbar", "Size"),
                translate("Dbar", "Role"),
                translate("Dbar", "Type"),
            ]
        )
        self._links.setHeaderLabels([translate("Dbar", "Link"), translate("Dbar", "Address")])
        for widget, text in (
            (self._files, translate("Dbar", "Files")),
            (self._facts, translate("Dbar", "Properties")),
            (self._links, translate("Dbar", "Links")),
            (self._json, translate("Dbar", "JSON")),
        ):
            tabs.addTab(widget, text)
        return tabs

    def _fill_facts(self, row: Row) -> None:
        translate = QCoreApplication.translate
        known = (
            (translate("Dbar", "Id"), row.item.id),
            (translate("Dbar", "Collection"), row.item.collection),
            (translate("Dbar", "Date"), row.date),
            (translate("Dbar", "Licence"), row.licence),
            (translate("Dbar", "Citation"), scrubbed(facts.citation(row.item))),
        )
        self._facts.addTopLevelItems([_line(name, value) for name, value in known if value])
        for prefix, values in facts.properties_by_extension(row.item).items():
            parent = _line(prefix or translate("Dbar", "General"), "")
            parent.setFirstColumnSpanned(True)
            parent.addChildren([_line(name, _shown(value)) for name, value in values.items()])
            self._facts.addTopLevelItem(parent)
            parent.setExpanded(True)
        self._facts.resizeColumnToContents(0)

    def _fill_files(self, found: _Found) -> None:
        """List the files; below one that is not simply opened stands why."""
        for asset, access in found.ways:
            entry = QTreeWidgetItem(
                [
                    asset.title or asset.key,
                    size_in_words(asset.size) if asset.size is not None else "",
                    ", ".join(asset.roles),
                    asset.media_type.partition(";")[0],
                ]
            )
            entry.setData(0, _ASSET_ROLE, asset)
            entry.setIcon(0, QgsApplication.getThemeIcon(_ICONS[access.kind]))
            entry.setToolTip(0, f"{asset.key}\n{scrubbed(asset.href)}\n{asset.media_type}")
            self._files.addTopLevelItem(entry)
            if access.reason is not None:
                self._explain(entry, in_words(access.reason))
        for column in range(3):
            self._files.resizeColumnToContents(column)
        self._files.setColumnWidth(0, min(self._files.columnWidth(0), self.width() // 2))
        self._fit_reasons()
        self._json.setPlainText(found.text)

    def _explain(self, entry: QTreeWidgetItem, reason: str) -> None:
        below = QTreeWidgetItem()
        entry.addChild(below)
        below.setFirstColumnSpanned(True)
        below.setFlags(Qt.ItemFlag.ItemIsEnabled)
        text = _label("dbar_item_reason")
        text.setText(reason)
        self._files.setItemWidget(below, 0, text)
        entry.setExpanded(True)

    def _fit_reasons(self) -> None:
        """Wrap the reasons within what is seen of the list, whose columns may be wider."""
        width = self._files.viewport().width() - 3 * self._files.indentation()
        for number in range(self._files.topLevelItemCount()):
            below = self._files.topLevelItem(number).child(0)
            if below is not None:
                text = self._files.itemWidget(below, 0)
                text.setFixedWidth(width)
                below.setSizeHint(0, QSize(width, text.heightForWidth(width) + _GAP))

    def _fill_links(self, item: Item) -> None:
        for link in item.links:
            entry = _line(link.title or link.rel, scrubbed(link.href))
            entry.setData(0, _HREF_ROLE, link.href)
            entry.setToolTip(0, link.rel)
            self._links.addTopLevelItem(entry)
        self._links.resizeColumnToContents(0)

    def _say(self, error: DbarError) -> None:
        self._problems.setText(in_words(error))
        self._problems.setVisible(True)

    def _want_picture(self, is_wanted: bool) -> None:
        if self.row is not None:
            self.picture_wanted.emit(self.row, is_wanted)

    def _open_menu(self, place: QPoint) -> None:
        entry = self._files.itemAt(place)
        asset = entry.data(0, _ASSET_ROLE) if entry is not None else None
        if asset is not None and self.row is not None:
            self.asset_menu_wanted.emit(
                self.row.item, asset, self._files.viewport().mapToGlobal(place)
            )

    def _follow(self, entry: QTreeWidgetItem, _column: int) -> None:
        _open(entry.data(0, _HREF_ROLE))

    def _open_page(self) -> None:
        link = self.row.item.link(*_PAGES) if self.row is not None else None
        if link is not None:
            _open(link.href)

    def _copy_citation(self) -> None:
        if self.row is not None:
            QgsApplication.clipboard().setText(scrubbed(facts.citation(self.row.item)))


_ICONS: Final = {
    Kind.FILE: "/mIconFolder.svg",
    Kind.STREAM: "/mActionShowAllLayers.svg",
    Kind.LAYER: "/mIconWms.svg",
    Kind.DOWNLOAD: "/mActionFileSave.svg",
    Kind.NONE: "/mIconWarning.svg",
}


def _find(library: Library, item: Item, control: Control) -> _Found:
    ways = []
    for asset in item.assets:
        if control.is_cancelled():
            break
        ways.append((asset, library.access(item, asset)))
    return _Found(ways, json.dumps(scrubbed_json(item.raw), ensure_ascii=False, indent=2))


def _open(href: str) -> None:
    """Open a page; only of the web: what a catalog names is no program of this computer."""
    url = QUrl(href)
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)


def _shown(value: Any) -> str:
    """Write a value in a line."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, list) and all(isinstance(part, str | int | float) for part in value):
        text = ", ".join(map(str, value))
    else:
        text = json.dumps(value, ensure_ascii=False, default=str)
    text = scrubbed(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _line(name: str, value: str) -> QTreeWidgetItem:
    entry = QTreeWidgetItem([name, value])
    entry.setToolTip(1, value)
    return entry


def _label(name: str, *, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label


def _tree(name: str, columns: int) -> QTreeWidget:
    tree = QTreeWidget()
    tree.setObjectName(name)
    tree.setColumnCount(columns)
    tree.setIndentation(12)
    tree.setAlternatingRowColors(True)
    return tree


def _button(name: str, icon: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(QgsApplication.getThemeIcon(icon))
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setAutoRaise(True)
    return button
