"""Types of urban growth between dates, and the landscape expansion index of new patches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_layers
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_period, style_classes
from dbar_qgis_plugin.algorithms.sdg_11_3_1.base import (
    UrbanAlgorithm,
    can_find_clusters,
    geometries,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.extent_classes import (
    growth_types,
    growth_words,
    lei_words,
    style_patches,
)
from dbar_qgis_plugin.algorithms.series import Series, raster_series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_growth import (
    BY_EXTENT,
    UrbanGrowthResult,
    UrbanGrowthTask,
    compute_urban_growth,
)
from dbar_qgis_plugin.pipelines.years import parse_years

Translate = Callable[[str, str], str]


class UrbanGrowthTypeAlgorithm(UrbanAlgorithm):
    """Types of urban growth."""

    NAME = "urbangrowthtype"
    ROLES: Final = {"EXTENTS": "urban_extent"}
    DATED_BY: Final = {"EXTENTS": "YEARS"}

    EXTENTS: Final = "EXTENTS"
    YEARS: Final = "YEARS"
    BUFFER_M: Final = "BUFFER_M"
    LEAST_HA: Final = "LEAST_HA"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_PATCHES: Final = "OUTPUT_PATCHES"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    N_PATCHES: Final = "N_PATCHES"
    MEAN_LEI: Final = "MEAN_LEI"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Types of urban growth")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,11.3.1,urban growth,expansion,sprawl,infill,extension,leapfrog,inclusion,"
            "landscape expansion index,LEI,patches",
        )
        return words.split(",")

    def canExecute(self) -> tuple[bool, str]:
        return can_find_clusters()

    def define(self) -> None:
        translate = QCoreApplication.translate
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.EXTENTS,
                translate("Dbar", "Classes of the urban extent, one raster or band per date"),
                kind.Raster,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.YEARS,
                translate("Dbar", "Years, such as 1990,2000,2015 (empty: read from the names)"),
                optional=True,
            )
        )
        self._add_number(
            self.BUFFER_M,
            translate("Dbar", "Look around new patches as far as (m; empty: the next cells)"),
            None,
            0.0,
            1e4,
        )
        self._add_number(
            self.LEAST_HA,
            translate("Dbar", "Outline new patches from (ha)"),
            0.0,
            0.0,
            advanced=True,
        )
        self._add_outputs(translate)

    def _add_outputs(self, translate: Translate) -> None:
        self._add_results(
            translate("Dbar", "Types of urban growth"),
            (self.OUTPUT_PATCHES, translate("Dbar", "New built-up patches")),
            translate("Dbar", "Growth by type and interval"),
            (
                (self.N_PATCHES, translate("Dbar", "New patches, last interval")),
                (self.MEAN_LEI, translate("Dbar", "Mean landscape expansion index, last interval")),
            ),
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._series(parameters, context)

    def _series(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> Series:
        label, years_label = self._label(self.EXTENTS), self._label(self.YEARS)
        layers = raster_layers(self, parameters, self.EXTENTS, context)
        years = parse_years(
            self.parameterAsString(dict(parameters), self.YEARS, context), years_label
        )
        if sum(layer.bandCount() for layer in layers) < 2:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: growth needs at least two dates; choose one raster per date, or "
                    "one raster with a band per date.",
                ),
                parameter=label,
            )
        return raster_series(label, layers, years, years_label)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._found = self._series(parameters, context)
        self._task = UrbanGrowthTask(
            extents=self._found.rasters,
            years=self._found.years,
            buffer_m=self._number_or_none(parameters, self.BUFFER_M, context),
            least_ha=self.parameterAsDouble(dict(parameters), self.LEAST_HA, context),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        self._say(self._found.notes, self._found.warnings, feedback)
        with Outputs(self, parameters, context, feedback) as outputs:
            task = replace(self._task, outlined=outputs.wants(self.OUTPUT_PATCHES))
            result = compute_urban_growth(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, self.NAME),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self._write(outputs, result, self.asPythonCommand(parameters, context))
        last = len(task.years) - 1

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, growth_types(), last)
            set_period(layer, task.years[-2], task.years[-1])

        self.raster_looks[outputs.results[self.OUTPUT]] = Look(style)
        # The last row is that of all patches in the last interval.
        return {
            **outputs.results,
            self.N_PATCHES: result.types["patches"][-1],
            self.MEAN_LEI: result.types["mean_lei"][-1],
        }

    def _write(self, outputs: Outputs, result: UrbanGrowthResult, command: str) -> None:
        schemes = {
            BY_EXTENT: QCoreApplication.translate("Dbar", "by the urban extent"),
        }
        by_lei = QCoreApplication.translate("Dbar", "by the landscape expansion index")
        words = growth_words()
        columns: dict[str, list[Any]] = {}
        for name, values in result.types.items():
            columns[name] = values
            if name == "type":
                columns["label"] = [
                    f"{words[kind]} ({schemes.get(scheme, by_lei)})"
                    for kind, scheme in zip(values, result.types["scheme"], strict=True)
                ]
        self.write_table(outputs, self.OUTPUT_TABLE, columns, _labels(), command, short=_short_name)
        if not outputs.wants(self.OUTPUT_PATCHES):
            return
        columns = {}
        for name, values in result.patches.items():
            columns[name] = values
            if name == "lei_type":
                columns["label"] = [lei_words().get(value, "") for value in values]

        def style(layer: QgsVectorLayer, fields: Mapping[str, str]) -> None:
            style_patches(layer, fields["lei_type"])

        self.write_table(
            outputs,
            self.OUTPUT_PATCHES,
            columns,
            _labels(),
            command,
            shapes=geometries(result.wkb),
            crs=QgsCoordinateReferenceSystem.fromWkt(result.crs),
            style=style,
            short=_short_name,
        )


# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "extension_km2": "EXTENS_KM2",
    "leapfrog_km2": "LEAPFR_KM2",
    "weighted_lei": "WEIGHT_LEI",
}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "year_start": translate("Dbar", "First year"),
        "year_end": translate("Dbar", "Last year"),
        "scheme": translate("Dbar", "Types told apart by (extent, lei)"),
        "type": translate("Dbar", "Type"),
        "label": translate("Dbar", "Type in words"),
        "cells": translate("Dbar", "Cells"),
        "area_km2": translate("Dbar", "Area (km²)"),
        "area_pct": translate("Dbar", "Share of the growth (%)"),
        "patches": translate("Dbar", "Patches"),
        "mean_lei": translate("Dbar", "Mean landscape expansion index"),
        "weighted_lei": translate("Dbar", "Landscape expansion index, weighted by area"),
        "lei": translate("Dbar", "Landscape expansion index (0–100)"),
        "lei_type": translate("Dbar", "Type by the index"),
        "infill_km2": translate("Dbar", "Infill (km²)"),
        "extension_km2": translate("Dbar", "Extension (km²)"),
        "leapfrog_km2": translate("Dbar", "Leapfrog (km²)"),
        "rural_km2": translate("Dbar", "New rural built-up (km²)"),
    }
