"""Classes of the Degree of Urbanisation: values, names, and the colours of the GHSL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.rasters import RasterClass

# GHSL Data Package 2023: GHS-SMOD at level 2, GHS-DUC at level 1.
_COLOURS: Final = {
    30: "#ff0000",
    23: "#732600",
    22: "#a87000",
    21: "#ffff00",
    13: "#375623",
    12: "#abcd66",
    11: "#cdf57a",
    10: "#7ab6f5",
    3: "#ff0000",
    2: "#ffaa00",
    1: "#73b273",
    0: "#7ab6f5",
}
_OUTLINE: Final = "#4d4d4d"


def cell_class_words() -> dict[int, str]:
    """Names of the classes of cells."""
    translate = QCoreApplication.translate
    return {
        30: translate("Dbar", "Urban centre"),
        23: translate("Dbar", "Dense urban cluster"),
        22: translate("Dbar", "Semi-dense urban cluster"),
        21: translate("Dbar", "Suburban or peri-urban"),
        13: translate("Dbar", "Rural cluster"),
        12: translate("Dbar", "Low-density rural"),
        11: translate("Dbar", "Very low-density rural"),
        10: translate("Dbar", "Water"),
        3: translate("Dbar", "Urban centre"),
        2: translate("Dbar", "Urban cluster"),
        1: translate("Dbar", "Rural"),
        0: translate("Dbar", "Water"),
    }


def unit_class_words() -> dict[int, str]:
    """Names of the classes of units."""
    translate = QCoreApplication.translate
    return {
        30: translate("Dbar", "City"),
        23: translate("Dbar", "Dense town"),
        22: translate("Dbar", "Semi-dense town"),
        21: translate("Dbar", "Suburban or peri-urban area"),
        13: translate("Dbar", "Village"),
        12: translate("Dbar", "Dispersed rural area"),
        11: translate("Dbar", "Mostly uninhabited area"),
        3: translate("Dbar", "City"),
        2: translate("Dbar", "Town or semi-dense area"),
        1: translate("Dbar", "Rural area"),
    }


def cell_classes(level: int) -> list[RasterClass]:
    """Return the classes of a raster of a level, the densest first."""
    words = cell_class_words()
    return [RasterClass(value, _COLOURS[value], words[value]) for value in _values(level, words)]


def colour_table(level: int) -> dict[int, tuple[int, int, int, int]]:
    """Return the colours of the classes of a level, for a raster's own colour table."""
    colours = {item.value: QColor(item.colour) for item in cell_classes(level)}
    return {
        value: (colour.red(), colour.green(), colour.blue(), colour.alpha())
        for value, colour in colours.items()
    }


def _values(level: int, words: Mapping[int, str]) -> list[int]:
    return [value for value in words if (value > 3) == (level == 2)]


def style_units(layer: QgsVectorLayer, field: str, level: int) -> None:
    """Colour units by their class."""
    words = unit_class_words()
    _style(layer, field, {value: words[value] for value in _values(level, words)})


def style_places(layer: QgsVectorLayer, field: str, values: Sequence[int]) -> None:
    """Colour centres and clusters by their class."""
    words = cell_class_words()
    _style(layer, field, {value: words[value] for value in values})


def _style(layer: QgsVectorLayer, field: str, words: Mapping[int, str]) -> None:
    categories = []
    for value, label in words.items():
        symbol = QgsFillSymbol.createSimple(
            {"color": _COLOURS[value], "outline_color": _OUTLINE, "outline_width": "0.1"}
        )
        categories.append(QgsRendererCategory(value, symbol, label))
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
