"""What the algorithms that start from rasters of classes share: periods, years, tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsRasterLayer,
)

from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers
from dbar_qgis_plugin.algorithms.outputs import (
    unique_names,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import LandDegradationAlgorithm
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance import BASELINE
from dbar_qgis_plugin.pipelines.sdg_15_3_1.ldn_balance_tables import column_ending
from dbar_qgis_plugin.pipelines.years import years_in_name

Translate = Callable[[str, str], str]
Years = tuple[int, int] | None


class Periods(NamedTuple):
    """Rasters of the reporting periods, in the order given, what each is called, and its years."""

    rasters: tuple[RasterInput, ...]
    labels: tuple[str, ...]
    years: tuple[Years, ...]


class ClassRasterAlgorithm(TableWriter, LandDegradationAlgorithm):
    """Base of the algorithms that start from rasters of classes."""

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
