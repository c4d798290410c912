"""What the algorithms share that sum light or people over zones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsClassificationRange,
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBand,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterLayer,
    QgsRendererRange,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import set_day
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import RasterClass, style_classes
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.algorithms.zones import Zones as ZoneLayer
from dbar_qgis_plugin.algorithms.zones import read_zones
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import light_date
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones

Translate = Callable[[str, str], str]
Columns = Mapping[str, Sequence[Any]]

# From dark to light, as the rasters of light themselves.
_SHARES: Final = (
    (0.0, 20.0, "#1d2a44"),
    (20.0, 40.0, "#5a4a6f"),
    (40.0, 60.0, "#a5637a"),
    (60.0, 80.0, "#e8956a"),
    (80.0, 100.0, "#fde7a0"),
)


def style_shares(layer: QgsVectorLayer, field: str) -> None:
    """Colour zones by a share in percent."""
    ranges = []
    for low, high, colour in _SHARES:
        symbol = QgsFillSymbol.createSimple(
            {"color": colour, "outline_color": "#52616f", "outline_width": "0.2"}
        )
        ranges.append(
            QgsRendererRange(QgsClassificationRange(f"{low:g} – {high:g} %", low, high), symbol)
        )
    layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))


class ZonedLightAlgorithm(TableWriter, NightLightAlgorithm):
    """Base of the algorithms that sum over optional zones."""

    ZONES: Final = "ZONES"
    ZONE_FIELD: Final = "ZONE_FIELD"

    def _add_raster(
        self, name: str, label: str, *, optional: bool = False, advanced: bool = False
    ) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(name, label, optional=optional), advanced=advanced
        )

    def _add_band(self, name: str, label: str, raster: str) -> None:
        self.add(
            QgsProcessingParameterBand(name, label, parentLayerParameterName=raster, optional=True),
            advanced=True,
        )

    def _add_zones(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterFeatureSource(
                self.ZONES,
                translate("Dbar", "Zones (polygons; none: the whole area)"),
                [Qgis.ProcessingSourceType.VectorPolygon],
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.ZONE_FIELD,
                translate("Dbar", "Field with the zone's name"),
                parentLayerParameterName=self.ZONES,
                optional=True,
            )
        )

    def _add_table(self, name: str, label: str, *, polygons: bool = False) -> None:
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterFeatureSink(
                name,
                label,
                kind.VectorPolygon if polygons else kind.Vector,
                optional=True,
                createByDefault=not polygons,
            )
        )

    # -- before the run

    def _band_of(
        self,
        parameters: Mapping[str, Any],
        name: str,
        band_name: str,
        context: QgsProcessingContext,
    ) -> RasterInput:
        """Return a raster with the band chosen, else its first."""
        layer = self._layer(parameters, name, context)
        band = self._number_or_none(parameters, band_name, context)
        return raster_input(layer, 1 if band is None else int(band))

    # -- the run

    def _read_zones(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> tuple[Zones, ZoneLayer | None]:
        """Return the zones as plain values, and the layer that they are from."""
        layer = read_zones(self, parameters, self.ZONES, self.ZONE_FIELD, context, feedback)
        if layer is None:
            return Zones((QCoreApplication.translate("Dbar", "Whole area"),)), None
        zones = Zones(
            layer.names,
            layer.polygons.wkb(),
            layer.polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            QCoreApplication.translate("Dbar", "All zones"),
        )
        return zones, layer

    def _write_polygons(
        self,
        outputs: Outputs,
        name: str,
        columns: Columns,
        labels: Mapping[str, str],
        layer: ZoneLayer | None,
        coloured_by: str,
        command: str,
        short: Callable[[str], str],
        *,
        style: Callable[[QgsVectorLayer, str], None] = style_shares,
    ) -> None:
        """Write the zones with their figures, coloured by one of them."""
        if layer is None or not outputs.wants(name):
            return
        polygons = layer.polygons
        count = len(polygons.features)
        own = polygons.features[0].fields(), [f.attributes() for f in polygons.features]

        def show(zones: QgsVectorLayer, fields: Mapping[str, str]) -> None:
            style(zones, fields[coloured_by])

        self.write_table(
            outputs,
            name,
            # The row of all zones together has no polygon.
            {column: values[:count] for column, values in columns.items()},
            labels,
            command,
            own=own,
            shapes=polygons.geometries,
            crs=polygons.crs,
            style=show,
            short=short,
        )

    def _show_classes(self, path: str, classes: Sequence[RasterClass], raster: RasterInput) -> None:
        """Show a raster by its classes, on the day of the light it is made of."""
        day = light_date(open_input(raster))

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, classes)
            set_day(layer, day)

        self.raster_looks[path] = Look(style)


def lit_classes() -> list[RasterClass]:
    """Return the classes of a lit mask."""
    translate = QCoreApplication.translate
    return [
        RasterClass(0, "#1d2a44", translate("Dbar", "Dark")),
        RasterClass(1, "#ffd866", translate("Dbar", "Lit")),
    ]
