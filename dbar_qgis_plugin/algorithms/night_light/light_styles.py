"""How rasters of light look: in colour, in grey, and on the day that they show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qgis.core import (
    QgsContrastEnhancement,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsSingleBandGrayRenderer,
)

from dbar_qgis_plugin.algorithms.rasters import set_dates

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
    """Say which day (UTC) a raster shows, where that is known."""
    if day is not None:
        set_dates(layer, day, day)
