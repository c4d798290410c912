"""Where is searched: anywhere, what the map shows, a drawn area, a layer, or its features."""

from __future__ import annotations

from enum import Enum
from functools import partial
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCsException,
    QgsFeatureRequest,
    QgsGeometry,
    QgsMapLayer,
    QgsProject,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)
from qgis.gui import QgsMapCanvas, QgsMapLayerComboBox, QgsRubberBand
from qgis.PyQt.QtCore import QCoreApplication, QLocale, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from dbar_qgis_plugin.catalog.areas import box_around
from dbar_qgis_plugin.catalog.model import Raw
from dbar_qgis_plugin.errors import Cancelled, DbarError, InputError, translate
from dbar_qgis_plugin.gui.catalog.jobs import Control, Jobs, in_words
from dbar_qgis_plugin.gui.catalog.search.areas import (
    area_of,
    area_of_extent,
    as_geojson,
    degrees_crs,
    from_geojson,
)
from dbar_qgis_plugin.gui.catalog.search.map_tools import AreaTool
from dbar_qgis_plugin.gui.catalog.search.small_widgets import may_shrink

_SETTLED_MS: Final = 250  # after the last move of the map, or change of a selection


class Kind(Enum):
    """How the area is chosen."""

    ANYWHERE = "anywhere"
    MAP = "map"
    BOX = "box"
    POLYGON = "polygon"
    LAYER = "layer"
    FEATURES = "features"
    KEPT = "kept"  # that of a search that was kept


class AreaChooser(QWidget):
    """Chooses an area, and shows it on the map."""

    changed = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dbar_catalog_area")
        self._canvas = canvas
        self._area: Raw | None = None  # but for what the map shows, which is asked for each time
        self._problem: DbarError | None = None
        self._jobs = Jobs(self)
        self._tool: AreaTool | None = None
        self._tool_before: Any = None
        self._listened: QgsVectorLayer | None = None
        self._band = QgsRubberBand(canvas, Qgis.GeometryType.Polygon)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._take)
        self._build()
        canvas.extentsChanged.connect(self._map_moved)
        canvas.destinationCrsChanged.connect(self._map_moved)
        self._show()

    @property
    def kind(self) -> Kind:
        """How the area is chosen."""
        return Kind(self.kind_box.currentData())

    @property
    def follows_map(self) -> bool:
        """Whether it is what the map shows."""
        return self.kind is Kind.MAP

    @property
    def is_ready(self) -> bool:
        """Whether nothing is worked out any more."""
        return not self._jobs.is_running("area") and not self._settled.isActive()

    def area(self) -> Raw | None:
        """Return the area as GeoJSON, None for anywhere.

        Raises
        ------
        InputError
            If none is drawn, selected or known yet, or it lies nowhere on the Earth.
        """
        if self.kind is Kind.ANYWHERE:
            return None
        if self.kind is Kind.MAP:
            return self._map_area()
        if self._problem is not None:
            raise self._problem
        if self._area is None or not self.is_ready:
            raise InputError(
                translate(
                    "Dbar",
                    "The area is not known yet. Draw it on the map, wait until it is worked out, "
                    "or choose another one.",
                )
            )
        return self._area

    def set_area(self, area: Raw | None, *, follows_map: bool = False) -> None:
        """Choose the area of a search that was kept."""
        kind = Kind.MAP if follows_map else Kind.ANYWHERE if area is None else Kind.KEPT
        if kind is Kind.KEPT and self.kind_box.findData(Kind.KEPT.value) < 0:
            text = QCoreApplication.translate("Dbar", "That of the kept search")
            self.kind_box.addItem(text, Kind.KEPT.value)
        self.kind_box.blockSignals(True)
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind.value))
        self.kind_box.blockSignals(False)
        self._kind_changed(draws=False)
        if kind is Kind.KEPT:
            self._set(area)

    def set_layer(self, layer: QgsMapLayer) -> None:
        """Choose the extent of a layer of the project."""
        self.kind_box.setCurrentIndex(self.kind_box.findData(Kind.LAYER.value))
        self.layer_box.setLayer(layer)

    def draw(self) -> None:
        """Let the user draw a box or polygon on the map."""
        self._end_drawing()
        self._tool = AreaTool(self._canvas, is_box=self.kind is Kind.BOX)
        self._tool.drawn.connect(self._drawn)
        self._tool.given_up.connect(self._end_drawing)
        self._tool_before = self._canvas.mapTool()
        self._canvas.setMapTool(self._tool)
        self._canvas.setFocus()
        self._show()

    def clear(self) -> None:
        """Search anywhere."""
        self.kind_box.setCurrentIndex(0)

    def close_area(self) -> None:
        """Take away what is on the map, and listen no more."""
        self._jobs.close()
        self._settled.stop()
        self._listen(None)
        self._end_drawing()
        self._canvas.extentsChanged.disconnect(self._map_moved)
        self._canvas.destinationCrsChanged.disconnect(self._map_moved)
        self._canvas.scene().removeItem(self._band)

    # The widget

    def _build(self) -> None:
        translate = QCoreApplication.translate
        self.kind_box = QComboBox()
        self.kind_box.setObjectName("dbar_catalog_area_kind")
        for kind, icon, text in (
            (Kind.ANYWHERE, "/mActionZoomFullExtent.svg", translate("Dbar", "Anywhere")),
            (Kind.MAP, "/mActionSetToCanvasExtent.svg", translate("Dbar", "What the map shows")),
            (Kind.BOX, "/mActionRectangleExtent.svg", translate("Dbar", "Box drawn on the map")),
            (
                Kind.POLYGON,
                "/mActionCapturePolygon.svg",
                translate("Dbar", "Polygon drawn on the map"),
            ),
            (Kind.LAYER, "/mActionAddLayer.svg", translate("Dbar", "Extent of a layer")),
            (
                Kind.FEATURES,
                "/mActionSelectPolygon.svg",
                translate("Dbar", "Selected features, such as districts"),
            ),
        ):
            self.kind_box.addItem(QgsApplication.getThemeIcon(icon), text, kind.value)
        may_shrink(self.kind_box)
        self.kind_box.currentIndexChanged.connect(lambda _index: self._kind_changed())
        self.layer_box = QgsMapLayerComboBox()
        self.layer_box.setObjectName("dbar_catalog_area_layer")
        may_shrink(self.layer_box)
        self.layer_box.layerChanged.connect(lambda _layer: self._settled.start())
        self.draw_button = _tool_button("draw", "/mActionToggleEditing.svg")
        self.draw_button.setToolTip(translate("Dbar", "Draw it anew"))
        self.draw_button.clicked.connect(self.draw)
        self.clear_button = _tool_button("clear", "/mIconClearText.svg")
        self.clear_button.setToolTip(translate("Dbar", "Search anywhere"))
        self.clear_button.clicked.connect(self.clear)
        self.words = QLabel()
        self.words.setObjectName("dbar_catalog_area_words")
        self.words.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.kind_box)
        row.addWidget(self.draw_button)
        row.addWidget(self.clear_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.layer_box)
        layout.addWidget(self.words)
        colour = self._canvas.palette().highlight().color()
        self._band.setStrokeColor(colour)
        self._band.setWidth(2)
        colour.setAlpha(25)
        self._band.setFillColor(colour)

    def _kind_changed(self, *, draws: bool = True) -> None:
        self._end_drawing()
        self._jobs.cancel("area")
        self._listen(None)
        kind = self.kind
        self.layer_box.blockSignals(True)
        filters = Qgis.LayerFilter
        self.layer_box.setFilters(
            filters.HasGeometry if kind is Kind.FEATURES else filters.SpatialLayer
        )
        self.layer_box.blockSignals(False)
        self._set(None)
        if kind in (Kind.BOX, Kind.POLYGON) and draws:
            self.draw()
        elif kind in (Kind.LAYER, Kind.FEATURES):
            self._take()

    def _set(self, area: Raw | None, problem: DbarError | None = None) -> None:
        self._area, self._problem = area, problem
        self._band.reset(Qgis.GeometryType.Polygon)
        if area is not None:
            try:
                self._band.setToGeometry(from_geojson(area), degrees_crs())
            except QgsCsException:  # the map cannot show it; it is searched all the same
                self._band.reset(Qgis.GeometryType.Polygon)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        kind = self.kind
        drawn = kind in (Kind.BOX, Kind.POLYGON)
        self.layer_box.setVisible(kind in (Kind.LAYER, Kind.FEATURES))
        self.draw_button.setVisible(drawn)
        self.clear_button.setVisible(kind is not Kind.ANYWHERE)
        text = self._said()
        self.words.setText(text)
        self.words.setVisible(bool(text))

    def _said(self) -> str:
        translate = QCoreApplication.translate
        if self._tool is not None:
            if self.kind is Kind.BOX:
                return translate("Dbar", "Drag a box on the map. Esc gives up.")
            return translate(
                "Dbar", "Click point by point on the map; a click with the right button ends it."
            )
        if self._jobs.is_running("area"):
            return translate("Dbar", "Reading the selected features…")
        try:
            area = self.area()
        except InputError as error:
            return in_words(error)
        box = box_around(area) if area is not None else None
        return "" if box is None else _box_in_words(box)

    # Where it comes from

    def _map_moved(self) -> None:
        if self.kind is Kind.MAP:
            self._settled.start()

    def _map_area(self) -> Raw:
        settings = self._canvas.mapSettings()
        extent = self._canvas.extent()
        if extent.isEmpty():
            raise InputError(
                translate("Dbar", "The map shows nothing yet. Add a layer, or draw an area.")
            )
        return as_geojson(area_of_extent(extent, _known(settings.destinationCrs()), _context()))

    def _take(self) -> None:
        """Work out the area of the chosen layer, or say what the map shows now."""
        if self.kind is Kind.MAP:
            self._set(None)
            return
        layer = self.layer_box.currentLayer()
        try:
            if layer is None:
                raise InputError(translate("Dbar", "There is no layer to take the area from."))
            if self.kind is Kind.FEATURES:
                self._take_features(layer)
            elif self.kind is Kind.LAYER:
                self._set(_layer_area(layer))
        except DbarError as error:
            self._set(None, error)

    def _take_features(self, layer: QgsVectorLayer) -> None:
        self._listen(layer)
        ids = layer.selectedFeatureIds()
        if not ids:
            raise InputError(
                translate("Dbar", "No feature of “{layer}” is selected: select some on the map."),
                layer=layer.name(),
            )
        source, crs, context = QgsVectorLayerFeatureSource(layer), layer.crs(), _context()
        request = QgsFeatureRequest(ids).setNoAttributes()

        def work(control: Control) -> Raw:
            shapes = []
            for feature in source.getFeatures(request):
                if control.is_cancelled():
                    raise Cancelled
                if not feature.geometry().isEmpty():
                    shapes.append(feature.geometry())
            return as_geojson(area_of(_together(shapes), _known(crs), context))

        self._area = None
        self._jobs.start(
            "area",
            QCoreApplication.translate("Dbar", "Reading the selected features"),
            work,
            self._set,
            partial(self._set, None),
        )
        self._show()
        self.changed.emit()

    def _listen(self, layer: QgsVectorLayer | None) -> None:
        """Follow the selection of one layer."""
        if self._listened is layer:
            return
        if self._listened is not None:
            self._listened.selectionChanged.disconnect(self._settled.start)
            self._listened.willBeDeleted.disconnect(self._forget)
        self._listened = layer
        if layer is not None:
            layer.selectionChanged.connect(self._settled.start)
            layer.willBeDeleted.connect(self._forget)

    def _forget(self) -> None:
        self._listened = None

    def _drawn(self, geometry: QgsGeometry) -> None:
        crs = self._canvas.mapSettings().destinationCrs()
        self._end_drawing()
        try:
            self._set(as_geojson(area_of(geometry, _known(crs), _context())))
        except DbarError as error:
            self._set(None, error)

    def _end_drawing(self) -> None:
        tool, self._tool = self._tool, None
        if tool is None:
            return
        if self._canvas.mapTool() is tool:
            if self._tool_before is not None:
                self._canvas.setMapTool(self._tool_before)
            else:
                self._canvas.unsetMapTool(tool)
        self._tool_before = None
        tool.remove()
        tool.deleteLater()
        self._show()


def _layer_area(layer: QgsMapLayer) -> Raw:
    if layer.extent().isNull():
        raise InputError(
            translate("Dbar", "The layer “{layer}” is empty. Choose another one."),
            layer=layer.name(),
        )
    return as_geojson(area_of_extent(layer.extent(), _known(layer.crs()), _context()))


def _together(shapes: list[QgsGeometry]) -> QgsGeometry:
    """Join geometries; of points and lines their extent is enough."""
    if all(shape.type() == Qgis.GeometryType.Polygon for shape in shapes):
        return QgsGeometry.unaryUnion(shapes)
    return QgsGeometry.collectGeometry(shapes)


def _known(crs: QgsCoordinateReferenceSystem) -> QgsCoordinateReferenceSystem:
    if not crs.isValid():
        raise InputError(
            translate("Dbar", "The area has no coordinate system. Set that of the layer or map.")
        )
    return crs


def _context() -> Any:
    return QgsProject.instance().transformContext()


def _box_in_words(box: tuple[float, float, float, float]) -> str:
    west, south, east, north = (QLocale().toString(value, "f", 2) for value in box)
    return QCoreApplication.translate(
        "Dbar", "Longitude {west}° to {east}°, latitude {south}° to {north}°"
    ).format(west=west, south=south, east=east, north=north)


def _tool_button(name: str, icon: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(f"dbar_catalog_area_{name}")
    button.setIcon(QgsApplication.getThemeIcon(icon))
    button.setAutoRaise(True)
    return button
