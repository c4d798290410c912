"""How rasters of light look: in colour, in grey, and on the day that they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qgis.core import (
    Qgis,
    QgsContrastEnhancement,
    QgsDateTimeRange,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)
from qgis.PyQt.QtCore import QDateTime

Stretch = tuple[float, float]


def show_colour(layer: QgsMapLayer, stretches: Sequence[Stretch], bands: Sequence[int]) -> None:
    """Show three bands as red, green and blue, each from its smallest to its largest shown value.

    `stretches` are of the three bands, in the order of `bands`.
    """
    if not isinstance(layer, QgsRasterLayer):
        return
    red, green, blue = bands
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), red, green, blue)
    for band, stretch, put in zip(
        bands,
        stretches,
        (
            renderer.setRedContrastEnhancement,
            renderer.setGreenContrastEnhancement,
            renderer.setBlueContrastEnhancement,
        ),
        strict=True,
    ):
        put(_enhancement(layer, band, stretch))
    layer.setRenderer(renderer)


def show_grey(layer: QgsMapLayer, stretch: Stretch, band: int = 1) -> None:
    """Show a band from black to white."""
    if not isinstance(layer, QgsRasterLayer):
        return
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), band)
    renderer.setContrastEnhancement(_enhancement(layer, band, stretch))
    layer.setRenderer(renderer)


def _enhancement(layer: QgsRasterLayer, band: int, stretch: Stretch) -> QgsContrastEnhancement:
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    enhancement.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    enhancement.setMinimumValue(stretch[0])
    enhancement.setMaximumValue(stretch[1])
    return enhancement


def set_day(layer: QgsMapLayer, day: date | None) -> None:
    """Say which day (UTC) a raster shows."""
    if not isinstance(layer, QgsRasterLayer) or day is None:
        return
    begin = QDateTime.fromString(f"{day.isoformat()}T00:00:00", "yyyy-MM-ddTHH:mm:ss")
    end = QDateTime.fromString(f"{day.isoformat()}T23:59:59", "yyyy-MM-ddTHH:mm:ss")
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    temporal.setFixedTemporalRange(QgsDateTimeRange(begin, end))
    temporal.setIsActive(True)
