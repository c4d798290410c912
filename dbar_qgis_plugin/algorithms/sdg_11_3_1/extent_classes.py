"""Classes of the urban extent and types of growth: values, names and colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsFillSymbol,
    QgsPalLayerSettings,
    QgsRendererCategory,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.rasters import RasterClass
from dbar_qgis_plugin.pipelines.years import year_number, year_text

_CLASS_COLOURS: Final = {
    1: "#b10026",
    2: "#fd8d3c",
    3: "#a6761d",
    4: "#b2df8a",
    5: "#33a02c",
    6: "#f2f0e6",
    7: "#9ecae1",
    8: "#3182bd",
    9: "#deebf7",
}
_TYPE_COLOURS: Final = {
    1: "#7b3294",
    2: "#e66101",
    3: "#d01c8b",
    4: "#fdb863",
    5: "#8c6d31",
    0: "#f2f2f2",
}
_LEI_COLOURS: Final = {"infilling": "#7b3294", "edge": "#e66101", "outlying": "#d01c8b"}
_OUTLINE: Final = "#333333"


def extent_class_words() -> dict[int, str]:
    """Names of the classes of cells."""
    translate = QCoreApplication.translate
    return {
        1: translate("Dbar", "Urban built-up"),
        2: translate("Dbar", "Suburban built-up"),
        3: translate("Dbar", "Rural built-up"),
        4: translate("Dbar", "Fringe open land"),
        5: translate("Dbar", "Captured open land"),
        6: translate("Dbar", "Rural open land"),
        7: translate("Dbar", "Fringe open water"),
        8: translate("Dbar", "Captured open water"),
        9: translate("Dbar", "Rural open water"),
    }


def growth_type_words() -> dict[int, str]:
    """Names of the types of growth."""
    translate = QCoreApplication.translate
    return {
        1: translate("Dbar", "Infill"),
        2: translate("Dbar", "Extension"),
        3: translate("Dbar", "Leapfrog"),
        4: translate("Dbar", "Inclusion"),
        5: translate("Dbar", "New rural built-up"),
        0: translate("Dbar", "No growth"),
    }


def growth_words() -> dict[str, str]:
    """Names of the rows of the table of types."""
    translate = QCoreApplication.translate
    by_type = dict(
        zip(
            ("infill", "extension", "leapfrog", "inclusion", "rural"),
            growth_type_words().values(),
            strict=False,
        )
    )
    return {**by_type, **lei_words(), "all": translate("Dbar", "All new patches")}


def lei_words() -> dict[str, str]:
    """Names of the types of new patches by their landscape expansion index."""
    translate = QCoreApplication.translate
    return {
        "infilling": translate("Dbar", "Infilling (LEI above 50)"),
        "edge": translate("Dbar", "Edge expansion (LEI above 0, up to 50)"),
        "outlying": translate("Dbar", "Outlying (LEI 0)"),
    }


def extent_classes() -> list[RasterClass]:
    """Return the classes of a raster of the urban extent."""
    return _raster_classes(extent_class_words(), _CLASS_COLOURS)


def growth_types() -> list[RasterClass]:
    """Return the classes of a raster of types of growth."""
    return _raster_classes(growth_type_words(), _TYPE_COLOURS)


def _raster_classes(words: Mapping[int, str], colours: Mapping[int, str]) -> list[RasterClass]:
    return [RasterClass(value, colours[value], label) for value, label in words.items()]


def style_extents(
    layer: QgsVectorLayer, name_field: str, year_field: str, years: Sequence[float]
) -> None:
    """Outline parts of the urban extent, darker from date to date, and name those of the last."""
    categories = []
    for number, year in enumerate(years, start=1):
        share = number / len(years)
        colour = QColor(_OUTLINE).lighter(round(100 + 300 * (1.0 - share)))
        symbol = QgsFillSymbol.createSimple(
            {
                "style": "no",
                "outline_color": colour.name(),
                "outline_width": f"{0.2 + 0.3 * share:.2f}",
            }
        )
        categories.append(QgsRendererCategory(year_number(year), symbol, year_text(year)))
    layer.setRenderer(QgsCategorizedSymbolRenderer(year_field, categories))
    settings = QgsPalLayerSettings()
    settings.fieldName = f'if("{year_field}" = {years[-1]!r}, "{name_field}", NULL)'
    settings.isExpression = True
    settings.placement = Qgis.LabelPlacement.Horizontal
    text = settings.format()
    halo = text.buffer()
    halo.setEnabled(True)
    text.setBuffer(halo)
    settings.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def style_patches(layer: QgsVectorLayer, field: str) -> None:
    """Colour new patches by their type."""
    categories = []
    for value, label in lei_words().items():
        symbol = QgsFillSymbol.createSimple(
            {
                "color": _LEI_COLOURS[value],
                "outline_color": _LEI_COLOURS[value],
                "outline_width": "0.1",
            }
        )
        categories.append(QgsRendererCategory(value, symbol, label))
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
