"""From layers to plain values: rasters to what GDAL can open, polygons to WKB."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsGeometry,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsVariantUtils,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QCoreApplication, QMetaType

from dbar_qgis_plugin.errors import Cancelled, InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput

# How Processing calls the file of a model's step, after the parameter.
_STEP_OUTPUT = "OUTPUT"
# Names beyond this many are counted, not listed, in a log line.
_LISTED = 10


def raster_layers(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    name: str,
    context: QgsProcessingContext,
) -> list[QgsRasterLayer]:
    """Return the layers of a parameter that takes several rasters, in the order given."""
    label = algorithm.parameterDefinition(name).description()
    value = parameters.get(name)
    items = value if isinstance(value, (list, tuple)) else [value]
    if not all(isinstance(item, (str, QgsMapLayer)) and item for item in items):
        return algorithm.parameterAsLayerList(parameters, name, context)
    layers = []
    # QGIS leaves out what it cannot load, and a missing epoch would shift all later ones; and it
    # takes netCDF for a vector layer unless it is told what is meant.
    for item in items:
        layer = item
        if isinstance(item, str):
            layer = QgsProcessingUtils.mapLayerFromString(
                item, context, True, QgsProcessingUtils.LayerHint.Raster
            )
        if not isinstance(layer, QgsRasterLayer) or not layer.isValid():
            raise _no_raster(label, item if isinstance(item, str) else item.name())
        layers.append(layer)
    return layers


def refuse_other_file(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    name: str,
    context: QgsProcessingContext,
) -> None:
    """Refuse a file that is there, but is no raster; QGIS says that it was not found."""
    value = parameters.get(name)
    if not isinstance(value, str) or not Path(value).is_file():
        return
    if algorithm.parameterAsRasterLayer(dict(parameters), name, context) is None:
        raise _no_raster(algorithm.parameterDefinition(name).description(), value)


def _no_raster(parameter: str, source: str) -> InputError:
    return InputError(
        translate(
            "Dbar",
            "{parameter}: “{source}” cannot be opened as a raster. "
            "Check that the file exists and is readable.",
        ),
        parameter=parameter,
        source=source,
    )


def raster_title(layer: QgsRasterLayer, band: int = 1) -> str:
    """Return what a raster is called in the log and in reports.

    The step of a model leaves a file that is called "OUTPUT" whatever it holds; its band tells.
    """
    name = layer.name()
    if not name.startswith(_STEP_OUTPUT):
        return name
    return layer.dataProvider().bandDescription(band) or name


def raster_input(layer: QgsRasterLayer, band: int = 1, name: str = "") -> RasterInput:
    """Say how GDAL opens what a raster layer shows."""
    if layer.providerType() != "gdal":
        raise InputError(
            translate(
                "Dbar",
                "The layer “{name}” comes from a service or database ({provider}), which gives "
                "pictures or values that cannot be measured here. Save it as a GeoTIFF, then use "
                "that file.",
            ),
            name=layer.name(),
            provider=layer.providerType(),
        )
    provider = layer.dataProvider()
    if layer.crs() != provider.crs():
        raise InputError(
            translate(
                "Dbar",
                "The CRS of “{name}” was set in QGIS only and the file does not hold it. Write it "
                "into the file with “Assign projection”, then run again.",
            ),
            name=layer.name(),
        )
    registry = QgsProviderRegistry.instance()
    parts = registry.decodeUri("gdal", provider.dataSourceUri(True))
    options = parts.pop("openOptions", None) or ()
    # QGIS has handed the credentials to GDAL when it opened the layer.
    parts.pop("credentialOptions", None)
    return RasterInput(
        path=registry.encodeUri("gdal", parts),
        open_options=tuple(options),
        band=band,
        name=name or raster_title(layer, band),
    )


@dataclass
class Polygons:
    """The features of a polygon source, and their shapes ready to be measured.

    `geometries` are valid 2D multipolygons without curves; a feature that has no area has an
    empty one, so that all lists keep one entry per feature.
    """

    crs: QgsCoordinateReferenceSystem
    features: list[QgsFeature] = field(default_factory=list)
    geometries: list[QgsGeometry] = field(default_factory=list)
    repaired: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)

    def wkb(self) -> list[bytes | None]:
        """Return one WKB per feature, None where it has no area."""
        return [None if g.isEmpty() else bytes(g.asWkb()) for g in self.geometries]


def read_polygons(
    source: QgsProcessingFeatureSource, feedback: QgsProcessingFeedback | None
) -> Polygons:
    """Read all features of a polygon source; repair what is invalid instead of refusing it."""
    crs = source.sourceCrs()
    if not crs.isValid():
        raise InputError(
            translate(
                "Dbar",
                "The layer “{name}” has no CRS, so its polygons cannot be laid over the rasters. "
                "Set the layer's CRS, then run again.",
            ),
            name=source.sourceName(),
        )
    polygons = Polygons(crs)
    checks = Qgis.ProcessingFeatureSourceFlag.SkipGeometryValidityChecks
    for feature in source.getFeatures(QgsFeatureRequest(), checks):
        if feedback is not None and feedback.isCanceled():
            raise Cancelled
        geometry, repaired = measurable(feature.geometry())
        position = len(polygons.features)
        if repaired:
            polygons.repaired.append(position)
        if geometry.isEmpty():
            polygons.empty.append(position)
        polygons.features.append(feature)
        polygons.geometries.append(geometry)
    if not polygons.features:
        raise InputError(
            translate("Dbar", "The layer “{name}” has no feature to compute."),
            name=source.sourceName(),
        )
    return polygons


def measurable(geometry: QgsGeometry) -> tuple[QgsGeometry, bool]:
    """Return a geometry as a valid 2D multipolygon without curves, and whether it was invalid."""
    if geometry.isNull() or geometry.isEmpty():
        return QgsGeometry(), False
    shape = geometry.constGet()
    # Arcs become chords of at most one degree: an area error below one part in ten thousand.
    flat = QgsGeometry(shape.segmentize() if shape.hasCurvedSegments() else shape.clone())
    flat.get().dropZValue()
    flat.get().dropMValue()
    invalid = not flat.isGeosValid()
    if invalid:
        # "Structure" joins rings that overlap; "linework" would cut holes where they do.
        flat = flat.makeValid(Qgis.MakeValidMethod.Structure)
    if QgsWkbTypes.flatType(flat.wkbType()) == Qgis.WkbType.GeometryCollection:
        flat.convertGeometryCollectionToSubclass(Qgis.GeometryType.Polygon)
    if flat.type() != Qgis.GeometryType.Polygon or flat.isEmpty():
        return QgsGeometry(), invalid
    flat.convertToMultiType()
    return flat, invalid


def report_polygons(
    polygons: Polygons, names: Sequence[str], feedback: QgsProcessingFeedback
) -> None:
    """Say in the log which polygons were repaired and which have no area."""
    if polygons.repaired:
        text = QCoreApplication.translate(
            "Dbar", "Invalid geometries, repaired before measuring ({count}): {names}"
        )
        feedback.pushWarning(_listing(text, polygons.repaired, names))
    if polygons.empty:
        text = QCoreApplication.translate(
            "Dbar", "Without a geometry that has an area, so without results ({count}): {names}"
        )
        feedback.pushWarning(_listing(text, polygons.empty, names))


def _listing(text: str, positions: Sequence[int], names: Sequence[str]) -> str:
    listed = ", ".join(names[position] for position in positions[:_LISTED])
    if len(positions) > _LISTED:
        listed += ", …"
    return text.format(count=len(positions), names=listed)


def name_field(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    name: str,
    fields: QgsFields,
    context: QgsProcessingContext,
) -> str:
    """Return the field that names features: the chosen one, else the first text field, else ""."""
    texts = (field.name() for field in fields if field.type() == QMetaType.Type.QString)
    return algorithm.parameterAsString(dict(parameters), name, context) or next(texts, "")


def field_texts(features: Sequence[QgsFeature], name: str, missing: Sequence[str]) -> list[str]:
    """Return a field's values as texts; `missing` holds what stands for an empty value."""
    texts = []
    for feature, instead in zip(features, missing, strict=True):
        value = feature[name]
        if QgsVariantUtils.isNull(value):
            text = ""
        elif isinstance(value, float):
            text = f"{value:g}"
        elif isinstance(value, (str, int)):
            text = str(value).strip()
        else:
            text = feature.fields().field(name).displayString(value)
        texts.append(text or instead)
    return texts


def field_numbers(features: Sequence[QgsFeature], names: Sequence[str]) -> np.ndarray:
    """Return numeric fields as float64 [features, fields]; an empty value is NaN."""
    return np.array(
        [
            [np.nan if QgsVariantUtils.isNull(feature[name]) else feature[name] for name in names]
            for feature in features
        ],
        dtype=np.float64,
    ).reshape(len(features), len(names))
