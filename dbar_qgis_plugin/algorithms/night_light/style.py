"""How rasters of light look: from dark to white, in grey, or in their colours; and their day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
from qgis.core import (
    Qgis,
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsContrastEnhancement,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.rasters import set_dates
from dbar_qgis_plugin.pipelines.night_light.light_bands import COLOURS, PANCHROMATIC

# A ramp of growing lightness, which also reads without colour.
_DARK, _BRIGHT = "#0b0b1e", "#fffbe6"
_BETWEEN: Final = ((0.3, "#43306f"), (0.6, "#b5543f"), (0.85, "#f6b53c"))
_SHARES: Final = (0.02, 0.98)  # of the values, between which colours are spread
_SAMPLE: Final = 250_000  # cells looked at for that
_STEPS: Final = 7

Stretch = tuple[float, float]  # the smallest and the largest shown value


def style_light(layer: QgsMapLayer, band: int = 1, *, unit: str = "") -> None:
    """Show one band of light, spread between its 2nd and 98th percentile."""
    if not isinstance(layer, QgsRasterLayer):
        return
    low, high = _stretch(layer, band)
    ramp = QgsGradientColorRamp(
        QColor(_DARK),
        QColor(_BRIGHT),
        False,
        [QgsGradientStop(share, QColor(colour)) for share, colour in _BETWEEN],
    )
    shares = np.linspace(0.0, 1.0, _STEPS)
    items = [
        (value, ramp.color(share), f"{value:.3g} {unit}".strip())
        for share, value in zip(shares, np.linspace(low, high, _STEPS), strict=True)
    ]
    set_ramp(layer, band, items)


def set_ramp(layer: QgsRasterLayer, band: int, items: Sequence[tuple[float, QColor, str]]) -> None:
    """Show a band by colours between given values; the outer labels are those of the legend."""
    (low, _, lowest), *_, (high, _, highest) = items
    shader = QgsColorRampShader(low, high)
    shader.setColorRampType(Qgis.ShaderInterpolationMethod.Linear)
    shader.setColorRampItemList([QgsColorRampShader.ColorRampItem(*item) for item in items])
    legend = QgsColorRampLegendNodeSettings()
    legend.setMinimumLabel(lowest)
    legend.setMaximumLabel(highest)
    shader.setLegendSettings(legend)
    raster_shader = QgsRasterShader(low, high)
    raster_shader.setRasterShaderFunction(shader)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, raster_shader)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    layer.setRenderer(renderer)


def style_grey(layer: QgsMapLayer, stretch: Stretch, band: int = 1) -> None:
    """Show a band from black to white."""
    if not isinstance(layer, QgsRasterLayer):
        return
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), band)
    renderer.setContrastEnhancement(_enhancement(layer, band, stretch))
    layer.setRenderer(renderer)


def style_colours(
    layer: QgsMapLayer, bands: Sequence[int] = (1, 2, 3), stretches: Sequence[Stretch] = ()
) -> None:
    """Show three bands as red, green and blue, each in its stretch.

    Without stretches they share one, which keeps the colour of the light.
    """
    if not isinstance(layer, QgsRasterLayer):
        return
    if not stretches:
        lows, highs = zip(*(_stretch(layer, band) for band in bands), strict=True)
        stretches = [(min(lows), max(highs))] * len(bands)
    red, green, blue = (
        _enhancement(layer, band, stretch) for band, stretch in zip(bands, stretches, strict=True)
    )
    renderer = QgsMultiBandColorRenderer(layer.dataProvider(), *bands)
    renderer.setRedContrastEnhancement(red)
    renderer.setGreenContrastEnhancement(green)
    renderer.setBlueContrastEnhancement(blue)
    layer.setRenderer(renderer)


def style_bands(layer: QgsMapLayer, bands: Sequence[str], day: date | None) -> None:
    """Show colours as such, other rasters by one band, on the day that they show."""
    names = [name.casefold() for name in bands]
    if all(colour in names for colour in COLOURS):
        style_colours(layer, [names.index(colour) + 1 for colour in COLOURS])
    elif len(names) == len(COLOURS) and tuple(bands) != PANCHROMATIC:
        style_colours(layer)
    else:
        style_light(layer, len(names))
    set_day(layer, day)


def set_day(layer: QgsMapLayer, day: date | None) -> None:
    """Say which day (UTC) a raster shows, where that is known."""
    if day is not None:
        set_dates(layer, day, day)


def _stretch(layer: QgsRasterLayer, band: int) -> Stretch:
    low, high = layer.dataProvider().cumulativeCut(band, *_SHARES, layer.extent(), _SAMPLE)
    if not np.isfinite([low, high]).all():
        return 0.0, 1.0
    # Where nearly all is dark, even that share of the cells is; the brightest cells tell then.
    if high <= low:
        statistics = layer.dataProvider().bandStatistics(
            band, Qgis.RasterBandStatistic.Max, layer.extent(), _SAMPLE
        )
        high = statistics.maximumValue
    return low, high if high > low else low + 1.0


def _enhancement(layer: QgsRasterLayer, band: int, stretch: Stretch) -> QgsContrastEnhancement:
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(band))
    enhancement.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    enhancement.setMinimumValue(stretch[0])
    enhancement.setMaximumValue(stretch[1])
    return enhancement
