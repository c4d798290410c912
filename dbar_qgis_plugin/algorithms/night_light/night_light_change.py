"""Change of night light: normalised, classed, against a baseline, with outages by zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers
from dbar_qgis_plugin.algorithms.night_light.change_style import (
    light_change_classes,
    style_ratio,
    style_zone_change,
)
from dbar_qgis_plugin.algorithms.night_light.zoned import Translate, ZonedLightAlgorithm
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_dates, style_classes
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.pipelines.night_light.light_change import (
    LightChangeResult,
    LightChangeTask,
    LightScene,
    check_light_change,
    compute_light_change,
)
from dbar_qgis_plugin.pipelines.night_light.light_normalisation import NORMALISATIONS, PIF


class NightLightChangeAlgorithm(ZonedLightAlgorithm):
    """Change of night light."""

    NAME = "nightlightchange"
    ROLES: Final = {
        "BEFORE": "night_light",
        "AFTER": "night_light",
        "BASELINE": "night_light",
        "POPULATION": "population",
        "ZONES": "zones",
    }

    BEFORE: Final = "BEFORE"
    BEFORE_BAND: Final = "BEFORE_BAND"
    AFTER: Final = "AFTER"
    AFTER_BANDS: Final = "AFTER_BANDS"
    NORMALISE: Final = "NORMALISE"
    CHANGE: Final = "CHANGE"
    LIT_FROM: Final = "LIT_FROM"
    BASELINE: Final = "BASELINE"
    UNUSUAL: Final = "UNUSUAL"
    POPULATION: Final = "POPULATION"
    LIT_FROM_AFTER: Final = "LIT_FROM_AFTER"
    SATURATED: Final = "SATURATED"
    SATURATED_AFTER: Final = "SATURATED_AFTER"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_CLASSES: Final = "OUTPUT_CLASSES"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    OUTPUT_ZONES: Final = "OUTPUT_ZONES"
    FOUND_THRESHOLD: Final = "FOUND_THRESHOLD"
    SLOPE: Final = "SLOPE"
    OFFSET: Final = "OFFSET"
    STABLE_CELLS: Final = "STABLE_CELLS"
    RESIDUAL_SCALE: Final = "RESIDUAL_SCALE"
    R2: Final = "R2"
    CHANGE_PCT: Final = "CHANGE_PCT"
    OUTAGE_PCT: Final = "OUTAGE_PCT"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Night light change")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "night light,change,outage,blackout,disaster,normalisation,pseudo-invariant,difference,"
            "ratio,z-score,anomaly,population,SDGSAT,VIIRS,DMSP",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_light(QCoreApplication.translate)
        self._add_people(QCoreApplication.translate)
        self._add_limits(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_light(self, translate: Translate) -> None:
        self._add_raster(self.BEFORE, translate("Dbar", "Night light before"))
        self._add_band(
            self.BEFORE_BAND,
            translate("Dbar", "Band of the light before, where it is not the first"),
            self.BEFORE,
        )
        self._add_raster(self.AFTER, translate("Dbar", "Night light after"))
        self.add(
            QgsProcessingParameterBand(
                self.AFTER_BANDS,
                translate("Dbar", "Bands of the light after, where it is not the first"),
                parentLayerParameterName=self.AFTER,
                optional=True,
                allowMultiple=True,
            ),
            advanced=True,
        )
        self._add_enum(
            self.NORMALISE, translate("Dbar", "Normalisation by stable cells"), NORMALISATIONS
        )
        self._add_number(
            self.CHANGE,
            translate("Dbar", "Change from this share of the light before on"),
            0.3,
            0.0,
            100.0,
        )
        self._add_number(
            self.LIT_FROM,
            translate("Dbar", "Lit from this value on, before (empty: found)"),
            None,
            0.0,
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.BASELINE,
                translate("Dbar", "Baseline of usual light, three scenes or more"),
                Qgis.ProcessingSourceType.Raster,
                optional=True,
            )
        )
        self._add_number(
            self.UNUSUAL, translate("Dbar", "Unusual beyond this z-score"), 3.0, 0.0, 1000.0
        )

    def _add_people(self, translate: Translate) -> None:
        self._add_raster(
            self.POPULATION, translate("Dbar", "Population (persons per cell)"), optional=True
        )
        self._add_zones(translate)

    def _add_limits(self, translate: Translate) -> None:
        for name, label in (
            (
                self.LIT_FROM_AFTER,
                translate("Dbar", "Lit from this value on, after and in the baseline"),
            ),
            (self.SATURATED, translate("Dbar", "Saturated from this value on, before")),
            (
                self.SATURATED_AFTER,
                translate("Dbar", "Saturated from this value on, after and in the baseline"),
            ),
        ):
            self._add_number(name, label, None, 0.0, advanced=True)

    def _add_outputs(self, translate: Translate) -> None:
        for name, label in (
            (self.OUTPUT, translate("Dbar", "Light before and after, and its change")),
            (self.OUTPUT_CLASSES, translate("Dbar", "Classes of change")),
        ):
            self.add(QgsProcessingParameterRasterDestination(name, label))
        self._add_table(self.OUTPUT_TABLE, translate("Dbar", "Change by zone (table)"))
        self._add_table(self.OUTPUT_ZONES, translate("Dbar", "Change by zone"), polygons=True)
        for name, label in (
            (self.FOUND_THRESHOLD, translate("Dbar", "Lit from, before")),
            (self.SLOPE, translate("Dbar", "Slope of the normalisation")),
            (self.OFFSET, translate("Dbar", "Offset of the normalisation")),
            (self.STABLE_CELLS, translate("Dbar", "Stable cells that it rests on")),
            (self.RESIDUAL_SCALE, translate("Dbar", "Residual scale of these cells")),
            (self.R2, translate("Dbar", "R² of these cells")),
            (self.CHANGE_PCT, translate("Dbar", "Change of lit cells' light (%)")),
            (self.OUTAGE_PCT, translate("Dbar", "People whose light fell (%)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._check_zone_field(parameters, context)
        check_light_change(self._plan(parameters, context))

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._task = self._plan(parameters, context)

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> LightChangeTask:
        values = dict(parameters)
        bands = tuple(self.parameterAsInts(values, self.AFTER_BANDS, context)) or (1,)
        return LightChangeTask(
            before=self._band_of(parameters, self.BEFORE, self.BEFORE_BAND, context),
            after=LightScene(raster_input(self._layer(parameters, self.AFTER, context)), bands),
            baseline=self._baseline(parameters, bands, context),
            normalise=self.parameterAsEnumString(values, self.NORMALISE, context),
            lit_from=self._number_or_none(parameters, self.LIT_FROM, context),
            lit_from_after=self._number_or_none(parameters, self.LIT_FROM_AFTER, context),
            saturated=self._number_or_none(parameters, self.SATURATED, context),
            saturated_after=self._number_or_none(parameters, self.SATURATED_AFTER, context),
            change=self.parameterAsDouble(values, self.CHANGE, context),
            unusual=self.parameterAsDouble(values, self.UNUSUAL, context),
            population=self._optional_raster(parameters, self.POPULATION, context),
            baseline_name=self._label(self.BASELINE),
        )

    def _baseline(
        self, parameters: Mapping[str, Any], bands: tuple[int, ...], context: QgsProcessingContext
    ) -> tuple[LightScene, ...]:
        """Return the scenes: of several rasters one each, of a single one its bands."""
        layers = raster_layers(self, parameters, self.BASELINE, context)
        if len(layers) == 1:
            (layer,) = layers
            raster = raster_input(layer)
            return tuple(
                LightScene(replace(raster, name=f"{raster.name}, {layer.bandName(band)}"), (band,))
                for band in range(1, layer.bandCount() + 1)
            )
        return tuple(
            LightScene(raster_input(layer), bands if layer.bandCount() > 1 else (1,))
            for layer in layers
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        zones, layer = self._read_zones(parameters, context, feedback)
        task = replace(self._task, zones=zones)
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_light_change(
                task,
                outputs.raster(self.OUTPUT),
                outputs.raster(self.OUTPUT_CLASSES),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.normalise}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self._say_result(result, feedback)
            command = self.asPythonCommand(parameters, context)
            labels = _labels()
            self.write_table(
                outputs, self.OUTPUT_TABLE, result.columns, labels, command, short=_short_name
            )
            self._write_polygons(
                outputs,
                self.OUTPUT_ZONES,
                result.columns,
                labels,
                layer,
                "change_pct",
                command,
                _short_name,
                style=style_zone_change,
            )
        self._set_looks(outputs.results, result)
        line, is_normalised = result.line, task.normalise == PIF
        return {
            **outputs.results,
            self.FOUND_THRESHOLD: result.lit_from,
            self.SLOPE: float(line.slopes[0]) if line.slopes.size == 1 else None,
            self.OFFSET: line.offset,
            self.STABLE_CELLS: line.cells if is_normalised else None,
            self.RESIDUAL_SCALE: line.scale if is_normalised else None,
            self.R2: line.r2 if is_normalised else None,
            self.CHANGE_PCT: result.columns["change_pct"][-1],
            self.OUTAGE_PCT: result.columns.get("outage_pct", [None])[-1],
        }

    def _say_result(self, result: LightChangeResult, feedback: QgsProcessingFeedback) -> None:
        """Say the areas of the classes, of all zones together, and the share of people."""
        text = QCoreApplication.translate("Dbar", "{name}: {km2} km²")
        for item, name in zip(
            light_change_classes(),
            ("dark", "lost", "dimmed", "stable", "brightened", "new"),
            strict=True,
        ):
            km2 = result.columns[f"{name}_km2"][-1]
            feedback.pushInfo(text.format(name=item.label, km2=f"{km2:.6g}"))
        change = result.columns["change_pct"][-1]
        if change is not None:
            text = QCoreApplication.translate("Dbar", "Light of lit cells: {percent} %")
            feedback.pushInfo(text.format(percent=f"{change:+.2f}"))
        share = result.columns.get("outage_pct", [None])[-1]
        if share is not None:
            text = QCoreApplication.translate("Dbar", "People whose light fell: {percent} %")
            feedback.pushInfo(text.format(percent=f"{share:.2f}"))

    def _set_looks(self, results: Mapping[str, str], result: LightChangeResult) -> None:
        days = [day for day in (result.begin, result.end) if day is not None]

        def show_light(layer: QgsMapLayer) -> None:
            style_ratio(layer, result.bands.index("ratio") + 1)
            if days:
                set_dates(layer, min(days), max(days))

        def show_classes(layer: QgsMapLayer) -> None:
            style_classes(layer, light_change_classes())
            if days:
                set_dates(layer, min(days), max(days))

        self.raster_looks[results[self.OUTPUT]] = Look(show_light, is_drawn=False)
        self.raster_looks[results[self.OUTPUT_CLASSES]] = Look(show_classes)


# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "nodata_cells": "NODATA_N",
    "dark_cells": "DARK_N",
    "lost_cells": "LOST_N",
    "dimmed_cells": "DIMMED_N",
    "stable_cells": "STABLE_N",
    "brightened_cells": "BRIGHT_N",
    "brightened_km2": "BRIGHT_KM2",
    "new_cells": "NEW_N",
    "light_before": "L_BEFORE",
    "light_after": "L_AFTER",
    "unusually_dark_cells": "UNDARK_N",
    "unusually_dark_km2": "UNDARK_KM2",
    "unusually_bright_cells": "UNBRIGHT_N",
    "unusually_bright_km2": "UNBRIG_KM2",
    "people_no_light_data": "NODATA_PPL",
    "outage_people": "OUTAGE_PPL",
}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "cells": translate("Dbar", "Cells with data"),
        "nodata_cells": translate("Dbar", "Cells without data"),
        "dark_cells": translate("Dbar", "Dark on both dates (cells)"),
        "dark_km2": translate("Dbar", "Dark on both dates (km²)"),
        "lost_cells": translate("Dbar", "Lost (cells)"),
        "lost_km2": translate("Dbar", "Lost (km²)"),
        "dimmed_cells": translate("Dbar", "Dimmed (cells)"),
        "dimmed_km2": translate("Dbar", "Dimmed (km²)"),
        "stable_cells": translate("Dbar", "Stable (cells)"),
        "stable_km2": translate("Dbar", "Stable (km²)"),
        "brightened_cells": translate("Dbar", "Brightened (cells)"),
        "brightened_km2": translate("Dbar", "Brightened (km²)"),
        "new_cells": translate("Dbar", "New (cells)"),
        "new_km2": translate("Dbar", "New (km²)"),
        "light_before": translate("Dbar", "Light of lit cells before (sum)"),
        "light_after": translate("Dbar", "Light of lit cells after (sum)"),
        "change_pct": translate("Dbar", "Change of lit cells' light (%)"),
        "unusually_dark_cells": translate("Dbar", "Unusually dark (cells)"),
        "unusually_dark_km2": translate("Dbar", "Unusually dark (km²)"),
        "unusually_bright_cells": translate("Dbar", "Unusually bright (cells)"),
        "unusually_bright_km2": translate("Dbar", "Unusually bright (km²)"),
        "people": translate("Dbar", "People on cells with data"),
        "people_no_light_data": translate("Dbar", "People on cells without data"),
        "outage_people": translate("Dbar", "People whose light fell"),
        "outage_pct": translate("Dbar", "People whose light fell, of those on cells with data (%)"),
        "flags": translate("Dbar", "Flags"),
    }
