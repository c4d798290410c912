"""The result tables as layers: fields with labels, rows, and the look of what is loaded."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsFeature, QgsField, QgsFields, QgsLayerMetadata, QgsVectorLayer
from qgis.PyQt.QtCore import QDate

from dbar_qgis_plugin.algorithms.outputs import column_field, unique_names
from dbar_qgis_plugin.algorithms.sdg_11_3_1.columns import column_label, short_name

# Pixels of a column in the attribute table, so that its heading can be read.
_NARROWEST, _PER_LETTER = 100, 9

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class ResultTable:
    """Fields and rows of an output.

    fields, rows : what is written
    names : for each result column the field it has become
    own_names : for each field of the input the one it has become
    labels : for each field its name for people, with unit and formula
    """

    fields: QgsFields
    rows: list[list[Any]]
    names: dict[str, str]
    own_names: dict[str, str]
    labels: dict[str, str]

    @property
    def renamed(self) -> dict[str, str]:
        """The names that had to change for the file format, or because both sides have them."""
        every = (*self.own_names.items(), *self.names.items())
        return {name: field for name, field in every if name != field}


def result_table(
    columns: Columns,
    formula: str,
    limit: int | None,
    own_fields: QgsFields | None = None,
    features: Sequence[QgsFeature] = (),
) -> ResultTable:
    """Make the table of result columns, after the input's own fields where there are any.

    Parameters
    ----------
    columns : mapping
        Column name to values.
    formula : str
        Formula id, written into the labels of the fields that depend on it.
    limit : int, optional
        How long the file format lets names be.
    own_fields, features
        The input's fields and features, one per row.
    """
    own = [QgsField(field) for field in own_fields or ()]
    wanted = [short_name(name) if limit else name for name in columns]
    # Ours come first: models and styles rely on them, and a field that clashes is renamed.
    names = unique_names([*wanted, *(field.name() for field in own)], limit)
    ours = dict(zip(columns, names, strict=False))
    own_names = {f.name(): name for f, name in zip(own, names[len(wanted) :], strict=True)}
    labels = {field: column_label(column, formula) for column, field in ours.items()}
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


def with_periods(columns: Columns) -> dict[str, Sequence[Any]]:
    """Add the dates on which the intervals begin and end, for QGIS's temporal controller."""
    result: dict[str, Sequence[Any]] = {}
    for name, values in columns.items():
        result[name] = values
        if name == "year_end":
            result["period_start"] = [first_day(year) for year in columns["year_start"]]
            result["period_end"] = [first_day(year) for year in values]
    return result


def first_day(year: float) -> QDate:
    """Return the day on which a year, or the given share of it, begins."""
    whole = int(year)
    days = 366 if calendar.isleap(whole) else 365
    return QDate(whole, 1, 1).addDays(round((year - whole) * days))


def describe_layer(layer: QgsVectorLayer, table: ResultTable, metadata: QgsLayerMetadata) -> None:
    """Give a layer its field labels, which many formats do not hold, and its metadata."""
    for name, label in table.labels.items():
        layer.setFieldAlias(layer.fields().lookupField(name), label)
    widths = layer.attributeTableConfig()
    widths.update(layer.fields())
    for position, column in enumerate(widths.columns()):
        label = table.labels.get(column.name, column.name)
        widths.setColumnWidth(position, max(_NARROWEST, _PER_LETTER * len(label)))
    layer.setAttributeTableConfig(widths)
    metadata = QgsLayerMetadata(metadata)
    metadata.setCrs(layer.crs())
    layer.setMetadata(metadata)
