"""What the algorithms that start from rasters of classes share: periods, years, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QMetaType

from dbar_qgis_plugin.algorithms.base import translated
from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers
from dbar_qgis_plugin.algorithms.outputs import (
    Look,
    Outputs,
    column_field,
    provenance,
    unique_names,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import LandDegradationAlgorithm
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.ldn_balance import BASELINE
from dbar_qgis_plugin.pipelines.ldn_balance_tables import column_ending
from dbar_qgis_plugin.pipelines.years import years_in_name
from dbar_qgis_plugin.raster_io.progress import Message

Translate = Callable[[str, str], str]
Years = tuple[int, int] | None


class Periods(NamedTuple):
    """Rasters of the reporting periods, in the order given, what each is called, and its years."""

    rasters: tuple[RasterInput, ...]
    labels: tuple[str, ...]
    years: tuple[Years, ...]


class ClassRasterAlgorithm(LandDegradationAlgorithm):
    """Base of the algorithms that start from rasters of classes."""

    def _layer(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsRasterLayer:
        layer = self.parameterAsRasterLayer(dict(parameters), name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(dict(parameters), name))
        return layer

    def _optional_source(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> QgsProcessingFeatureSource | None:
        """Return the features of an optional parameter; refuse what is given but does not open."""
        source = self.parameterAsSource(dict(parameters), name, context)
        if source is None and parameters.get(name) not in (None, ""):
            raise QgsProcessingException(self.invalidSourceError(dict(parameters), name))
        return source

    def _optional_raster(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> RasterInput | None:
        """Return an optional raster; refuse what is given but does not open."""
        return (
            None
            if parameters.get(name) in (None, "")
            else raster_input(self._layer(parameters, name, context))
        )

    def _periods(
        self,
        parameters: Mapping[str, Any],
        rasters_name: str,
        labels_name: str,
        context: QgsProcessingContext,
    ) -> Periods:
        """Pair the rasters of the periods with their names.

        A single raster of `dbar:degradationstatus` may hold several periods.
        """
        layers = raster_layers(self, parameters, rasters_name, context)
        if not layers:
            raise InputError(
                translate("Dbar", "{parameter}: choose at least one raster."),
                parameter=self._label(rasters_name),
            )
        found = [(layer, 1, "") for layer in layers]
        if len(layers) == 1:
            found = _status_bands(layers[0]) or found
        typed = [
            piece.strip()
            for piece in re.split(
                r"[,;，；、]", self.parameterAsString(dict(parameters), labels_name, context)
            )
            if piece.strip()
        ]
        labels = typed or _labels_from_names(found)
        where = self._label(labels_name)
        if len(labels) != len(found):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter} names {label_count} periods ({labels}), but there are {count} "
                    "rasters. There must be one for each.",
                ),
                parameter=where,
                label_count=len(labels),
                labels=", ".join(labels),
                count=len(found),
            )
        endings = [column_ending(label).casefold() for label in labels]
        for label, ending in zip(labels, endings, strict=True):
            if not ending or ending == BASELINE or endings.count(ending) > 1:
                raise InputError(
                    translate(
                        "Dbar",
                        "{parameter}: “{label}” cannot be the name of a period. Give each period a "
                        "name of its own with letters or digits, such as 2019.",
                    ),
                    parameter=where,
                    label=label,
                )
        rasters = tuple(raster_input(layer, band) for layer, band, _ in found)
        years = tuple(
            _span(years_in_name(label)) or layer_years(layer)
            for label, (layer, _, _) in zip(labels, found, strict=True)
        )
        return Periods(rasters, tuple(labels), years)

    def _say(
        self,
        notes: Iterable[Message],
        warnings: Iterable[Message],
        feedback: QgsProcessingFeedback,
    ) -> None:
        for note in notes:
            feedback.pushInfo(translated(note))
        for warning in warnings:
            feedback.pushWarning(translated(warning))

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


def layer_years(layer: QgsRasterLayer) -> Years:
    """Return the first and last year that a raster speaks of: its temporal range, else its name."""
    years = _temporal_years(layer)
    if years is None:
        # QGIS opens a file without the time that its sidecar style holds.
        styled = layer.clone()
        styled.loadDefaultStyle()
        years = _temporal_years(styled)
    return (
        years
        or _span(years_in_name(layer.name()))
        or _span(years_in_name(Path(layer.source().partition("|")[0]).stem))
    )


def _temporal_years(layer: QgsRasterLayer) -> Years:
    temporal = layer.temporalProperties()
    if not temporal.isActive() or temporal.mode() != Qgis.RasterTemporalMode.FixedTemporalRange:
        return None
    span = temporal.fixedTemporalRange()
    if not (span.begin().isValid() and span.end().isValid()):
        return None
    return span.begin().date().year(), span.end().date().year()


def joint_years(spans: Iterable[Years]) -> Years:
    """Return the years from the first to the last of several spans, as far as they are known."""
    known = [span for span in spans if span is not None]
    if not known:
        return None
    return min(first for first, _ in known), max(last for _, last in known)


def _span(years: Sequence[int]) -> Years:
    return (min(years), max(years)) if years else None


def _status_bands(layer: QgsRasterLayer) -> list[tuple[QgsRasterLayer, int, str]]:
    """Bands of a raster of `dbar:degradationstatus`, with the names of their periods."""
    provider = layer.dataProvider()
    found = []
    for band in range(1, layer.bandCount() + 1):
        match = re.fullmatch(r"status(?:_(?!3class)(.*))?", provider.bandDescription(band))
        if match is not None:
            found.append((layer, band, match[1] or ""))
    return found


def _labels_from_names(found: Sequence[tuple[QgsRasterLayer, int, str]]) -> list[str]:
    """Name each period by its band, else by the years of its raster, else by its layer."""
    labels = []
    for layer, _, band_label in found:
        years = layer_years(layer)
        if band_label:
            labels.append(band_label)
        elif years is not None:
            labels.append("-".join(map(str, dict.fromkeys(years))))
        else:
            labels.append(layer.name())
    if len({label.casefold() for label in labels}) < len(labels):
        labels = [layer.name() for layer, _, _ in found]
    return unique_names(labels)
