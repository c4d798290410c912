"""What the algorithms of towns and their extents share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.inputs import field_numbers, field_texts, name_field
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.errors import Cancelled, InputError, translate
from dbar_qgis_plugin.pipelines.sdg_11_3_1.named_points import NamedPoints

Translate = Callable[[str, str], str]


class UrbanAlgorithm(TableWriter):
    """Base of the algorithms that say where towns end."""

    NAMES: Final = "NAMES"
    NAME_FIELD: Final = "NAME_FIELD"
    NAME_WEIGHT_FIELD: Final = "NAME_WEIGHT_FIELD"

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "SDG 11.3.1 Urban land use")

    def groupId(self) -> str:
        return "sdg1131"

    # -- outputs

    def _add_results(
        self,
        raster: str,
        polygons: tuple[str, str],
        table: str,
        numbers: Iterable[tuple[str, str]],
    ) -> None:
        """Add a raster of classes, polygons of it, a table and numbers, by names and labels.

        The raster is OUTPUT, the table OUTPUT_TABLE, which is left out unless it is wanted.
        """
        kind = Qgis.ProcessingSourceType
        self.add(QgsProcessingParameterRasterDestination("OUTPUT", raster))
        self.add(
            QgsProcessingParameterFeatureSink(
                *polygons, kind.VectorPolygon, optional=True, createByDefault=True
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink("OUTPUT_TABLE", table, kind.Vector, optional=True)
        )
        for name, label in numbers:
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- names of places

    def _add_names(self, translate: Translate) -> None:
        """Add the parameters that names are taken from."""
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterFeatureSource(
                self.NAMES,
                translate("Dbar", "Points with names of places"),
                [kind.VectorPoint],
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.NAME_FIELD,
                translate("Dbar", "Field with the name"),
                parentLayerParameterName=self.NAMES,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.NAME_WEIGHT_FIELD,
                translate("Dbar", "Field that says which of several names to take (population)"),
                parentLayerParameterName=self.NAMES,
                type=Qgis.ProcessingFieldParameterDataType.Numeric,
                optional=True,
            )
        )

    def _check_names(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        """Refuse a field for names without their layer."""
        if parameters.get(self.NAMES) in (None, "") and self.parameterAsString(
            dict(parameters), self.NAME_FIELD, context
        ):
            raise InputError(
                translate("Dbar", "“{field}” is given without “{zones}”: choose the zones too."),
                field=self._label(self.NAME_FIELD),
                zones=self._label(self.NAMES),
            )

    def _points(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> NamedPoints | None:
        source = self._optional_source(parameters, self.NAMES, context)
        if source is None:
            return None
        values = dict(parameters)
        field = name_field(self, values, self.NAME_FIELD, source.fields(), context)
        if not field:
            raise InputError(
                translate("Dbar", "The layer “{name}” has no text field to take names from."),
                name=source.sourceName(),
            )
        weight = self.parameterAsString(values, self.NAME_WEIGHT_FIELD, context)
        return _named_points(source, field, weight, feedback)


def can_find_clusters() -> tuple[bool, str]:
    """Tell whether the library that finds clusters is here, and how to get it."""
    if find_spec("scipy") is not None:
        return True, ""
    return False, QCoreApplication.translate(
        "Dbar",
        "Clusters of cells are found with the Python library scipy, which is not installed. "
        "Install it (Debian, Ubuntu: python3-scipy; OSGeo4W: python3-scipy).",
    )


def crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """Write a CRS as WKT."""
    return crs.toWkt(Qgis.CrsWktVariant.Preferred)


def geometries(wkb: Iterable[bytes]) -> list[QgsGeometry]:
    """Read geometries."""
    shapes = []
    for part in wkb:
        shape = QgsGeometry()
        shape.fromWkb(part)
        shapes.append(shape)
    return shapes


def _named_points(
    source: QgsProcessingFeatureSource,
    field: str,
    weight: str,
    feedback: QgsProcessingFeedback,
) -> NamedPoints:
    """Read points with a name; those without are left out."""
    crs = source.sourceCrs()
    if not crs.isValid():
        raise InputError(
            translate(
                "Dbar",
                "The layer “{name}” has no CRS, so its points cannot be laid over the rasters. Set "
                "the layer's CRS, then run again.",
            ),
            name=source.sourceName(),
        )
    features = []
    for feature in source.getFeatures():
        if feedback.isCanceled():
            raise Cancelled
        if not feature.geometry().isEmpty():
            features.append(feature)
    names = field_texts(features, field, [""] * len(features))
    features = [feature for feature, name in zip(features, names, strict=True) if name]
    if not features:
        raise QgsProcessingException(
            QCoreApplication.translate(
                "Dbar", "The layer “{name}” has no points with a name."
            ).format(name=source.sourceName())
        )
    points = [feature.geometry().centroid().asPoint() for feature in features]
    weights = (
        field_numbers(features, [weight])[:, 0].tolist() if weight else [math.nan] * len(points)
    )
    return NamedPoints(
        [point.x() for point in points],
        [point.y() for point in points],
        [name for name in names if name],
        weights,
        crs_text(crs),
    )
