"""The tables of `nightlightstatistics` as layers: names of fields, and classes."""

from __future__ import annotations

import math
from typing import Final

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsClassificationQuantile,
    QgsFillSymbol,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsGraduatedSymbolRenderer,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

_OUTLINE: Final = {"outline_color": "#52616f", "outline_width": "0.2"}
_CLASSES: Final = 5
_MOST_DECIMALS: Final = 12

# Stems for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "power_w_sr": "POWER_W_SR",
    "n_saturated": "N_SATUR",
    "cnli_reference": "CNLI_REF",
    "trend_dates": "TR_DATES",
    "trend_slope": "TR_SLOPE",
    "trend_pct": "TR_PCT",
    "trend_p": "TR_P",
    "trend_of": "TREND_OF",
}


def short_name(column: str) -> str:
    """Return a column's name in at most ten letters where it can be said so."""
    return _SHORT.get(column, column)


def column_labels() -> dict[str, str]:
    """Return the names of the columns for people, with their units."""
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "date": translate("Dbar", "Date"),
        "date_end": translate("Dbar", "Ends before"),
        "raster": translate("Dbar", "Raster"),
        "unit": translate("Dbar", "Unit of the light"),
        "tnl": translate("Dbar", "Total night light (TNL)"),
        "power_w_sr": translate("Dbar", "Light power (W/sr)"),
        "antl": translate("Dbar", "Average night light (ANTL)"),
        "mntl": translate("Dbar", "Mean of lit cells (MNTL)"),
        "sd": translate("Dbar", "Standard deviation of light"),
        "max": translate("Dbar", "Largest light"),
        "lit_km2": translate("Dbar", "Lit area (km²)"),
        "lit_share": translate("Dbar", "Lit share of the area with data (0–1)"),
        "n_valid": translate("Dbar", "Cells with data"),
        "n_nodata": translate("Dbar", "Cells without data"),
        "n_lit": translate("Dbar", "Lit cells"),
        "n_saturated": translate("Dbar", "Saturated cells"),
        "cnli": translate("Dbar", "Compounded night light index (CNLI)"),
        "cnli_reference": translate("Dbar", "Full light of the CNLI"),
        "cnli_max": translate("Dbar", "CNLI with the largest light"),
        "gini": translate("Dbar", "Gini coefficient of light"),
        "theil": translate("Dbar", "Theil index of light"),
        "nldi": translate("Dbar", "Night Light Development Index (NLDI)"),
        "people": translate("Dbar", "Persons on the cells of the NLDI"),
        "valid_km2": translate("Dbar", "Area with data (km²)"),
        "trend_of": translate("Dbar", "Statistic of the trend"),
        "trend_dates": translate("Dbar", "Dates of the trend"),
        "trend_slope": translate("Dbar", "Slope of the trend (per year)"),
        "trend_pct": translate("Dbar", "Slope of the trend (% of the mean per year)"),
        "trend_p": translate("Dbar", "p value of the trend"),
        "trend": translate("Dbar", "Trend"),
        "flags": translate("Dbar", "Flags"),
    }


def style_light(layer: QgsVectorLayer, field: str) -> None:
    """Colour zones by their light, from dark to yellow-white, as many zones to each colour."""
    ramp = QgsGradientColorRamp(
        QColor("#1d2a44"),
        QColor("#fff6cc"),
        False,
        [QgsGradientStop(0.4, QColor("#8a4f7d")), QgsGradientStop(0.75, QColor("#f2a65a"))],
    )
    renderer = QgsGraduatedSymbolRenderer(field)
    renderer.setSourceSymbol(_fill("#cccccc"))
    renderer.setSourceColorRamp(ramp)
    method = QgsClassificationQuantile()
    # Light may be a hundred nW cm-2 sr-1, or a millionth of a W m-2 sr-1 um-1.
    largest = layer.maximumValue(layer.fields().lookupField(field))
    if isinstance(largest, float) and largest > 0.0:
        method.setLabelPrecision(min(max(2 - math.floor(math.log10(largest)), 0), _MOST_DECIMALS))
    renderer.setClassificationMethod(method)
    renderer.updateClasses(layer, _CLASSES)
    layer.setRenderer(renderer)


def style_trend(layer: QgsVectorLayer, field: str) -> None:
    """Colour zones by the direction of their trend."""
    translate = QCoreApplication.translate
    layer.setRenderer(
        QgsCategorizedSymbolRenderer(
            field,
            [
                QgsRendererCategory(value, _fill(colour), label)
                for value, colour, label in (
                    ("rising", "#f2a65a", translate("Dbar", "Light rises")),
                    ("none", "#e6e6e6", translate("Dbar", "No trend")),
                    ("falling", "#3a6ea5", translate("Dbar", "Light falls")),
                    ("FEW_DATES", "#ffffff", translate("Dbar", "Too few dates")),
                )
            ],
        )
    )


def _fill(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({"color": colour, **_OUTLINE})
