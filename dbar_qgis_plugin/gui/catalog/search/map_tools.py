"""Drawing an area on the map: a box or a polygon."""

from __future__ import annotations

from qgis.core import Qgis, QgsGeometry, QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent


class AreaTool(QgsMapTool):
    """Draws an area; in the CRS of the map.

    A box from corner to corner, with the button held down; a polygon point by point, ended by a
    click with the other button or by Enter, its last point taken back by Backspace. Escape ends it.
    """

    drawn = pyqtSignal(QgsGeometry)
    given_up = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, *, is_box: bool) -> None:
        super().__init__(canvas)
        self._is_box = is_box
        self._points: list[QgsPointXY] = []
        self._band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
        colour = canvas.palette().highlight().color()
        self._band.setStrokeColor(colour)
        colour.setAlpha(40)
        self._band.setFillColor(colour)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin a box, set a point of a polygon, or end it."""
        if self._is_box:
            self._points = [event.mapPoint()]
        elif event.button() == Qt.MouseButton.LeftButton:
            self._points.append(event.mapPoint())
            self._show(event.mapPoint())
        else:
            self._finish()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show what would become of it."""
        if self._points:
            self._show(event.mapPoint())

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """End a box."""
        if self._is_box and self._points:
            self._points.append(event.mapPoint())
            self._finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """End it, take back a point, or give up."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish()
        elif key == Qt.Key.Key_Backspace and self._points:
            self._points.pop()
            self._show(None)
        elif key == Qt.Key.Key_Escape:
            self._clear()
            self.given_up.emit()
        else:
            return
        event.accept()

    def deactivate(self) -> None:
        """Leave nothing on the map."""
        self._clear()
        super().deactivate()

    def remove(self) -> None:
        """Take its line from the map for good."""
        self.canvas().scene().removeItem(self._band)

    def _show(self, pointed: QgsPointXY | None) -> None:
        points = self._points if pointed is None else [*self._points, pointed]
        self._band.setToGeometry(self._geometry(points))

    def _geometry(self, points: list[QgsPointXY]) -> QgsGeometry:
        if self._is_box and len(points) > 1:
            (x, y), (right, top) = ((point.x(), point.y()) for point in (points[0], points[-1]))
            corners = ((x, y), (right, y), (right, top), (x, top))
            points = [QgsPointXY(*corner) for corner in corners]
        return QgsGeometry.fromPolygonXY([[*points, points[0]]] if points else [])

    def _finish(self) -> None:
        geometry = self._geometry(self._points).makeValid()
        self._clear()
        if geometry.area() > 0.0:
            self.drawn.emit(geometry)

    def _clear(self) -> None:
        self._points = []
        self._band.reset(Qgis.GeometryType.Polygon)
