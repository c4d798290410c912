"""Zones: the polygons of an optional parameter, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.inputs import (
    Polygons,
    field_texts,
    name_field,
    read_polygons,
    report_polygons,
)

# Names beyond this many are counted, not listed.
_LISTED: Final = 10


class Zones(NamedTuple):
    """Polygons, their names, and what the log was told of them, for reports."""

    polygons: Polygons
    names: list[str]
    warnings: list[str]


def read_zones(
    algorithm: QgsProcessingAlgorithm,
    parameters: Mapping[str, Any],
    zones_name: str,
    field_name: str,
    context: QgsProcessingContext,
    feedback: QgsProcessingFeedback,
) -> Zones | None:
    """Read zones, named by the field chosen, else by their first text field; None without any.

    A zone whose name is empty is told by its number, and so said in the log.
    """
    values = dict(parameters)
    source = algorithm.parameterAsSource(values, zones_name, context)
    if source is None:
        if values.get(zones_name) not in (None, ""):
            raise QgsProcessingException(algorithm.invalidSourceError(values, zones_name))
        return None
    polygons = read_polygons(source, feedback)
    numbered = QCoreApplication.translate("Dbar", "feature {id}")
    names = [numbered.format(id=feature.id()) for feature in polygons.features]
    field = name_field(algorithm, values, field_name, source.fields(), context)
    warnings = []
    if field:
        given = field_texts(polygons.features, field, [""] * len(names))
        empty = [number for number, text in zip(names, given, strict=True) if not text]
        if empty:
            text = QCoreApplication.translate(
                "Dbar",
                "Zones with an empty name in “{field}” ({count}), told by their numbers: {names}",
            )
            listed = ", ".join(empty[:_LISTED]) + (", …" if len(empty) > _LISTED else "")
            warnings.append(text.format(field=field, count=len(empty), names=listed))
            feedback.pushWarning(warnings[-1])
        names = [text or number for text, number in zip(given, names, strict=True)]
    report_polygons(polygons, names, feedback)
    return Zones(polygons, names, warnings)
