"""Result columns as tables and layers, with names of fields for files and for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

from dbar_qgis_plugin.algorithms.base import DbarAlgorithm
from dbar_qgis_plugin.algorithms.outputs import (
    Look,
    Outputs,
    column_field,
    provenance,
    unique_names,
)


class TableWriter(DbarAlgorithm):
    """Base of the algorithms that write result columns as tables."""

    def write_table(
        self,
        outputs: Outputs,
        name: str,
        columns: Mapping[str, Sequence[Any]],
        labels: Mapping[str, str],
        command: str,
        *,
        own: tuple[QgsFields, Sequence[Sequence[Any]]] | None = None,
        shapes: Iterable[QgsGeometry] | None = None,
        crs: QgsCoordinateReferenceSystem | None = None,
        style: Callable[[QgsVectorLayer, Mapping[str, str]], None] | None = None,
        short: Callable[[str], str] = str,
    ) -> None:
        """Write result columns as a table whose fields are labelled for people.

        `own` holds fields and rows of the input that come first; `style` gets the layer and, for
        each column, the field it has become; `short` shortens names for formats that need it.
        """
        own_fields, own_rows = own if own is not None else (QgsFields(), [])
        # Ours come first: models and styles rely on them, and a field that clashes is renamed.
        limit = outputs.name_limit(name)
        own_names = [field.name() for field in own_fields]
        wanted = [*columns, *own_names]
        names = unique_names([*(map(short, columns) if limit else columns), *own_names], limit)
        ours = dict(zip(columns, names, strict=False))
        fields = QgsFields()
        for field, new in zip(own_fields, names[len(ours) :], strict=True):
            field.setName(new)
            # Few formats hold these two, and QGIS warns for each field of the others.
            field.setAlias("")
            field.setComment("")
            fields.append(field)
        for column, values in columns.items():
            fields.append(_field(ours[column], values))
        rows = [list(row) for row in zip(*columns.values(), strict=True)]
        if own is not None:
            rows = [[*before, *row] for before, row in zip(own_rows, rows, strict=True)]
        target = outputs.table(name, fields, rows, shapes, crs)
        if not target:
            return
        title = self._label(name)
        renamed = {old: new for old, new in zip(wanted, names, strict=True) if old != new}
        if renamed:
            outputs.say_renamed(title, renamed)
        metadata = provenance(self, title, self.shortDescription(), command)

        def finish(layer: QgsVectorLayer) -> None:
            for column, field in ours.items():
                if column in labels:
                    layer.setFieldAlias(layer.fields().lookupField(field), labels[column])
            if style is not None and layer.isSpatial():
                style(layer, ours)
            metadata.setCrs(layer.crs())
            layer.setMetadata(metadata)

        self.looks[target] = Look(finish)


def _field(name: str, values: Sequence[Any]) -> QgsField:
    """Make the field for a column; rasters may have more cells than 32 bits can count."""
    field = column_field(name, values)
    if field.type() == QMetaType.Type.Int and any(
        value is not None and abs(value) >= 1 << 31 for value in values
    ):
        return QgsField(name, QMetaType.Type.LongLong)
    return field
