"""Items as cards or as a table, with what is told of the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import (
    QCoreApplication,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    pyqtSignal,
)
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QListView,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.local.store import MY_DATA
from dbar_qgis_plugin.catalog.model import Item
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.card_delegate import CardDelegate
from dbar_qgis_plugin.gui.catalog.items.mdl_items import (
    Column,
    Grouping,
    ItemsModel,
    column_titles,
)
from dbar_qgis_plugin.gui.catalog.items.row import Row
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_NEAR_END: Final = 0.8  # share of the list beyond which more is wanted
_SORTED: Final = (
    (Column.DATE, Qt.SortOrder.DescendingOrder),
    (Column.DATE, Qt.SortOrder.AscendingOrder),
    (Column.CLOUD, Qt.SortOrder.AscendingOrder),
    (Column.COVERAGE, Qt.SortOrder.DescendingOrder),
    (Column.RESOLUTION, Qt.SortOrder.AscendingOrder),
    (Column.TITLE, Qt.SortOrder.AscendingOrder),
)


class Look(Enum):
    """How items are shown."""

    CARDS = "cards"
    TABLE = "table"


class ItemsView(QWidget):
    """Items as cards or as a table; several can be selected.

    `more_wanted` comes while the end of the list is in sight.
    """

    selection_changed = pyqtSignal()
    activated = pyqtSignal(object)  # Item: double click, or the return key
    more_wanted = pyqtSignal()

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_items")
        self.session, self.desk = session, desk
        self._names: dict[str, str] = {}  # of connections, by their ids
        session.connections_changed.connect(self._names.clear)
        self.model = ItemsModel(self._connection_name, self)
        self._cards, self._table = self._make_cards(), self._make_table()
        self._stack = QStackedWidget()
        for view in (self._cards, self._table):
            self._stack.addWidget(view)
            self._prepare(view)
        self._table.setSelectionModel(self._cards.selectionModel())
        self._cards.selectionModel().selectionChanged.connect(
            lambda *_: self.selection_changed.emit()
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._make_bar())
        layout.addWidget(self._stack, 1)
        self.show_as(Look.CARDS)

    def set_items(self, items: Iterable[Item]) -> None:
        """Show these items, and no others; those that were selected before stay so."""
        selected = {item.key for item in self.selected_items()}
        self.clear()
        self.append(items)
        self.select([row for row in self.model.rows if row.item.key in selected])

    def append(self, items: Iterable[Item | Row]) -> None:
        """Show further items; rows are items with what a search knows of them."""
        self.model.append([one if isinstance(one, Row) else Row(one) for one in items])

    def clear(self) -> None:
        """Show nothing."""
        self.model.clear_rows()

    def items(self) -> list[Item]:
        """Return all items, in the order in which they are shown."""
        return [row.item for row in self.model.rows]

    def selected_rows(self) -> list[Row]:
        """Return the rows that are selected, in the order in which they are shown."""
        ranges = self._cards.selectionModel().selection()
        numbers = {n for part in ranges for n in range(part.top(), part.bottom() + 1)}
        return [self.model.rows[number] for number in sorted(numbers)]

    def selected_items(self) -> list[Item]:
        """Return the items that are selected, in the order in which they are shown."""
        return [row.item for row in self.selected_rows()]

    def current_row(self) -> Row | None:
        """Return the row that is looked at."""
        index = self._cards.selectionModel().currentIndex()
        return self.model.rows[index.row()] if index.isValid() else None

    def select(self, rows: Sequence[Row], *, add: bool = False) -> None:
        """Select rows, and bring the first one into sight."""
        flag = QItemSelectionModel.SelectionFlag
        if not add:
            self._cards.selectionModel().clearSelection()
        for row in rows:
            index = self.model.index(self.model.row_number(row), 0)
            if index.isValid():
                self._cards.selectionModel().setCurrentIndex(index, flag.Select | flag.Rows)

    def show_as(self, look: Look) -> None:
        """Turn to cards, or to the table."""
        self._stack.setCurrentIndex(list(Look).index(look))
        self._looks[look].setChecked(True)
        self._sort_box.setVisible(look is Look.CARDS)

    def _make_cards(self) -> QListView:
        view = QListView()
        view.setObjectName("dbar_items_cards")
        view.setUniformItemSizes(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setItemDelegate(CardDelegate(view))
        return view

    def _make_table(self) -> QTableView:
        view = QTableView()
        view.setObjectName("dbar_items_table")
        view.setWordWrap(False)
        view.setShowGrid(False)
        view.setAlternatingRowColors(True)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(view.fontMetrics().height() + 8)
        view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = view.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        view.setSortingEnabled(True)
        return view

    def _prepare(self, view: QAbstractItemView) -> None:
        """Set what cards and table have in common."""
        view.setModel(self.model)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setMouseTracking(True)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        view.activated.connect(self._activate)
        view.verticalScrollBar().valueChanged.connect(self._look_for_end)

    def _make_bar(self) -> QHBoxLayout:
        translate = QCoreApplication.translate
        bar = QHBoxLayout()
        self._looks: dict[Look, QToolButton] = {}
        group = QButtonGroup(self)
        for look, icon, text in (
            (Look.CARDS, "/mActionIconView.svg", translate("Dbar", "Cards")),
            (Look.TABLE, "/mActionOpenTable.svg", translate("Dbar", "Table")),
        ):
            button = QToolButton()
            button.setObjectName(f"dbar_items_as_{look.value}")
            button.setIcon(QgsApplication.getThemeIcon(icon))
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _checked=False, look=look: self.show_as(look))
            group.addButton(button)
            bar.addWidget(button)
            self._looks[look] = button
        self._sort_box = self._make_box("dbar_items_sort", translate("Dbar", "Order"))
        self._sort_box.addItem(translate("Dbar", "As found"), None)
        for choice in _SORTED:
            self._sort_box.addItem(_order_text(*choice), choice)
        self._sort_box.activated.connect(self._sort)
        self._group_box = self._make_box("dbar_items_group", translate("Dbar", "Groups"))
        for grouping, text in (
            (Grouping.NONE, translate("Dbar", "No groups")),
            (Grouping.DATE, translate("Dbar", "By date")),
            (Grouping.COLLECTION, translate("Dbar", "By collection")),
            (Grouping.CONNECTION, translate("Dbar", "By catalog")),
        ):
            self._group_box.addItem(text, grouping)
        self._group_box.activated.connect(self._group)
        bar.addWidget(self._sort_box, 1)
        bar.addWidget(self._group_box, 1)
        return bar

    @staticmethod
    def _make_box(name: str, text: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setToolTip(text)
        box.setAccessibleName(text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(6)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return box

    def _sort(self) -> None:
        choice = self._sort_box.currentData()
        column, order = choice or (-1, Qt.SortOrder.AscendingOrder)
        self._table.horizontalHeader().setSortIndicator(int(column), order)
        self.model.sort(int(column), order)

    def _group(self) -> None:
        grouping = self._group_box.currentData()
        # Only the cards that begin a group are higher than others.
        self._cards.setUniformItemSizes(grouping is Grouping.NONE)
        self.model.group_by(grouping)
        self._cards.scheduleDelayedItemsLayout()

    def _activate(self, index: QModelIndex) -> None:
        self.activated.emit(self.model.rows[index.row()].item)

    def _open_menu(self, place: QPoint) -> None:
        """Offer what can be done with the items that are selected."""

    def _look_for_end(self, value: int) -> None:
        bar = self._stack.currentWidget().verticalScrollBar()
        if value >= _NEAR_END * bar.maximum():
            self.more_wanted.emit()

    def _connection_name(self, connection_id: str) -> str:
        if connection_id == MY_DATA:
            return QCoreApplication.translate("Dbar", "My data")
        if connection_id not in self._names:
            found = self.session.connections.get(connection_id)
            self._names[connection_id] = found.name if found is not None else ""
        return self._names[connection_id]


def _order_text(column: Column, order: Qt.SortOrder) -> str:
    arrow = "↑" if order == Qt.SortOrder.AscendingOrder else "↓"
    return f"{column_titles()[column]} {arrow}"
