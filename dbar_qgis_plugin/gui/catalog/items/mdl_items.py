"""The items of a view as Qt's model: for cards and for the table, sorted and in groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum, IntEnum
from operator import attrgetter
from typing import Any, Final

from qgis.PyQt.QtCore import QCoreApplication, QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QStandardItemModel

from dbar_qgis_plugin.catalog.model import day_of
from dbar_qgis_plugin.gui.catalog.items.row import Row, state_text

ROW_ROLE: Final = Qt.ItemDataRole.UserRole  # the Row
HEADING_ROLE: Final = Qt.ItemDataRole.UserRole + 1  # name of the group that begins here, else None
PICTURE_ROLE: Final = Qt.ItemDataRole.UserRole + 2  # its small picture, None as long as none came


class Column(IntEnum):
    """The columns of the table; cards show the first."""

    TITLE = 0
    DATE = 1
    COLLECTION = 2
    CONNECTION = 3
    CLOUD = 4
    RESOLUTION = 5
    SENSOR = 6
    SIZE = 7
    LICENCE = 8
    COVERAGE = 9
    STATE = 10


class Grouping(Enum):
    """What items are grouped by."""

    NONE = "none"
    DATE = "date"
    COLLECTION = "collection"
    CONNECTION = "connection"


# What a column is sorted by; an empty value comes last, either way.
_SORTED_BY: Final[dict[Column, Callable[[Row], Any]]] = {
    Column.TITLE: lambda row: row.title.casefold(),
    Column.DATE: lambda row: row.item.begin or row.item.end,
    Column.COLLECTION: lambda row: row.item.collection.casefold() or None,
    Column.CLOUD: attrgetter("cloud"),
    Column.RESOLUTION: attrgetter("resolution"),
    Column.SENSOR: lambda row: row.sensor.casefold() or None,
    Column.SIZE: attrgetter("size"),
    Column.LICENCE: lambda row: row.licence.casefold() or None,
    Column.COVERAGE: attrgetter("coverage"),
    Column.STATE: attrgetter("state.value"),
}
_NUMBERS: Final = (Column.CLOUD, Column.RESOLUTION, Column.SIZE, Column.COVERAGE)


class ItemsModel(QStandardItemModel):
    """Rows of items; the base, in C++, only counts them: a view asks for all indexes at once.

    Parameters
    ----------
    connection_name : callable
        Names a connection, by its id.
    """

    def __init__(
        self, connection_name: Callable[[str], str], parent: QObject | None = None
    ) -> None:
        super().__init__(0, len(Column), parent)
        self._connection_name = connection_name
        self.rows: list[Row] = []
        self._came: list[Row] = []  # in the order in which they came
        self.pictures: Mapping[str, Any] = {}  # by address; the thumbnails fill it
        self.grouping = Grouping.NONE
        self._sorting: tuple[Column, Qt.SortOrder] | None = None
        self.headings: dict[int, str] = {}  # of groups, by the row that each begins with

    def clear_rows(self) -> None:
        """Take all rows out."""
        self.rows, self._came, self.headings = [], [], {}
        self.setRowCount(0)

    def append(self, rows: Sequence[Row]) -> None:
        """Add rows, where sorting and grouping want them."""
        if not rows:
            return
        self.rows += rows
        self._came += rows
        self.setRowCount(len(self.rows))
        if self._sorting is not None or self.grouping is not Grouping.NONE:
            self._arrange()

    def group_by(self, grouping: Grouping) -> None:
        """Put the items into groups; within one they keep their order."""
        self.grouping = grouping
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 = as the items came."""
        self._sorting = None if column < 0 else (Column(column), order)
        self._arrange()

    def row_number(self, row: Row) -> int:
        """Return where a row stands, -1 if it has gone."""
        return next((number for number, other in enumerate(self.rows) if other is row), -1)

    def row_numbers(self, rows: Iterable[Row]) -> list[int]:
        """Return where rows stand; those that have gone are left out."""
        wanted = {id(row) for row in rows}
        return [number for number, row in enumerate(self.rows) if id(row) in wanted]

    def changed(self, rows: Iterable[Row]) -> None:
        """Tell that what is shown of some rows is another."""
        for number in self.row_numbers(rows):
            self.dataChanged.emit(self.index(number, 0), self.index(number, len(Column) - 1))

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, Column(index.column()))
        if role == ROW_ROLE:
            return row
        if role == HEADING_ROLE:
            return self.headings.get(index.row())
        if role == PICTURE_ROLE:
            return self.pictures.get(row.picture)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (row.title, row.item.id, row.problems)))
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == Column.TITLE:
            texts = (row.title, row.date, row.cloud_text(), state_text(row.state), row.problems)
            return ", ".join(filter(None, texts))
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return column_titles()[Column(section)]
        return super().headerData(section, orientation, role)

    def _text(self, row: Row, column: Column) -> str:
        match column:
            case Column.TITLE:
                return row.title
            case Column.DATE:
                return row.date
            case Column.COLLECTION:
                return row.item.collection
            case Column.CONNECTION:
                return self._connection_name(row.item.source)
            case Column.CLOUD:
                return row.cloud_text()
            case Column.RESOLUTION:
                return row.resolution_text()
            case Column.SENSOR:
                return row.sensor
            case Column.SIZE:
                return row.size_text()
            case Column.LICENCE:
                return row.licence
            case Column.COVERAGE:
                return row.coverage_text()
            case Column.STATE:
                return state_text(row.state)

    def _arrange(self) -> None:
        """Put the rows into order; what is selected stays selected."""
        self.layoutAboutToBeChanged.emit()
        kept = self.persistentIndexList()
        moved = [self.rows[index.row()] for index in kept]
        self.rows = self._in_groups(self._sorted(list(self._came)))
        if kept:
            places = {id(row): number for number, row in enumerate(self.rows)}
            self.changePersistentIndexList(
                kept,
                [
                    self.index(places[id(row)], index.column())
                    for row, index in zip(moved, kept, strict=True)
                ],
            )
        self.layoutChanged.emit()

    def _sorted(self, rows: list[Row]) -> list[Row]:
        if self._sorting is None:
            return rows
        column, order = self._sorting
        value = _SORTED_BY.get(column) or (lambda row: self._text(row, column).casefold())
        pairs = [(value(row), row) for row in rows]
        told = [pair for pair in pairs if pair[0] is not None]
        rest = [row for found, row in pairs if found is None]
        falls = order == Qt.SortOrder.DescendingOrder
        told.sort(key=lambda pair: pair[0], reverse=falls)
        return [row for _, row in told] + rest

    def _in_groups(self, rows: list[Row]) -> list[Row]:
        self.headings = {}
        if self.grouping is Grouping.NONE:
            return rows
        groups: dict[Any, list[Row]] = {}
        for row in rows:
            groups.setdefault(self._group(row), []).append(row)
        if self.grouping is Grouping.DATE:
            newest_first = sorted(groups, key=lambda day: day or date.min, reverse=True)
            groups = {day: groups[day] for day in newest_first}
        arranged: list[Row] = []
        for group, members in groups.items():
            self.headings[len(arranged)] = self._heading(group, members)
            arranged += members
        return arranged

    def _group(self, row: Row) -> Any:
        match self.grouping:
            case Grouping.DATE:
                return day_of(row.item)
            case Grouping.COLLECTION:
                return row.item.collection
            case _:
                return row.item.source

    def _heading(self, group: Any, members: Sequence[Row]) -> str:
        translate = QCoreApplication.translate
        match self.grouping:
            case Grouping.DATE:
                name = members[0].date.partition(" – ")[0] if group is not None else ""
                name = name or translate("Dbar", "Without a date")
            case Grouping.COLLECTION:
                name = group or translate("Dbar", "Without a collection")
            case _:
                name = self._connection_name(group)
        return translate("Dbar", "{name} ({count})").format(name=name, count=len(members))


def column_titles() -> dict[Column, str]:
    """Name the columns for people."""
    translate = QCoreApplication.translate
    return {
        Column.TITLE: translate("Dbar", "Title"),
        Column.DATE: translate("Dbar", "Date"),
        Column.COLLECTION: translate("Dbar", "Collection"),
        Column.CONNECTION: translate("Dbar", "Catalog"),
        Column.CLOUD: translate("Dbar", "Cloud"),
        Column.RESOLUTION: translate("Dbar", "Resolution"),
        Column.SENSOR: translate("Dbar", "Sensor"),
        Column.SIZE: translate("Dbar", "Size"),
        Column.LICENCE: translate("Dbar", "Licence"),
        Column.COVERAGE: translate("Dbar", "Covers"),
        Column.STATE: translate("Dbar", "State"),
    }
