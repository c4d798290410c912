"""The tables of `landdegradationsummary` as layers: fields with labels, and the map of zones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsFeature,
    QgsField,
    QgsFields,
    QgsFillSymbol,
    QgsPalLayerSettings,
    QgsRuleBasedRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QColor

from dbar_qgis_plugin.algorithms.outputs import column_field, unique_names
from dbar_qgis_plugin.algorithms.sdg_11_3_1.tables import ResultTable
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import palette

# Stems for dBase.
_SHORT_NAMES: Final = {
    "degraded_pct": "DEGR_PCT",
    "degraded_pct_land": "PCT_LAND",
    "degraded_pct_te": "PCT_TE",
    "degraded_pct_data": "PCT_DATA",
    "degraded_km2": "DEGR_KM2",
    "improved_km2": "IMPR_KM2",
    "pop_degraded": "POP_DEGR",
    "pop_improved": "POP_IMPR",
    "pop_stable": "POP_STABLE",
    "pop_nodata": "POP_NODATA",
    "pop_degraded_pct": "POP_D_PCT",
    "row_class": "ROW_CLASS",
    "column_class": "COL_CLASS",
    "column_name": "COL_NAME",
    "soc_initial_t": "SOC_INI_T",
    "soc_final_t": "SOC_FIN_T",
}

# Fixed, so that maps of different runs can be compared; percent of the denominator.
_BREAKS: Final = (0.0, 5.0, 10.0, 20.0, 40.0, 100.0)
_NO_DATA_COLOUR: Final = "#d9d9d9"
_OUTLINE: Final = {"outline_color": "#52616f", "outline_width": "0.2"}


def summary_table(
    columns: Mapping[str, Sequence[Any]],
    limit: int | None,
    own_fields: QgsFields | None = None,
    features: Sequence[QgsFeature] = (),
) -> ResultTable:
    """Make the table of result columns, after the input's own fields where there are any.

    `limit` is how long the file format lets names be.
    """
    own = [QgsField(field) for field in own_fields or ()]
    wanted = [_SHORT_NAMES.get(name, name) if limit else name for name in columns]
    # Ours come first: models and styles rely on them, and a field that clashes is renamed.
    names = unique_names([*wanted, *(field.name() for field in own)], limit)
    ours = dict(zip(columns, names, strict=False))
    own_names = {field.name(): name for field, name in zip(own, names[len(wanted) :], strict=True)}
    known = column_labels()
    labels = {ours[column]: known[column] for column in columns}
    fields = QgsFields()
    for field in own:
        field.setName(own_names[field.name()])
        if field.alias():
            labels[field.name()] = field.alias()
        # Few formats hold these two, and QGIS warns for each field of the others.
        field.setAlias("")
        field.setComment("")
        fields.append(field)
    for column, values in columns.items():
        fields.append(column_field(ours[column], values))
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    if own:
        rows = [f.attributes() + row for f, row in zip(features, rows, strict=True)]
    return ResultTable(fields, rows, ours, own_names, labels)


def column_labels() -> dict[str, str]:
    """Return the names of the columns for people, with their units."""
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "level": translate("Dbar", "Level"),
        "degraded_pct": translate("Dbar", "Degraded, by the denominator chosen (%)"),
        "degraded_pct_land": translate("Dbar", "Degraded, of land without inland water (%)"),
        "degraded_pct_te": translate("Dbar", "Degraded, of all area, as in Trends.Earth (%)"),
        "degraded_pct_data": translate("Dbar", "Degraded, of land with data (%)"),
        "degraded_km2": translate("Dbar", "Degraded land (km²)"),
        "stable_km2": translate("Dbar", "Stable land (km²)"),
        "improved_km2": translate("Dbar", "Improved land (km²)"),
        "nodata_km2": translate("Dbar", "Land without data (km²)"),
        "land_km2": translate("Dbar", "Land (km²)"),
        "water_km2": translate("Dbar", "Inland water (km²)"),
        "total_km2": translate("Dbar", "All area (km²)"),
        "pop_degraded": translate("Dbar", "Persons on degraded land"),
        "pop_stable": translate("Dbar", "Persons on stable land"),
        "pop_improved": translate("Dbar", "Persons on improved land"),
        "pop_nodata": translate("Dbar", "Persons on land without data"),
        "pop_water": translate("Dbar", "Persons on inland water"),
        "pop_degraded_pct": translate("Dbar", "Persons on degraded land, of land with data (%)"),
        "flags": translate("Dbar", "Flags"),
        "table": translate("Dbar", "Table"),
        "row_class": translate("Dbar", "Row, class"),
        "row_name": translate("Dbar", "Row"),
        "column_class": translate("Dbar", "Column, class"),
        "column_name": translate("Dbar", "Column"),
        "km2": translate("Dbar", "Area (km²)"),
        "persons": translate("Dbar", "Persons"),
        "soc_initial_t": translate("Dbar", "Soil organic carbon at the start (t)"),
        "soc_final_t": translate("Dbar", "Soil organic carbon at the end (t)"),
    }


def style_zones(layer: QgsVectorLayer, percent_field: str, name_field: str) -> None:
    """Colour zones by the proportion degraded, and write their names."""
    degraded, stable, _ = palette()
    root = QgsRuleBasedRenderer.Rule(None)
    count = len(_BREAKS) - 1
    last = _BREAKS[-1]
    for step, (low, high) in enumerate(pairwise(_BREAKS)):
        upper = "<=" if high == last else "<"
        rule = QgsRuleBasedRenderer.Rule(
            _fill(_mixed(stable, degraded, step / (count - 1))),
            0,
            0,
            f'"{percent_field}" >= {low:g} AND "{percent_field}" {upper} {high:g}',
            f"{low:g} – {high:g} %",
        )
        root.appendChild(rule)
    missing = QgsRuleBasedRenderer.Rule(
        _fill(_NO_DATA_COLOUR), 0, 0, "ELSE", QCoreApplication.translate("Dbar", "No data")
    )
    root.appendChild(missing)
    layer.setRenderer(QgsRuleBasedRenderer(root))
    settings = QgsPalLayerSettings()
    settings.fieldName = (
        f"concat(\"{name_field}\", '\\n' || format_number(\"{percent_field}\", 1) || ' %')"
        if name_field
        else f"format_number(\"{percent_field}\", 1) || ' %'"
    )
    settings.isExpression = True
    text = QgsTextFormat()
    text.setSize(9)
    halo = QgsTextBufferSettings()
    halo.setEnabled(True)
    halo.setSize(0.8)
    text.setBuffer(halo)
    settings.setFormat(text)
    settings.placement = Qgis.LabelPlacement.OverPoint
    layer.setLabeling(QgsVectorLayerSimpleLabeling(settings))
    layer.setLabelsEnabled(True)


def _fill(colour: str) -> QgsFillSymbol:
    return QgsFillSymbol.createSimple({"color": colour, **_OUTLINE})


def _mixed(first: str, second: str, share: float) -> str:
    one, two = QColor(first).getRgb()[:3], QColor(second).getRgb()[:3]
    return QColor(*(round(a + (b - a) * share) for a, b in zip(one, two, strict=True))).name()
