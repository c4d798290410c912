"""Raster parameters and raster outputs of algorithms: paths, provenance, classes in colour."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDateTime
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.outputs import LayerStyler, Look


class RasterClass(NamedTuple):
    """A value of a classified raster: its colour (#rrggbb) and its name in the user's language."""

    value: int
    colour: str
    label: str


def provenance_tags(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
    formula: str,
) -> dict[str, str]:
    """Return the metadata that every raster output carries: how to compute it again."""
    values = {
        definition.name(): ", ".join(
            algorithm.parameterAsStrings(parameters, definition.name(), context)
        )
        for definition in algorithm.parameterDefinitions()
        if not definition.isDestination()
    }
    return {
        "DBAR_ALGORITHM": algorithm.id(),
        "DBAR_VERSION": VERSION,
        "DBAR_FORMULA": formula,
        "DBAR_PARAMETERS": json.dumps(values, ensure_ascii=False),
        "TIFFTAG_DATETIME": datetime.now().strftime("%Y:%m:%d %H:%M:%S"),
    }


def style_classes(layer: QgsMapLayer, classes: Sequence[RasterClass], band: int = 1) -> None:
    """Show a band by its classes, with their names in the legend."""
    if not isinstance(layer, QgsRasterLayer):
        return
    entries = [
        QgsPalettedRasterRenderer.Class(item.value, QColor(item.colour), item.label)
        for item in classes
    ]
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), band, entries))


def set_dates(layer: QgsMapLayer, begin: date, end: date) -> None:
    """Say from the start of which day to the end of which day (UTC) a raster holds."""
    if not isinstance(layer, QgsRasterLayer):
        return
    form = "yyyy-MM-ddTHH:mm:ss"
    first = QDateTime.fromString(f"{begin.isoformat()}T00:00:00", form)
    last = QDateTime.fromString(f"{end.isoformat()}T23:59:59", form)
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    temporal.setFixedTemporalRange(QgsDateTimeRange(first, last))
    temporal.setIsActive(True)


def set_period(layer: QgsMapLayer, first_year: float, last_year: float) -> None:
    """Say from the start of which year to the end of which year a raster holds."""
    set_dates(layer, date(int(first_year), 1, 1), date(int(last_year), 12, 31))


def style_raster_output(
    target: str,
    look: Look,
    position: int,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Style a raster where QGIS loads it, and beside its file, for whoever opens that later.

    Of the layers of one run, that with the largest position is loaded on top.
    """
    if context.willLoadLayerOnCompletion(target):
        details = context.layerToLoadOnCompletionDetails(target)
        details.setPostProcessor(LayerStyler(look))
        details.layerSortKey = position
    path = Path(target)
    if not path.is_file():
        return
    # Looking for a default style makes QGIS compute statistics, and leave them beside the file.
    options = QgsRasterLayer.LayerOptions(loadDefaultStyle=False)
    layer = QgsRasterLayer(target, path.stem, "gdal", options)
    look.style(layer)
    problem, saved = layer.saveNamedStyle(str(path.with_suffix(".qml")))
    if not saved:
        text = QCoreApplication.translate("Dbar", "The style of {path} was not saved: {reason}")
        feedback.pushWarning(text.format(path=path, reason=problem))
