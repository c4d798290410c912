"""What is put on the map for items besides their data: a layer of outlines, and small pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsMemoryProviderUtils,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas, QgsMapCanvasItem
from qgis.PyQt.QtCore import QCoreApplication, QDateTime, QMetaType, QObject, QRectF, Qt
from qgis.PyQt.QtGui import QImage, QPainter, QPolygonF, QTransform
from qgis.PyQt.QtWidgets import QStyleOptionGraphicsItem, QWidget

from dbar_qgis_plugin.catalog.model import Box, Item
from dbar_qgis_plugin.catalog.query import Query
from dbar_qgis_plugin.catalog.redaction import scrubbed
from dbar_qgis_plugin.gui.catalog.desk import Desk
from dbar_qgis_plugin.gui.catalog.items.coverage import geometry_of
from dbar_qgis_plugin.gui.catalog.items.footprints import WGS84
from dbar_qgis_plugin.gui.catalog.items.row import Row

_FIELDS: Final = {
    "id": QMetaType.Type.QString,
    "title": QMetaType.Type.QString,
    "collection": QMetaType.Type.QString,
    "catalog": QMetaType.Type.QString,
    "start": QMetaType.Type.QDateTime,
    "end": QMetaType.Type.QDateTime,
    "cloud": QMetaType.Type.Double,
    "coverage": QMetaType.Type.Double,
    "page": QMetaType.Type.QString,
}


def footprint_layer(
    rows: Iterable[Row], connection_name: Callable[[str], str], is_cancelled: Callable[[], bool]
) -> QgsVectorLayer:
    """Make a layer in memory with the outlines of rows, for the temporal controller; in a thread.

    It belongs to the thread of the window afterwards.
    """
    fields = QgsFields()
    for name, kind in _FIELDS.items():
        fields.append(QgsField(name, kind))
    layer = QgsMemoryProviderUtils.createMemoryLayer(
        QCoreApplication.translate("Dbar", "Footprints"),
        fields,
        Qgis.WkbType.MultiPolygon,
        QgsCoordinateReferenceSystem(WGS84),
    )
    features = []
    for row in rows:
        if is_cancelled():
            break
        features.append(_feature(row, fields, connection_name))
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    times = layer.temporalProperties()
    times.setMode(Qgis.VectorTemporalMode.FeatureDateTimeStartAndEndFromFields)
    times.setStartField("start")
    times.setEndField("end")
    times.setLimitMode(Qgis.VectorTemporalLimitMode.IncludeBeginIncludeEnd)
    times.setIsActive(True)
    layer.moveToThread(QCoreApplication.instance().thread())
    return layer


def _feature(row: Row, fields: QgsFields, connection_name: Callable[[str], str]) -> QgsFeature:
    item = row.item
    begin, end = item.begin or item.end, item.end or item.begin
    page = item.link("self")
    feature = QgsFeature(fields)
    feature.setAttributes(
        [
            item.id,
            row.title,
            item.collection,
            connection_name(item.source),
            _moment(begin),
            _moment(end),
            row.cloud,
            None if row.coverage is None else 100.0 * row.coverage,
            scrubbed(page.href) if page is not None else None,
        ]
    )
    if row.outline:
        feature.setGeometry(geometry_of(row.outline))
    return feature


def _moment(moment: datetime | None) -> QDateTime | None:
    """Return a moment as Qt has it: its own way from Python's would forget the time zone."""
    if moment is None:
        return None
    written = moment.replace(microsecond=0).isoformat()
    return QDateTime.fromString(written, Qt.DateFormat.ISODate).toUTC()


class PictureOnMap(QgsMapCanvasItem):
    """The small picture of an item, over its box; gone with the page, and never saved.

    Parameters
    ----------
    canvas : QgsMapCanvas
        The map.
    item : Item
        The item; with a box.
    image : QImage
        The picture.
    """

    def __init__(self, canvas: QgsMapCanvas, item: Item, image: QImage) -> None:
        super().__init__(canvas)
        self._canvas, self._image = canvas, image
        self._parts = list(_parts(item.box, image)) if item.box is not None else []
        self.update()

    def paint(
        self,
        painter: QPainter,
        _option: QStyleOptionGraphicsItem | None = None,
        _widget: QWidget | None = None,
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for box, part in self._parts:
            corners = self._on_canvas(box)
            if corners is None:
                continue
            placed = QTransform()
            if not QTransform.quadToQuad(_corners(part), corners, placed):
                continue
            painter.save()
            painter.setTransform(placed, True)
            painter.drawImage(part, self._image, part)
            painter.restore()

    def updatePosition(self) -> None:
        """Keep to the map when it moves; QGIS calls this."""
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self._canvas.rect())

    def _on_canvas(self, box: Box) -> QPolygonF | None:
        """Return the corners of a box on the canvas, from the upper left one on."""
        transform = QgsCoordinateTransform(
            QgsCoordinateReferenceSystem(WGS84),
            self._canvas.mapSettings().destinationCrs(),
            QgsProject.instance(),
        )
        west, south, east, north = box
        corners = ((west, north), (east, north), (east, south), (west, south))
        try:
            found = [transform.transform(QgsPointXY(x, y)) for x, y in corners]
        except QgsCsException:
            return None
        return QPolygonF([self.toCanvasCoordinates(point) - self.pos() for point in found])


class MapPictures(QObject):
    """The pictures that are on the map, one at a time."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = desk.canvas
        self._picture: PictureOnMap | None = None

    def show(self, item: Item, image: QImage) -> None:
        """Show the picture of an item, and no other."""
        self.clear()
        self._picture = PictureOnMap(self._canvas, item, image)

    def clear(self) -> None:
        """Take it away."""
        if self._picture is not None:
            self._canvas.scene().removeItem(self._picture)
            self._picture = None


def _parts(box: Box, image: QImage) -> Iterable[tuple[Box, QRectF]]:
    """Give a box and the part of the picture that lies in it; two of them over 180 degrees."""
    boxes = Query(box=box).boxes()
    widths = [part[2] - part[0] for part in boxes]
    left = 0.0
    for part, width in zip(boxes, widths, strict=True):
        share = image.width() * width / (sum(widths) or 1.0)
        yield part, QRectF(left, 0.0, share, float(image.height()))
        left += share


def _corners(part: QRectF) -> QPolygonF:
    return QPolygonF([part.topLeft(), part.topRight(), part.bottomRight(), part.bottomLeft()])
