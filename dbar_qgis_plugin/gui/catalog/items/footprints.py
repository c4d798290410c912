"""Where items lie, on the map: all of them, those that are selected, and the one at the mouse."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable
from typing import Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsSpatialIndex,
)
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QPalette

from dbar_qgis_plugin.gui.catalog.items.coverage import geometry_of
from dbar_qgis_plugin.gui.catalog.items.row import Row

WGS84: Final = "EPSG:4326"
_SLICE_S: Final = 0.01  # of drawing, before the window may do something else
_REPAINT_S: Final = 0.5
_MOST_MARKED: Final = 300
_LONG_DEGREES: Final = 5.0  # a side that is longer is no straight line on many maps
_STEP_DEGREES: Final = 1.0
_ROOM: Final = 1.3  # what is zoomed to does not touch the edges of the map


class Footprints(QObject):
    """The outlines of rows on a map; hidden and shown with their page.

    Parameters
    ----------
    canvas : QgsMapCanvas
        The map.
    palette : QPalette
        Of the window: selected outlines have the colour of what is selected there.
    """

    hovered = pyqtSignal(object)  # the Row at the mouse, or None
    picked = pyqtSignal(object, bool)  # Row or None, and whether it adds to what is selected

    def __init__(self, canvas: QgsMapCanvas, palette: QPalette, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._palette = palette
        self._all = self._band(1, 0)
        self._selected = self._band(2, 60)
        self._at_mouse = self._band(3, 30)
        # Beside the line, to be seen on a map of its own colour; for all it would take too long.
        halo = palette.color(QPalette.ColorRole.Base)
        halo.setAlpha(160)
        for band in (self._selected, self._at_mouse):
            band.setSecondaryStrokeColor(halo)
        self.tool = PickTool(canvas, self)
        self._to_map, self._from_map = self._transforms()
        self._rows: list[Row] = []
        self._areas: list[float] = []  # of their outlines
        self._index = QgsSpatialIndex()
        self._waiting: deque[Row] = deque()  # to be drawn
        self._selection: list[Row] = []
        self._hovered: Row | None = None
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._draw_some)
        self._painted = 0.0  # when the outlines were painted last
        self._is_shown = False
        canvas.xyCoordinates.connect(self._look)
        canvas.destinationCrsChanged.connect(self._draw_again)

    def append(self, rows: Iterable[Row]) -> None:
        """Add the outlines of rows."""
        for row in rows:
            if row.outline:
                self._waiting.append(row)
        if self._waiting:
            self._clock.start(0)

    def clear(self) -> None:
        """Take all outlines away."""
        self._clock.stop()
        self._waiting.clear()
        self._rows, self._areas, self._selection, self._hovered = [], [], [], None
        self._index = QgsSpatialIndex()
        for band in (self._all, self._selected, self._at_mouse):
            band.reset(Qgis.GeometryType.Polygon)

    def select(self, rows: list[Row]) -> None:
        """Mark the outlines of rows; of very many, the first ones."""
        self._selection = rows[:_MOST_MARKED]
        self._fill(self._selected, self._selection)

    def mark(self, row: Row | None) -> None:
        """Mark the outline of the row at the mouse."""
        if row is not self._hovered:
            self._hovered = row
            self._fill(self._at_mouse, [row] if row is not None else [])

    def show(self, is_shown: bool) -> None:
        """Show or hide all outlines."""
        self._is_shown = is_shown
        for band in (self._all, self._selected, self._at_mouse):
            band.setVisible(is_shown)
        if not is_shown:
            self.let_go()

    def zoom_to(self, rows: Iterable[Row]) -> bool:
        """Show the part of the map where rows lie; False if none says where."""
        area = QgsRectangle()
        for row in rows:
            shape = self._on_map(row)
            if shape is not None:
                area.combineExtentWith(shape.boundingBox())
        if area.isEmpty():
            return False
        area.scale(_ROOM)
        self._canvas.setExtent(area)
        self._canvas.refresh()
        return True

    def row_at(self, place: QgsPointXY) -> Row | None:
        """Return the row with the smallest outline at a place of the map."""
        try:
            point = self._from_map.transform(place)
        except QgsCsException:
            return None
        shape = QgsGeometry.fromPointXY(point)
        near = self._index.intersects(QgsRectangle(point, point))
        for number in sorted(near, key=self._areas.__getitem__):
            if geometry_of(self._rows[number].outline).intersects(shape):
                return self._rows[number]
        return None

    def let_go(self) -> None:
        """Give the mouse on the map back to what had it before."""
        if self._canvas.mapTool() is self.tool:
            self._canvas.unsetMapTool(self.tool)

    def close(self) -> None:
        """Take all away from the map."""
        self.let_go()
        self.clear()
        self._canvas.xyCoordinates.disconnect(self._look)
        self._canvas.destinationCrsChanged.disconnect(self._draw_again)
        for band in (self._all, self._selected, self._at_mouse):
            self._canvas.scene().removeItem(band)

    def _band(self, width: int, opacity: int) -> QgsRubberBand:
        band = QgsRubberBand(self._canvas, Qgis.GeometryType.Polygon)
        colour = self._palette.color(QPalette.ColorRole.Highlight)
        band.setStrokeColor(colour)
        band.setWidth(width)
        colour.setAlpha(opacity)
        band.setFillColor(colour)
        band.setVisible(False)
        return band

    def _draw_some(self) -> None:
        """Draw some of the rows that wait."""
        end = time.monotonic() + _SLICE_S
        while self._waiting and time.monotonic() < end:
            row = self._waiting.popleft()
            outline = geometry_of(row.outline)
            self._index.addFeature(len(self._rows), outline.boundingBox())
            self._rows.append(row)
            self._areas.append(outline.area())
            shape = self._on_map(row)
            if shape is not None:
                self._all.addGeometry(shape, None, False)
        if not self._waiting:
            self._clock.stop()
        # Painting takes as long as there are outlines: not after each slice.
        if not self._waiting or time.monotonic() > self._painted + _REPAINT_S:
            self._painted = time.monotonic()
            self._all.updatePosition()
            self._all.update()
            self._all.setVisible(self._is_shown)

    def _draw_again(self) -> None:
        """Draw all outlines: the map has another CRS."""
        self._to_map, self._from_map = self._transforms()
        rows, selection = [*self._rows, *self._waiting], self._selection
        self.clear()
        self.append(rows)
        self.select(selection)

    def _fill(self, band: QgsRubberBand, rows: Iterable[Row]) -> None:
        band.reset(Qgis.GeometryType.Polygon)
        for row in rows:
            shape = self._on_map(row)
            if shape is not None:
                band.addGeometry(shape, None, False)
        band.updatePosition()
        band.update()
        band.setVisible(self._is_shown)

    def _on_map(self, row: Row) -> QgsGeometry | None:
        """Return the outline of a row in the map's CRS; None where it has no place there."""
        if not row.outline:
            return None
        shape = geometry_of(row.outline)
        box = shape.boundingBox()
        if max(box.width(), box.height()) > _LONG_DEGREES:
            shape = shape.densifyByDistance(_STEP_DEGREES)
        try:
            shape.transform(self._to_map)
        except QgsCsException:
            return None
        return shape

    def _transforms(self) -> tuple[QgsCoordinateTransform, QgsCoordinateTransform]:
        """Return the ways from longitude and latitude to the map, and back."""
        degrees = QgsCoordinateReferenceSystem(WGS84)
        crs = self._canvas.mapSettings().destinationCrs()
        project = QgsProject.instance()
        return (
            QgsCoordinateTransform(degrees, crs, project),
            QgsCoordinateTransform(crs, degrees, project),
        )

    def _look(self, place: QgsPointXY) -> None:
        """Tell which row is at the mouse."""
        if not self._is_shown:
            return
        row = self.row_at(place)
        if row is not self._hovered:
            self.mark(row)
            self.hovered.emit(row)


class PickTool(QgsMapTool):
    """A click selects the item that lies there, a double click zooms to it."""

    def __init__(self, canvas: QgsMapCanvas, footprints: Footprints) -> None:
        super().__init__(canvas)
        self._footprints = footprints
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            adds = bool(event.modifiers() & keys)
            self._footprints.picked.emit(self._footprints.row_at(event.mapPoint()), adds)

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        row = self._footprints.row_at(event.mapPoint())
        if row is not None:
            self._footprints.zoom_to([row])
