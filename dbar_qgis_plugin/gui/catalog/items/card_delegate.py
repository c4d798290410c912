"""Items as cards: a small picture, the name, and what people choose by."""

from __future__ import annotations

from typing import Final

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import (
    QCoreApplication,
    QModelIndex,
    QObject,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from qgis.PyQt.QtGui import (
    QFont,
    QFontMetrics,
    QPainter,
    QPalette,
    QPixmap,
    QTextLayout,
    QTextOption,
)
from qgis.PyQt.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from dbar_qgis_plugin.gui.catalog.items.mdl_items import (
    HEADING_ROLE,
    PICTURE_ROLE,
    ROW_ROLE,
    ItemsModel,
)
from dbar_qgis_plugin.gui.catalog.items.row import ItemState, Row, state_text

PICTURE_SIZE: Final = 72
_GAP: Final = 6
_TITLE_LINES: Final = 2
_CHIP_PADDING: Final = 5
_LEAST_SHOWN: Final = 8  # letters of a chip that is cut
_FAINT: Final = 0.65  # opacity of what is less important
_STATE_ICONS: Final = {
    ItemState.REMOTE: "/mIconCloud.svg",
    ItemState.STREAMING: "/mActionShowAllLayers.svg",
    ItemState.DOWNLOADING: "/mTaskRunning.svg",
    ItemState.LOCAL: "/mIconFolder.svg",
}


class CardDelegate(QStyledItemDelegate):
    """Paints the first column of `ItemsModel` as cards, with the palette and font of its view."""

    def __init__(self, model: ItemsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._sizes: tuple[QSize, QSize] | None = None  # of a card, and of one that begins a group
        self._icons: dict[str, QPixmap] = {}
        self.marked = -1  # number of the row whose outline is at the mouse

    def forget_looks(self) -> None:
        """Draw the icons anew, and measure the font: the theme or the font has changed."""
        self._icons.clear()
        self._sizes = None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        # Asked for every card before the first one is painted.
        if self._sizes is None:
            card = self._card_height(option.fontMetrics)
            width = PICTURE_SIZE + 3 * _GAP
            heading = self._heading_height(option.fontMetrics)
            self._sizes = QSize(width, card), QSize(width, card + heading)
        return self._sizes[index.row() in self._model.headings]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        painter.save()
        area = QRect(option.rect)
        heading = index.data(HEADING_ROLE)
        if heading is not None:
            height = self._heading_height(option.fontMetrics)
            _paint_heading(
                painter, option, QRect(area.topLeft(), QSize(area.width(), height)), heading
            )
            area.setTop(area.top() + height)
        self._paint_back(painter, option, area)
        if index.row() == self.marked:
            painter.setPen(option.palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(area.adjusted(0, 0, -1, -2))
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(option.palette.color(role))
        inner = area.adjusted(_GAP, _GAP, -_GAP, -_GAP)
        frame = QRect(inner.topLeft(), QSize(PICTURE_SIZE, PICTURE_SIZE))
        self._paint_picture(painter, frame, index.data(PICTURE_ROLE), option)
        self._paint_words(painter, option, inner.adjusted(PICTURE_SIZE + _GAP, 0, 0, 0), row)
        painter.restore()

    @staticmethod
    def _card_height(metrics: QFontMetrics) -> int:
        words = _TITLE_LINES * metrics.lineSpacing() + 2 * (metrics.height() + 2) + 4
        return max(PICTURE_SIZE, words) + 2 * _GAP

    @staticmethod
    def _heading_height(metrics: QFontMetrics) -> int:
        return metrics.height() + 2 * _GAP

    @staticmethod
    def _paint_back(painter: QPainter, option: QStyleOptionViewItem, area: QRect) -> None:
        """Paint what tells selection, focus and the mouse, as the style does."""
        back = QStyleOptionViewItem(option)
        back.rect = area
        style = option.widget.style()
        style.drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem, back, painter, option.widget
        )
        painter.setOpacity(0.2)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setOpacity(1.0)

    def _paint_picture(
        self, painter: QPainter, frame: QRect, picture: QPixmap | None, option: QStyleOptionViewItem
    ) -> None:
        if picture is None:
            painter.setOpacity(0.08)
            painter.fillRect(frame, painter.pen().color())
            painter.setOpacity(1.0)
            picture = self._icon("/mIconRaster.svg", 24, option)
        size = picture.size() / picture.devicePixelRatio()
        corner = QPoint(
            frame.x() + (frame.width() - size.width()) // 2,
            frame.y() + (frame.height() - size.height()) // 2,
        )
        painter.drawPixmap(corner, picture)

    def _paint_words(
        self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, row: Row
    ) -> None:
        metrics = option.fontMetrics
        bold = QFont(option.font)
        bold.setBold(True)
        height = _paint_lines(painter, bold, area, row.title)
        line = QRect(area.left(), area.top() + height + 2, area.width(), metrics.height() + 2)
        painter.setFont(option.font)
        _paint_chips(painter, metrics, line, _chips(row))
        line.moveTop(area.bottom() - line.height() + 1)
        self._paint_foot(painter, option, line, row)

    def _paint_foot(
        self, painter: QPainter, option: QStyleOptionViewItem, line: QRect, row: Row
    ) -> None:
        """Write where the files are, how much of the area is covered, and whether all is well."""
        side = option.fontMetrics.ascent()
        top = line.top() + (line.height() - side) // 2
        painter.drawPixmap(
            QPoint(line.left(), top), self._icon(_STATE_ICONS[row.state], side, option)
        )
        right = line.right()
        if row.item.problems:
            right -= side
            painter.drawPixmap(QPoint(right, top), self._icon("/mIconWarning.svg", side, option))
            right -= 4
        share = _covers(row)
        words = QRect(
            line.left() + side + 4, line.top(), right - line.left() - side - 4, line.height()
        )
        painter.setOpacity(_FAINT)
        text = " · ".join(filter(None, (state_text(row.state), share)))
        if share and option.fontMetrics.horizontalAdvance(text) > words.width():
            text = share  # the icon tells the state, too
        text = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setOpacity(1.0)

    def _icon(self, name: str, side: int, option: QStyleOptionViewItem) -> QPixmap:
        ratio = option.widget.devicePixelRatioF()
        key = f"{name} {side} {ratio}"
        if key not in self._icons:
            icon = QgsApplication.getThemeIcon(name)
            self._icons[key] = icon.pixmap(QSize(side, side))
        return self._icons[key]


def _covers(row: Row) -> str:
    """Say how much of the search's area an item covers."""
    if row.coverage is None:
        return ""
    text = QCoreApplication.translate("Dbar", "covers {share}")
    return text.format(share=row.coverage_text())


def _chips(row: Row) -> list[str]:
    """Return what people choose by, in short."""
    texts = (
        row.cloud_text(),
        row.resolution_text(),
        row.sensor,
        row.size_text(),
        row.licence,
    )
    return [text for text in texts if text]


def _paint_heading(painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str) -> None:
    painter.fillRect(area, option.palette.color(QPalette.ColorRole.Window))
    font = QFont(option.font)
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(option.palette.color(QPalette.ColorRole.WindowText))
    words = area.adjusted(_GAP, 0, -_GAP, 0)
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, words.width())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _paint_lines(painter: QPainter, font: QFont, area: QRect, text: str) -> int:
    """Write a text in at most two lines, and return their height."""
    metrics = QFontMetrics(font)
    layout = QTextLayout(text, font)
    options = QTextOption()
    options.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(options)
    layout.beginLayout()
    painter.setFont(font)
    height = 0
    for number in range(1, _TITLE_LINES + 1):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        begin, end = line.textStart(), line.textStart() + line.textLength()
        shown = text[begin:] if number == _TITLE_LINES else text[begin:end]
        place = QRect(area.left(), area.top() + height, area.width(), metrics.height())
        shown = metrics.elidedText(shown.strip(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        height += metrics.lineSpacing()
    layout.endLayout()
    return height


def _paint_chips(painter: QPainter, metrics: QFontMetrics, line: QRect, texts: list[str]) -> None:
    """Write short texts in rounded frames; those that have no room are left out."""
    left = line.left()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for text in texts:
        room = line.right() - left - 2 * _CHIP_PADDING
        if room < min(metrics.horizontalAdvance(text), _LEAST_SHOWN * metrics.averageCharWidth()):
            break
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        width = metrics.horizontalAdvance(shown) + 2 * _CHIP_PADDING
        chip = QRectF(left + 0.5, line.top() + 0.5, width, line.height() - 1.0)
        painter.setOpacity(0.4)
        painter.drawRoundedRect(chip, 4.0, 4.0)
        painter.setOpacity(1.0)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
        left += width + 4
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
