"""The transfers as rows, and how a row is painted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QRect,
    QSize,
    Qt,
)
from qgis.PyQt.QtGui import QFontMetrics, QIcon, QPainter, QPalette
from qgis.PyQt.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionProgressBar,
    QStyleOptionViewItem,
    QWidget,
)

from dbar_qgis_plugin.catalog.facts import title_of
from dbar_qgis_plugin.catalog.model import parse_item
from dbar_qgis_plugin.catalog.transfers.download import Speed
from dbar_qgis_plugin.catalog.transfers.queue import State, Transfer
from dbar_qgis_plugin.gui.catalog.jobs import in_words, size_in_words

ROW: Final = Qt.ItemDataRole.UserRole + 1  # the whole `Row`
ACTIVE: Final = (State.WAITING, State.RUNNING)

_ICONS: Final = {
    State.WAITING: "/mTaskQueued.svg",
    State.RUNNING: "/mTaskRunning.svg",
    State.PAUSED: "/mTaskOnHold.svg",
    State.DONE: "/mTaskComplete.svg",
    State.FAILED: "/mIconWarning.svg",
    State.CANCELLED: "/mTaskCancel.svg",
}
_ICON: Final = 16
_BAR: Final = 8
_MARGIN: Final = 6


@dataclass(frozen=True)
class Row:
    """What is shown of a transfer.

    size : bytes, None where nobody tells
    bytes_per_s : 0 where it does not run
    """

    transfer: Transfer
    size: int | None
    bytes_per_s: float = 0.0

    @property
    def number(self) -> int:
        """Id of the transfer."""
        return self.transfer.id

    @property
    def state(self) -> State:
        """What becomes of it."""
        return self.transfer.state

    @property
    def path(self) -> Path:
        """Where the file goes."""
        return self.transfer.path

    @property
    def done(self) -> int:
        """Bytes that have come."""
        return self.transfer.done

    @cached_property
    def item(self) -> str:
        """Title of the item that the file belongs to."""
        return title_of(parse_item(self.transfer.item))

    @property
    def share(self) -> float | None:
        """Share that is there, 0 to 1; None where the size is not known."""
        if self.state is State.DONE:
            return 1.0
        return None if not self.size else min(self.done / self.size, 1.0)

    @property
    def seconds_left(self) -> float | None:
        """Time that the rest takes at the present speed; None where it cannot be told."""
        if self.state is not State.RUNNING or not self.size or not self.bytes_per_s:
            return None
        return max(self.size - self.done, 0) / self.bytes_per_s

    def after(self, transfer: Transfer, speed: Speed | None) -> Row:
        """Return the row after news of its transfer."""
        if transfer.state is State.DONE:
            return Row(transfer, transfer.done)
        if speed is None:
            return Row(transfer, self.size)
        return Row(transfer, self.size if speed.total is None else speed.total, speed.bytes_per_s)


class Total(NamedTuple):
    """What some transfers come to, together.

    share : 0 to 1, by bytes where all sizes are known, else by files
    size : bytes, None where not all are known
    """

    files: int
    ended: int
    share: float
    done: int
    size: int | None
    bytes_per_s: float

    @property
    def seconds_left(self) -> float | None:
        """Time that the rest takes; None where it cannot be told."""
        if self.size is None or not self.bytes_per_s:
            return None
        return max(self.size - self.done, 0) / self.bytes_per_s


def row_of(transfer: Transfer) -> Row:
    """Return what is shown of a transfer."""
    return Row(transfer, transfer.done if transfer.state is State.DONE else transfer.size)


def total_of(rows: Iterable[Row]) -> Total:
    """Add rows up."""
    rows = list(rows)
    sizes = [row.size for row in rows if row.size is not None]
    done = sum(row.done for row in rows)
    size = sum(sizes) if len(sizes) == len(rows) else None
    by_files = sum(row.share or 0.0 for row in rows) / max(len(rows), 1)
    return Total(
        files=len(rows),
        ended=sum(row.state not in (*ACTIVE, State.PAUSED) for row in rows),
        share=min(done / size if size else by_files, 1.0),
        done=done,
        size=size,
        bytes_per_s=sum(row.bytes_per_s for row in rows),
    )


class TransferModel(QAbstractListModel):
    """The transfers in their order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.is_offline = False
        self._places: dict[int, int] = {}

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.path.name
        if role == Qt.ItemDataRole.DecorationRole:
            return icon_of(row.state)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (str(row.path), row.item, self.details(row))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.path.name}, {self.state(row)}, {self.details(row)}"
        return None

    def state(self, row: Row) -> str:
        """Name the state of a row."""
        if row.state is State.WAITING and self.is_offline:
            return QCoreApplication.translate("Dbar", "Waiting for the network")
        return state_in_words(row.state)

    def details(self, row: Row) -> str:
        """Say how far a row is, or why it is not."""
        if row.transfer.reason is not None:
            return in_words(row.transfer.reason)
        return progress_in_words(row.done, row.size, row.bytes_per_s, row.seconds_left)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, or the same ones in another order."""
        known = self.rows
        rows = [self._live(row) for row in rows]
        if known and [row.number for row in rows[: len(known)]] == [row.number for row in known]:
            self._append(rows)
            return
        self.beginResetModel()
        self._take(rows)
        self.endResetModel()

    def _append(self, rows: list[Row]) -> None:
        count = len(self.rows)
        if len(rows) > count:
            self.beginInsertRows(QModelIndex(), count, len(rows) - 1)
            self._take(rows)
            self.endInsertRows()
        else:
            self._take(rows)
        if count:
            self.dataChanged.emit(self.index(0), self.index(count - 1))

    def _take(self, rows: list[Row]) -> None:
        self.rows = rows
        self._places = {row.number: place for place, row in enumerate(rows)}

    def _live(self, row: Row) -> Row:
        """Return a row with what is known of it while it runs; the list is not told of that."""
        place = self._places.get(row.number)
        known = None if place is None else self.rows[place]
        if known is None or not known.state is row.state is State.RUNNING:
            return row
        return known

    def change(self, news: Mapping[int, tuple[Transfer, Speed | None]]) -> bool:
        """Show news of transfers; tell whether some of them are not there yet."""
        places = []
        for number, (transfer, speed) in news.items():
            place = self._places.get(number)
            if place is not None:
                self.rows[place] = self.rows[place].after(transfer, speed)
                places.append(place)
        if places:
            self.dataChanged.emit(self.index(min(places)), self.index(max(places)))
        return len(places) < len(news)

    def set_offline(self, is_offline: bool) -> None:
        """Say of those that wait that they wait for the network, or do so no longer."""
        if is_offline != self.is_offline:
            self.is_offline = is_offline
            if self.rows:
                self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))


class TransferDelegate(QStyledItemDelegate):
    """Paints a transfer: name and state, its item, a bar, and how far it is or what is wrong."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(240, 4 * _line_height(option.fontMetrics) + 2 * _MARGIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row: Row = index.data(ROW)
        model = index.model()
        widget, style = option.widget, _style_of(option.widget)
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text
        painter.save()
        painter.setPen(option.palette.color(_group_of(option), role))
        painter.setOpacity(0.2)
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.setOpacity(1.0)
        area = option.rect.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        line = _line_height(option.fontMetrics)
        icon_of(row.state).paint(painter, QRect(area.left(), area.top(), _ICON, line))
        area.setLeft(area.left() + _ICON + _MARGIN)
        self._paint_head(painter, option, area, row, model.state(row))
        area.setTop(area.top() + line)
        painter.setOpacity(0.75)
        _write(painter, area, option.fontMetrics, row.item)
        painter.setOpacity(1.0)
        area.setTop(area.top() + line)
        if row.state in (State.RUNNING, State.WAITING, State.PAUSED):
            bar = QRect(area.left(), area.top() + _MARGIN // 2, area.width(), _BAR)
            _paint_bar(painter, option, bar, row.share)
            area.setTop(bar.bottom() + _MARGIN // 2)
            _write(painter, area, option.fontMetrics, model.details(row))
        else:
            text = option.fontMetrics.elidedText(
                model.details(row), Qt.TextElideMode.ElideRight, int(1.8 * area.width())
            )
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(area, int(flags), text)
        painter.restore()

    def _paint_head(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, row: Row, state: str
    ) -> None:
        width = option.fontMetrics.horizontalAdvance(state)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop), state)
        font = painter.font()
        font.setBold(True)
        painter.save()
        painter.setFont(font)
        name = area.adjusted(0, 0, -width - _MARGIN, 0)
        _write(painter, name, QFontMetrics(font), row.path.name, Qt.TextElideMode.ElideMiddle)
        painter.restore()


def icon_of(state: State) -> QIcon:
    """Return the sign of a state."""
    return QgsApplication.getThemeIcon(_ICONS[state])


def state_in_words(state: State) -> str:
    """Name a state."""
    translate = QCoreApplication.translate
    return {
        State.WAITING: translate("Dbar", "Waiting"),
        State.RUNNING: translate("Dbar", "Fetching"),
        State.PAUSED: translate("Dbar", "Paused"),
        State.DONE: translate("Dbar", "Done"),
        State.FAILED: translate("Dbar", "Failed"),
        State.CANCELLED: translate("Dbar", "Cancelled"),
    }[state]


def progress_in_words(
    done: int, size: int | None, bytes_per_s: float, seconds_left: float | None
) -> str:
    """Say how far something is, how fast it comes, and how long it takes yet."""
    translate = QCoreApplication.translate
    if size is None:
        parts = [size_in_words(done)] if done else []
    elif not 0 < done < size:
        parts = [size_in_words(size)]
    else:
        text = translate("Dbar", "{done} of {size}")
        parts = [text.format(done=size_in_words(done), size=size_in_words(size))]
    if bytes_per_s:
        parts.append(translate("Dbar", "{size}/s").format(size=size_in_words(bytes_per_s)))
    if seconds_left is not None:
        parts.append(_time_in_words(seconds_left))
    return " · ".join(parts)


def _time_in_words(seconds: float) -> str:
    translate = QCoreApplication.translate
    if seconds < 90:
        return translate("Dbar", "{count} s left").format(count=max(round(seconds), 1))
    if seconds < 90 * 60:
        return translate("Dbar", "{count} min left").format(count=round(seconds / 60))
    return translate("Dbar", "{count} h left").format(count=round(seconds / 3600))


def _line_height(metrics: QFontMetrics) -> int:
    """Return the height of a line in the user's language, whose letters may be of another font."""
    return metrics.size(0, state_in_words(State.FAILED)).height()


def _style_of(widget: QWidget | None) -> QStyle:
    return QApplication.style() if widget is None else widget.style()


def _group_of(option: QStyleOptionViewItem) -> QPalette.ColorGroup:
    if not option.state & QStyle.StateFlag.State_Enabled:
        return QPalette.ColorGroup.Disabled
    if option.state & QStyle.StateFlag.State_Active:
        return QPalette.ColorGroup.Active
    return QPalette.ColorGroup.Inactive


def _write(
    painter: QPainter,
    area: QRect,
    metrics: QFontMetrics,
    text: str,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop
    painter.drawText(area, int(flags), metrics.elidedText(text, elide, area.width()))


def _paint_bar(
    painter: QPainter, option: QStyleOptionViewItem, area: QRect, share: float | None
) -> None:
    bar = QStyleOptionProgressBar()
    bar.rect = area
    bar.state = option.state | QStyle.StateFlag.State_Horizontal
    bar.palette = option.palette
    bar.minimum, bar.maximum = 0, 1000
    bar.progress = round(1000 * (share or 0.0))
    bar.textVisible = False
    style = _style_of(option.widget)
    style.drawControl(QStyle.ControlElement.CE_ProgressBar, bar, painter, option.widget)
