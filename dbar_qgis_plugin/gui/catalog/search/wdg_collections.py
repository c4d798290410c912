"""Which collections of the chosen catalogs are searched: all, or those that are ticked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Final

from qgis.gui import QgsCollapsibleGroupBox, QgsFilterLineEdit
from qgis.PyQt.QtCore import QCoreApplication, QSortFilterProxyModel, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QStandardItem, QStandardItemModel
from qgis.PyQt.QtWidgets import QToolButton, QTreeView, QVBoxLayout, QWidget

from dbar_qgis_plugin.catalog.connections import Connection
from dbar_qgis_plugin.catalog.model import Collection
from dbar_qgis_plugin.gui.catalog.jobs import in_words

ID: Final = Qt.ItemDataRole.UserRole + 1
_ROWS: Final = 8  # that are seen at once
_AT_ONCE: Final = 50  # collections that are put into the tree in one go


class CollectionsChooser(QgsCollapsibleGroupBox):
    """A tree of catalogs and their collections, with ticks; none ticked stands for all."""

    changed = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_collections")
        self._parents: dict[str, QStandardItem] = {}  # by the connection's id
        self._ticked: dict[str, set[str]] = {}
        self._wanted: dict[str, frozenset[str]] = {}  # to be ticked when they come
        self._waiting: list[tuple[str, Collection]] = []  # to be shown, some at a time
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._show_some)
        self._build()
        self._changed()

    def chosen(self) -> dict[str, tuple[str, ...]]:
        """Return the ids that are ticked, or will be when they come, by the connection's id."""
        found = {}
        for connection in self._parents:
            ids = self._ticked.get(connection, set()) | self._wanted.get(connection, frozenset())
            if ids:
                found[connection] = tuple(sorted(ids))
        return found

    def choose(self, chosen: Mapping[str, Iterable[str]]) -> None:
        """Tick collections, now or when they come."""
        self._wanted = {key: frozenset(ids) for key, ids in chosen.items()}
        self._model.blockSignals(True)
        for connection, parent in self._parents.items():
            wanted = self._wanted.get(connection, frozenset())
            there = {item.data(ID): item for item in _children(parent)}
            for identity in self._ticked.get(connection, set()) - wanted:
                _tick(there[identity], False)
            for identity in wanted & set(there):
                _tick(there[identity], True)
            self._ticked[connection] = set(wanted & set(there))
            self._wanted[connection] = wanted - set(there)
        self._model.blockSignals(False)
        self.view.viewport().update()
        self._changed()

    def show_connections(self, connections: Iterable[Connection]) -> list[str]:
        """Show these catalogs; return the ids of those that were not there before."""
        wanted = {one.id: one.name for one in connections}
        for gone in set(self._parents) - set(wanted):
            self._model.removeRow(self._parents.pop(gone).row())
            self._ticked.pop(gone, None)
        new = [identity for identity in wanted if identity not in self._parents]
        for identity in new:
            parent = QStandardItem(wanted[identity])
            parent.setEditable(False)
            parent.setSelectable(False)
            self._model.appendRow(parent)
            self._parents[identity] = parent
            self.view.expand(self._proxy.mapFromSource(parent.index()))
        self._changed()
        return new

    def add(self, connection_id: str, collections: Iterable[Collection]) -> None:
        """Add some of a catalog's collections; those of one that is not shown are left out."""
        self._waiting += [(connection_id, collection) for collection in collections]
        self._turn.start(0)

    def forget(self, connection_id: str) -> None:
        """Take out a catalog's collections, because they come anew."""
        parent = self._parents.get(connection_id)
        if parent is not None:
            self._waiting = [one for one in self._waiting if one[0] != connection_id]
            ticked = self._ticked.pop(connection_id, set())
            self._wanted[connection_id] = self._wanted.get(connection_id, frozenset()) | ticked
            parent.removeRows(0, parent.rowCount())

    def _show_some(self) -> None:
        """Show some of those that wait; the window has its turn before the next ones."""
        now, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
        if not self._waiting:
            self._turn.stop()
        for connection_id, group in groupby(now, key=lambda one: one[0]):
            parent = self._parents.get(connection_id)
            if parent is not None:
                self._append(connection_id, parent, [collection for _, collection in group])
        self._show_title()

    def _append(
        self, connection_id: str, parent: QStandardItem, collections: list[Collection]
    ) -> None:
        wanted = self._wanted.get(connection_id, frozenset())
        came = {collection.id for collection in collections}
        self._ticked.setdefault(connection_id, set()).update(wanted & came)
        self._wanted[connection_id] = wanted - came
        parent.appendRows([_row(one, one.id in wanted) for one in collections])

    def _build(self) -> None:
        translate = QCoreApplication.translate
        self._model = QStandardItemModel(self)
        self._model.itemChanged.connect(self._item_changed)
        self._proxy = QSortFilterProxyModel(self)
        self._proxy.setSourceModel(self._model)
        self._proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._proxy.setRecursiveFilteringEnabled(True)
        self.filter_edit = QgsFilterLineEdit()
        self.filter_edit.setObjectName("dbar_catalog_collections_filter")
        self.filter_edit.setShowSearchIcon(True)
        self.filter_edit.setPlaceholderText(translate("Dbar", "Find a collection"))
        self.filter_edit.textChanged.connect(self._filter)
        self.view = QTreeView()
        self.view.setObjectName("dbar_catalog_collections_tree")
        self.view.setModel(self._proxy)
        self.view.setHeaderHidden(True)
        self.view.setUniformRowHeights(True)
        self.view.setIndentation(10)
        self.view.setFixedHeight(_ROWS * (self.fontMetrics().height() + 6))
        self.all_button = QToolButton()
        self.all_button.setObjectName("dbar_catalog_collections_all")
        self.all_button.setText(translate("Dbar", "Search all"))
        self.all_button.clicked.connect(lambda _checked=False: self.choose({}))
        layout = QVBoxLayout(self)
        layout.addWidget(self.filter_edit)
        layout.addWidget(self.view)
        layout.addWidget(self.all_button)
        self.setCollapsed(True)

    def _filter(self, text: str) -> None:
        self._proxy.setFilterFixedString(text)
        if text:
            self.view.expandAll()

    def _item_changed(self, item: QStandardItem) -> None:
        connection = next(
            (key for key, parent in self._parents.items() if parent is item.parent()), None
        )
        if connection is None:
            return
        ticked = self._ticked.setdefault(connection, set())
        if item.checkState() == Qt.CheckState.Checked:
            ticked.add(item.data(ID))
        else:
            ticked.discard(item.data(ID))
        self._changed()

    def _changed(self) -> None:
        self._show_title()
        self.changed.emit()

    def _show_title(self) -> None:
        translate = QCoreApplication.translate
        chosen = sum(map(len, self.chosen().values()))
        count = sum(parent.rowCount() for parent in self._parents.values())
        self.all_button.setEnabled(bool(chosen))
        if chosen:
            text = translate("Dbar", "Collections: {chosen} of {count}")
        elif count:
            text = translate("Dbar", "Collections: all {count}")
        else:
            text = translate("Dbar", "Collections")
        self.setTitle(text.format(chosen=chosen, count=count))


def _row(collection: Collection, ticked: bool) -> QStandardItem:
    item = QStandardItem(collection.title or collection.id)
    item.setEditable(False)
    item.setData(collection.id, ID)
    item.setCheckable(bool(collection.id))
    if collection.id:
        _tick(item, ticked)
    said = [collection.id, collection.description[:400], *map(in_words, collection.problems)]
    item.setToolTip("\n".join(filter(None, said)))
    return item


def _children(parent: QStandardItem) -> Iterable[QStandardItem]:
    return (parent.child(row) for row in range(parent.rowCount()))


def _tick(item: QStandardItem, ticked: bool) -> None:
    item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
