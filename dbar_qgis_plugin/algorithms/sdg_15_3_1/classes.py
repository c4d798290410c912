"""Classes of the rasters of SDG 15.3.1: values, names, and colours in the palette of the settings.

The default palette is that of the UNCCD's PRAIS4 manual (purple, pale yellow, green), which most
colour-blind readers can tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.rasters import RasterClass
from dbar_qgis_plugin.algorithms.settings import PALETTE, PALETTES, SETTINGS_PATH

# Degraded, stable, improved.
_COLOURS: Final = {
    "unccd": ("#9b2779", "#ffffe0", "#006500"),
    "red_green": ("#d7191c", "#ffffbf", "#1a9641"),
}
LAND_COVER_COLOURS: Final = (
    "#1b7837",
    "#a6d96a",
    "#fee08b",
    "#4db6ac",
    "#b2182b",
    "#bdbdbd",
    "#2166ac",
)


def palette() -> tuple[str, str, str]:
    """Return the colours of degraded, stable and improved that the user has chosen."""
    chosen = QgsSettings().value(SETTINGS_PATH + PALETTE, PALETTES[0], type=str)
    return _COLOURS.get(chosen, _COLOURS[PALETTES[0]])


def _mixed(first: str, second: str, share: float) -> str:
    """Mix two colours; `share` is that of the second."""
    one, two = QColor(first), QColor(second)
    parts = (
        round(a + (b - a) * share)
        for a, b in (
            (one.red(), two.red()),
            (one.green(), two.green()),
            (one.blue(), two.blue()),
        )
    )
    return QColor(*parts).name()


def degradation_classes() -> list[RasterClass]:
    """-1, 0, 1: the indicator and its sub-indicators."""
    translate = QCoreApplication.translate
    degraded, stable, improved = palette()
    return [
        RasterClass(-1, degraded, translate("Dbar", "Degraded")),
        RasterClass(0, stable, translate("Dbar", "Stable")),
        RasterClass(1, improved, translate("Dbar", "Improved")),
    ]


def productivity_classes() -> list[RasterClass]:
    """1..5: land productivity dynamics."""
    translate = QCoreApplication.translate
    degraded, stable, improved = palette()
    return [
        RasterClass(1, degraded, translate("Dbar", "Declining")),
        RasterClass(2, _mixed(degraded, stable, 0.4), translate("Dbar", "Moderate decline")),
        RasterClass(3, _mixed(degraded, stable, 0.75), translate("Dbar", "Stressed")),
        RasterClass(4, stable, translate("Dbar", "Stable")),
        RasterClass(5, improved, translate("Dbar", "Increasing")),
    ]


def status_classes() -> list[RasterClass]:
    """1..7: status of a reporting period against the baseline."""
    translate = QCoreApplication.translate
    degraded, stable, improved = palette()
    return [
        RasterClass(1, degraded, translate("Dbar", "Persistent degradation")),
        RasterClass(2, _mixed(degraded, stable, 0.35), translate("Dbar", "Recent degradation")),
        RasterClass(3, _mixed(degraded, stable, 0.7), translate("Dbar", "Baseline degradation")),
        RasterClass(4, stable, translate("Dbar", "Stability")),
        RasterClass(5, _mixed(stable, improved, 0.3), translate("Dbar", "Baseline improvement")),
        RasterClass(6, _mixed(stable, improved, 0.65), translate("Dbar", "Recent improvement")),
        RasterClass(7, improved, translate("Dbar", "Persistent improvement")),
    ]


def significance_classes() -> list[RasterClass]:
    """-3..3: significance of a trend."""
    translate = QCoreApplication.translate
    degraded, stable, improved = palette()
    texts = (
        (-3, translate("Dbar", "Decrease, p < 0.01")),
        (-2, translate("Dbar", "Decrease, p < 0.05")),
        (-1, translate("Dbar", "Decrease, p < 0.1")),
        (0, translate("Dbar", "No significant trend")),
        (1, translate("Dbar", "Increase, p < 0.1")),
        (2, translate("Dbar", "Increase, p < 0.05")),
        (3, translate("Dbar", "Increase, p < 0.01")),
    )
    return [
        RasterClass(
            value, _mixed(stable, degraded if value < 0 else improved, abs(value) / 3), text
        )
        for value, text in texts
    ]


def land_cover_classes(names: Sequence[str] = ()) -> list[RasterClass]:
    """1..7 of the UNCCD's legend, or as many classes as a legend of the user's has."""
    translate = QCoreApplication.translate
    texts = list(names) or [
        translate("Dbar", "Tree-covered areas"),
        translate("Dbar", "Grassland"),
        translate("Dbar", "Cropland"),
        translate("Dbar", "Wetland"),
        translate("Dbar", "Artificial surfaces"),
        translate("Dbar", "Other land"),
        translate("Dbar", "Water bodies"),
    ]
    if len(texts) <= len(LAND_COVER_COLOURS):
        colours: Sequence[str] = LAND_COVER_COLOURS
    else:
        # Hues a golden angle apart: neighbours in the list are far apart in colour.
        colours = [
            QColor.fromHsv(int(number * 137.508) % 360, 150, 200).name()
            for number in range(len(texts))
        ]
    return [
        RasterClass(number, colour, text)
        for number, (colour, text) in enumerate(zip(colours, texts, strict=False), start=1)
    ]


def drought_classes() -> list[RasterClass]:
    """0..4: drought hazard. One hue that darkens, so not the palette of the settings."""
    translate = QCoreApplication.translate
    return [
        RasterClass(0, "#c7dbe8", translate("Dbar", "No drought")),
        RasterClass(1, "#fee391", translate("Dbar", "Mild drought")),
        RasterClass(2, "#fe9929", translate("Dbar", "Moderate drought")),
        RasterClass(3, "#cc4c02", translate("Dbar", "Severe drought")),
        RasterClass(4, "#662506", translate("Dbar", "Extreme drought")),
    ]
