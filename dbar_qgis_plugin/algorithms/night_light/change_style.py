"""How change of night light looks: from purple, where light went, to orange, where it came."""

from __future__ import annotations

from typing import Final

from qgis.core import (
    QgsClassificationRange,
    QgsFillSymbol,
    QgsGraduatedSymbolRenderer,
    QgsMapLayer,
    QgsRasterLayer,
    QgsRendererRange,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.night_light.style import set_ramp
from dbar_qgis_plugin.algorithms.rasters import RasterClass

# Both ends are told apart with any colour vision, and are darker than the middle.
_LOST, _DIMMED, _STABLE, _BRIGHTENED, _NEW = (
    "#542788",
    "#998ec3",
    "#e8e8e8",
    "#f1a340",
    "#b35806",
)
_DARK: Final = "#1b1b2f"
# Change of a zone's light in percent, from the lower to the upper border.
_RANGES: Final = (
    (-1000.0, -50.0, _LOST),
    (-50.0, -10.0, _DIMMED),
    (-10.0, 10.0, _STABLE),
    (10.0, 50.0, _BRIGHTENED),
    (50.0, 1e9, _NEW),
)


def light_change_classes() -> list[RasterClass]:
    """Return the classes of change."""
    translate = QCoreApplication.translate
    return [
        RasterClass(0, _DARK, translate("Dbar", "Dark on both dates")),
        RasterClass(1, _LOST, translate("Dbar", "Lost")),
        RasterClass(2, _DIMMED, translate("Dbar", "Dimmed")),
        RasterClass(3, _STABLE, translate("Dbar", "Stable")),
        RasterClass(4, _BRIGHTENED, translate("Dbar", "Brightened")),
        RasterClass(5, _NEW, translate("Dbar", "New")),
    ]


def style_ratio(layer: QgsMapLayer, band: int) -> None:
    """Show change as a share of the light before, which has no data where it was dark."""
    if not isinstance(layer, QgsRasterLayer):
        return
    shares = (-1.0, -0.5, 0.0, 0.5, 1.0)
    colours = (_LOST, _DIMMED, _STABLE, _BRIGHTENED, _NEW)
    set_ramp(
        layer,
        band,
        [
            (share, QColor(colour), f"{100.0 * share:+g} %")
            for share, colour in zip(shares, colours, strict=True)
        ],
    )


def style_zone_change(layer: QgsVectorLayer, field: str) -> None:
    """Show zones by the change of their light in percent."""
    ranges = []
    for low, high, colour in _RANGES:
        symbol = QgsFillSymbol.createSimple(
            {"color": colour, "outline_color": "#52616f", "outline_width": "0.2"}
        )
        if low == _RANGES[0][0]:
            label = f"< {high:+g} %"
        elif high == _RANGES[-1][1]:
            label = f"> {low:+g} %"
        else:
            label = f"{low:+g} – {high:+g} %"
        ranges.append(QgsRendererRange(QgsClassificationRange(label, low, high), symbol))
    layer.setRenderer(QgsGraduatedSymbolRenderer(field, ranges))
