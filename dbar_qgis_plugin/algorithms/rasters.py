"""Raster parameters and raster outputs of algorithms: paths, provenance, classes in colour."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qgis.core import (
    Qgis,
    QgsDateTimeRange,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProperty,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDateTime
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.outputs import LayerStyler, Look
from dbar_qgis_plugin.catalog.redaction import scrubbed

if TYPE_CHECKING:
    from dbar_qgis_plugin.algorithms.base import DbarAlgorithm


# Custom property of layers of catalogs: the address of their item.
ITEM_ADDRESS: Final = "dbar/catalog/self"
_LAYERS: Final = ("raster", "multilayer", "source", "vector", "layer")


class RasterClass(NamedTuple):
    """A value of a classified raster: its colour (#rrggbb) and its name in the user's language."""

    value: int
    colour: str
    label: str


class Lineage(NamedTuple):
    """What a run is made from, as it may be written down.

    sources : of the layers that each parameter was given; a layer's id means nothing later
    links : addresses of the catalog items that the layers show
    """

    sources: Mapping[str, str] = {}
    links: tuple[str, ...] = ()


def lineage_of(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
) -> Lineage:
    """Return the sources of all layers; for the thread that owns them."""
    sources, links = {}, []
    for definition in algorithm.parameterDefinitions():
        if definition.type() not in _LAYERS:
            continue
        texts = []
        for value in _values(parameters.get(definition.name())):
            layer = value
            if isinstance(value, str):
                layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
            if isinstance(layer, QgsMapLayer):
                is_nowhere = layer.dataProvider() is None or layer.providerType() == "memory"
                texts.append(layer.name() if is_nowhere else layer.source())
                links.append(layer.customProperty(ITEM_ADDRESS, ""))
            else:
                texts.append(str(value))
        if texts:
            sources[definition.name()] = ", ".join(map(scrubbed, texts))
    return Lineage(sources, tuple(dict.fromkeys(filter(None, links))))


def provenance_tags(
    algorithm: DbarAlgorithm,
    parameters: Mapping[str, Any],
    context: QgsProcessingContext,
    formula: str,
) -> dict[str, str]:
    """Return the metadata that every raster output carries: how to compute it again."""
    lineage = algorithm.lineage
    values = {
        definition.name(): scrubbed(
            ", ".join(algorithm.parameterAsStrings(parameters, definition.name(), context))
        )
        for definition in algorithm.parameterDefinitions()
        if not definition.isDestination()
    }
    tags = {
        "DBAR_ALGORITHM": algorithm.id(),
        "DBAR_VERSION": VERSION,
        "DBAR_FORMULA": formula,
        "DBAR_PARAMETERS": json.dumps({**values, **lineage.sources}, ensure_ascii=False),
        "TIFFTAG_DATETIME": datetime.now().strftime("%Y:%m:%d %H:%M:%S"),
    }
    if lineage.links:
        tags["DBAR_DERIVED_FROM"] = json.dumps(lineage.links, ensure_ascii=False)
    return tags


def _values(value: Any) -> list[Any]:
    """Return what a parameter of layers holds, one by one: texts and layers."""
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        value = value.source
    if isinstance(value, QgsProperty):
        value = value.staticValue()
    values = value if isinstance(value, list | tuple) else [value]
    return [part for part in values if isinstance(part, str | QgsMapLayer) and part]


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
