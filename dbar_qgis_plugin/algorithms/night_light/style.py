"""How night lights look: from the dark to white, or in their colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from qgis.core import (
    Qgis,
    QgsColorRampShader,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsMapLayer,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.night_light.light_styles import show_colour

# A ramp of growing lightness, which also reads without colour.
_DARK, _BRIGHT = "#0b0b1e", "#fffbe6"
_BETWEEN: Final = ((0.3, "#43306f"), (0.6, "#b5543f"), (0.85, "#f6b53c"))
_SHARES: Final = (0.02, 0.98)  # of the values, between which colours are spread
_SAMPLE: Final = 250_000  # cells looked at for that
_STEPS: Final = 7


def style_light(layer: QgsMapLayer, band: int = 1, *, unit: str = "") -> None:
    """Show one band of light, spread between its 2nd and 98th percentile."""
    if not isinstance(layer, QgsRasterLayer):
        return
    low, high = _range(layer, band)
    ramp = QgsGradientColorRamp(
        QColor(_DARK),
        QColor(_BRIGHT),
        False,
        [QgsGradientStop(share, QColor(colour)) for share, colour in _BETWEEN],
    )
    shader = QgsColorRampShader(low, high, ramp)
    shader.setColorRampType(Qgis.ShaderInterpolationMethod.Linear)
    shader.setColorRampItemList(
        [
            QgsColorRampShader.ColorRampItem(value, ramp.color(share), _label(value, unit))
            for share, value in zip(
                np.linspace(0.0, 1.0, _STEPS), np.linspace(low, high, _STEPS), strict=True
            )
        ]
    )
    raster_shader = QgsRasterShader(low, high)
    raster_shader.setRasterShaderFunction(shader)
    layer.setRenderer(QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, raster_shader))


def style_colours(layer: QgsMapLayer, bands: Sequence[int] = (1, 2, 3)) -> None:
    """Show red, green and blue in one common stretch, which keeps the colour of the light."""
    if not isinstance(layer, QgsRasterLayer):
        return
    ranges = [_range(layer, band) for band in bands]
    common = min(low for low, _ in ranges), max(high for _, high in ranges)
    show_colour(layer, [common] * len(bands), bands)


def _range(layer: QgsRasterLayer, band: int) -> tuple[float, float]:
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


def _label(value: float, unit: str) -> str:
    return f"{value:.3g} {unit}".strip()
