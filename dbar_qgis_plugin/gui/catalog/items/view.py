"""Items as cards or as a table, with what is told of the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from qgis.core import Qgis, QgsApplication, QgsProject
from qgis.PyQt.QtCore import (
    QCoreApplication,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    QTimer,
    pyqtSignal,
)
from qgis.PyQt.QtGui import QActionGroup, QHideEvent, QShowEvent
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QListView,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.local.store import MY_DATA
from dbar_qgis_plugin.catalog.model import Asset, Item
from dbar_qgis_plugin.gui.catalog.actions.item_actions import ItemActions
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.card_delegate import PICTURE_SIZE, CardDelegate
from dbar_qgis_plugin.gui.catalog.items.footprints import Footprints
from dbar_qgis_plugin.gui.catalog.items.mdl_items import (
    Column,
    Grouping,
    ItemsModel,
    column_titles,
)
from dbar_qgis_plugin.gui.catalog.items.on_map import MapPictures, footprint_layer
from dbar_qgis_plugin.gui.catalog.items.row import ItemState, Row
from dbar_qgis_plugin.gui.catalog.items.states import ItemStates, Key
from dbar_qgis_plugin.gui.catalog.items.thumbnails import Thumbnails
from dbar_qgis_plugin.gui.catalog.items.wdg_details import ItemDetails
from dbar_qgis_plugin.gui.catalog.items.wdg_selection import SelectionBar
from dbar_qgis_plugin.gui.catalog.jobs import Jobs, in_words
from dbar_qgis_plugin.gui.catalog.session import CatalogSession

_PAUSE_MS: Final = 120
_WIDE_COLUMN: Final = 32  # letters
_PICTURE_ON_MAP: Final = 1024  # pixels
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
    """Items as cards or as a table; several can be selected. Where they lie is shown on the map.

    `more_wanted` comes while the end of the list is in sight.
    """

    selection_changed = pyqtSignal()
    activated = pyqtSignal(object)  # Item: double click, or the return key
    more_wanted = pyqtSignal()
    menu_made = pyqtSignal(object, object)  # QMenu, and its items: for what a page adds

    def __init__(self, session: CatalogSession, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_items")
        self.session, self.desk = session, desk
        self.actions = ItemActions(session, desk, self)
        self._names: dict[str, str] = {}  # of connections, by their ids
        session.connections_changed.connect(self._names.clear)
        self.model = ItemsModel(self._connection_name, self)
        self.footprints = Footprints(desk.canvas, self.palette(), self)
        self.states = ItemStates(session, self)
        self.actions.is_here = lambda item: self.states.of(item) is ItemState.LOCAL
        self.details = ItemDetails(session.library)
        self._pictures = MapPictures(desk, self)
        self._jobs = Jobs(self)
        self._cards, self._table = self._make_cards(), self._make_table()
        self._stack = QStackedWidget()
        for view in (self._cards, self._table):
            self._stack.addWidget(view)
            self._prepare(view)
        self._table.setSelectionModel(self._cards.selectionModel())
        letter = self._table.fontMetrics().averageCharWidth()
        for column in (Column.TITLE, Column.DATE):
            self._table.setColumnWidth(column, _WIDE_COLUMN * letter)
        self.thumbnails = Thumbnails(session.library, PICTURE_SIZE, self.devicePixelRatioF(), self)
        self.model.pictures = self.thumbnails.pictures
        self._pause = QTimer(self)  # until scrolling has come to rest
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setObjectName("dbar_items_split")
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self._stack)
        self._split.addWidget(self.details)
        self._split.setStretchFactor(0, 1)
        self._selection_bar = SelectionBar(desk, self._make_menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._make_bar())
        layout.addWidget(self._split, 1)
        layout.addWidget(self._selection_bar)
        self._connect()
        self.show_as(Look.CARDS)
        self.show_details(False)

    def set_items(self, items: Iterable[Item]) -> None:
        """Show these items, and no others; those that were selected before stay so."""
        selected = {item.key for item in self.selected_items()}
        self.clear()
        self.append(items)
        if selected:
            self.select([row for row in self.model.rows if row.item.key in selected])

    def append(self, items: Iterable[Item | Row]) -> None:
        """Show further items; rows are items with what a search knows of them."""
        rows = [one if isinstance(one, Row) else Row(one) for one in items]
        for row in rows:
            row.state = self.states.of(row.item)
        self.model.append(rows)
        self.footprints.append(rows)
        self.states.look_up([row.item for row in rows])
        self._pause.start()

    def clear(self) -> None:
        """Show nothing."""
        self.model.clear_rows()
        self.footprints.clear()
        self.thumbnails.look_again()
        self.details.show_row(None)

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
        numbers = sorted(self.model.row_numbers(rows))
        chosen = QItemSelection()
        for number in numbers:
            index = self.model.index(number, 0)
            chosen.select(index, index)
        models = self._cards.selectionModel()
        if numbers:
            first = self.model.index(numbers[0], 0)
            models.setCurrentIndex(first, flag.NoUpdate)
            self._stack.currentWidget().scrollTo(first)
        models.select(chosen, (flag.Select if add else flag.ClearAndSelect) | flag.Rows)

    def show_as(self, look: Look) -> None:
        """Turn to cards, or to the table."""
        self._stack.setCurrentIndex(list(Look).index(look))
        self._looks[look].setChecked(True)
        self._sort_box.setVisible(look is Look.CARDS)
        self._pause.start()

    def group_by(self, grouping: Grouping) -> None:
        """Put the items into groups."""
        # Only the cards that begin a group are higher than others.
        self._cards.setUniformItemSizes(grouping is Grouping.NONE)
        self.model.group_by(grouping)
        self._cards.scheduleDelayedItemsLayout()

    def show_details(self, is_shown: bool) -> None:
        """Show or hide all that is known of the item that is looked at."""
        self.details.setVisible(is_shown)
        self._details_button.setChecked(is_shown)
        if is_shown:
            self.details.show_row(self.current_row())

    def close_page(self) -> None:
        """Take what it has put on the map, and stop all that runs."""
        self._jobs.close()
        self.details.close_page()
        self.states.close()
        self.thumbnails.close()
        self._pictures.clear()
        self.footprints.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.footprints.show(True)
        self._pause.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.footprints.show(False)
        self.thumbnails.want([])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._cards.itemDelegate().forget_looks()
            self._cards.scheduleDelayedItemsLayout()

    def _connect(self) -> None:
        """Let the parts know of each other."""
        models = self._cards.selectionModel()
        models.selectionChanged.connect(self._selection_has_changed)
        models.currentChanged.connect(self._current_has_changed)
        self._pause.timeout.connect(self._come_to_rest)
        self.thumbnails.came.connect(lambda _href: self._cards.viewport().update())
        self.footprints.hovered.connect(self._mark_card)
        self.footprints.picked.connect(self._pick)
        self.states.changed.connect(self._change_states)
        self.session.data_changed.connect(self._look_up_again)
        self.details.asset_menu_wanted.connect(self._open_asset_menu)
        self.details.picture_wanted.connect(self._show_picture)
        tool = self.footprints.tool
        tool.activated.connect(lambda: self._pick_button.setChecked(True))
        tool.deactivated.connect(lambda: self._pick_button.setChecked(False))

    def _make_cards(self) -> QListView:
        view = QListView()
        view.setObjectName("dbar_items_cards")
        view.setUniformItemSizes(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setItemDelegate(CardDelegate(self.model, view))
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
        view.entered.connect(lambda index: self.footprints.mark(self.model.rows[index.row()]))
        view.viewportEntered.connect(lambda: self.footprints.mark(None))
        view.viewport().installEventFilter(self)
        view.verticalScrollBar().valueChanged.connect(lambda _value: self._pause.start())

    def _make_bar(self) -> QHBoxLayout:
        translate = QCoreApplication.translate
        bar = QHBoxLayout()
        bar.setSpacing(2)
        self._looks: dict[Look, QToolButton] = {}
        group = QButtonGroup(self)
        for look, icon, text in (
            (Look.CARDS, "/mActionIconView.svg", translate("Dbar", "Cards")),
            (Look.TABLE, "/mActionOpenTable.svg", translate("Dbar", "Table")),
        ):
            button = self._make_button(f"dbar_items_as_{look.value}", icon, text)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, look=look: self.show_as(look))
            group.addButton(button)
            bar.addWidget(button)
            self._looks[look] = button
        self._sort_box = self._make_box("dbar_items_sort", translate("Dbar", "Order"))
        self._sort_box.addItem(translate("Dbar", "As found"), None)
        for choice in _SORTED:
            self._sort_box.addItem(_order_text(*choice), choice)
        self._sort_box.activated.connect(self._sort)
        bar.addWidget(self._sort_box, 1)
        bar.addStretch()  # in place of the box, which the table does not need
        bar.addWidget(self._make_group_button())
        self._pick_button = self._make_button(
            "dbar_items_pick", "/mActionSelectRectangle.svg", translate("Dbar", "Select on the map")
        )
        self._pick_button.setCheckable(True)
        self._pick_button.clicked.connect(self._use_tool)
        keep = self._make_button(
            "dbar_items_keep",
            "/mActionNewVectorLayer.svg",
            translate(
                "Dbar", "Keep the outlines as a layer, with dates for the temporal controller"
            ),
        )
        keep.clicked.connect(self.keep_footprints)
        self._details_button = self._make_button(
            "dbar_items_details", "/propertyicons/metadata.svg", translate("Dbar", "Details")
        )
        self._details_button.setCheckable(True)
        self._details_button.clicked.connect(self.show_details)
        for button in (self._pick_button, keep, self._details_button):
            bar.addWidget(button)
        return bar

    def _make_group_button(self) -> QToolButton:
        translate = QCoreApplication.translate
        button = self._make_button(
            "dbar_items_group", "/mActionAddGroup.svg", translate("Dbar", "Groups")
        )
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu, choices = QMenu(button), QActionGroup(button)
        for grouping, text in (
            (Grouping.NONE, translate("Dbar", "No groups")),
            (Grouping.DATE, translate("Dbar", "By date")),
            (Grouping.COLLECTION, translate("Dbar", "By collection")),
            (Grouping.CONNECTION, translate("Dbar", "By catalog")),
        ):
            action = choices.addAction(text)
            action.setObjectName(f"dbar_items_group_{grouping.value}")
            action.setCheckable(True)
            action.setChecked(grouping is Grouping.NONE)
            action.triggered.connect(lambda _checked=False, chosen=grouping: self.group_by(chosen))
        menu.addActions(choices.actions())
        button.setMenu(menu)
        return button

    @staticmethod
    def _make_button(name: str, icon: str, text: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName(name)
        button.setIcon(QgsApplication.getThemeIcon(icon))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setAutoRaise(True)
        return button

    @staticmethod
    def _make_box(name: str, text: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setToolTip(text)
        box.setAccessibleName(text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(3)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return box

    def _sort(self) -> None:
        choice = self._sort_box.currentData()
        column, order = choice or (-1, Qt.SortOrder.AscendingOrder)
        self._table.horizontalHeader().setSortIndicator(int(column), order)
        self.model.sort(int(column), order)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.footprints.mark(None)
        return super().eventFilter(watched, event)

    def keep_footprints(self) -> None:
        """Make a layer of the outlines; it is the user's from then on."""
        rows = list(self.model.rows)
        self._jobs.start(
            "footprints",
            QCoreApplication.translate("Dbar", "Making a layer of outlines"),
            lambda control: footprint_layer(rows, self._connection_name, control.is_cancelled),
            lambda layer: QgsProject.instance().addMapLayer(layer),
            lambda error: self.desk.tell(in_words(error), Qgis.MessageLevel.Warning),
        )

    def _use_tool(self, is_wanted: bool) -> None:
        if is_wanted:
            self.desk.canvas.setMapTool(self.footprints.tool)
        else:
            self.footprints.let_go()

    def _selection_has_changed(self) -> None:
        rows = self.selected_rows()
        self.footprints.select(rows)
        self._selection_bar.show_rows(rows)
        self.selection_changed.emit()

    def _current_has_changed(self) -> None:
        if self.details.isVisible():
            self.details.show_row(self.current_row())

    def _mark_card(self, row: Row | None) -> None:
        """Mark the card of the outline at the mouse, if it is in sight."""
        number = self.model.row_number(row) if row is not None else -1
        self._cards.itemDelegate().marked = number
        self._cards.viewport().update()

    def _pick(self, row: Row | None, adds: bool) -> None:
        if row is not None:
            self.select([row], add=adds)
        elif not adds:
            self._cards.selectionModel().clearSelection()

    def _activate(self, index: QModelIndex) -> None:
        self.activated.emit(self.model.rows[index.row()].item)

    def _open_menu(self, place: QPoint) -> None:
        """Offer what can be done with the items that are selected."""
        if self.selected_rows():
            menu = self._make_menu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._stack.currentWidget().viewport().mapToGlobal(place))

    def _make_menu(self, parent: QWidget) -> QMenu:
        items = self.selected_items()
        menu = self.actions.menu(items, parent)
        self.menu_made.emit(menu, items)
        return menu

    def _open_asset_menu(self, item: Item, asset: Asset, place: QPoint) -> None:
        menu = self.actions.asset_menu(item, asset, self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _show_picture(self, row: Row, is_wanted: bool) -> None:
        """Put the picture of a row on the map, or take it away."""
        self._jobs.cancel("picture")
        self._pictures.clear()
        if not is_wanted:
            return
        self._jobs.start(
            "picture",
            QCoreApplication.translate("Dbar", "Fetching a preview"),
            lambda control: self.thumbnails.image(row, _PICTURE_ON_MAP, control.is_cancelled),
            lambda image: self._pictures.show(row.item, image),
            lambda error: self.desk.tell(in_words(error), Qgis.MessageLevel.Warning),
        )

    def _come_to_rest(self) -> None:
        """Fetch the pictures of the cards in sight, and more items if their end is."""
        if not self.isVisible():
            return
        self.thumbnails.want(self._rows_in_sight() if self._cards.isVisible() else [])
        bar = self._stack.currentWidget().verticalScrollBar()
        if self.model.rows and bar.value() >= _NEAR_END * bar.maximum():
            self.more_wanted.emit()

    def _rows_in_sight(self) -> list[Row]:
        area = self._cards.viewport().rect()
        first = self._cards.indexAt(area.topLeft() + QPoint(1, 1)).row()
        last = self._cards.indexAt(area.bottomLeft() + QPoint(1, -1)).row()
        if first < 0:
            return []
        return self.model.rows[first : (last + 1 if last >= 0 else None)]

    def _change_states(self, keys: set[Key]) -> None:
        changed = [row for row in self.model.rows if row.item.key in keys]
        for row in changed:
            row.state = self.states.of(row.item)
        self.model.changed(changed)

    def _look_up_again(self) -> None:
        """Something came into My data, or left it."""
        self.states.look_up(self.items())

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
