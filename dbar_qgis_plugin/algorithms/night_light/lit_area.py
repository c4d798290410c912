"""Lit area: lit cells by several rules, their area by zone, indices of light and vegetation."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import field_numbers
from dbar_qgis_plugin.algorithms.night_light.style import set_day, style_light
from dbar_qgis_plugin.algorithms.night_light.zoned import (
    Translate,
    ZonedLightAlgorithm,
    lit_classes,
)
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, MissingDependencyError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import light_date
from dbar_qgis_plugin.pipelines.night_light.lit_area import (
    LOCAL,
    METHODS,
    LitAreaResult,
    LitAreaTask,
    compute_lit_area,
)


class LitAreaAlgorithm(ZonedLightAlgorithm):
    """Lit area."""

    NAME = "litarea"
    ROLES: Final = {
        "INPUT": "night_light",
        "ZONES": "zones",
        "NDVI": "ndvi",
        "EVI": "evi",
    }

    INPUT: Final = "INPUT"
    BAND: Final = "BAND"
    METHOD: Final = "METHOD"
    THRESHOLD: Final = "THRESHOLD"
    DARK: Final = "DARK"
    MINIMUM_PATCH: Final = "MINIMUM_PATCH"
    AREA_FIELD: Final = "AREA_FIELD"
    NDVI: Final = "NDVI"
    EVI: Final = "EVI"
    NDVI_SCALE: Final = "NDVI_SCALE"
    REFERENCE_PERCENTILE: Final = "REFERENCE_PERCENTILE"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_INDICES: Final = "OUTPUT_INDICES"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    OUTPUT_ZONES: Final = "OUTPUT_ZONES"
    FOUND_THRESHOLD: Final = "FOUND_THRESHOLD"
    LIT_KM2: Final = "LIT_KM2"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Lit area")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "night light,lit area,threshold,Otsu,built-up,urban extent,VANUI,HSI,EANTLI,NDVI,VIIRS,"
            "SDGSAT",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        self._add_raster(self.INPUT, translate("Dbar", "Night light"))
        self._add_band(self.BAND, translate("Dbar", "Band, where it is not the first"), self.INPUT)
        self._add_enum(self.METHOD, translate("Dbar", "Method"), METHODS, "otsu")
        self._add_number(
            self.THRESHOLD, translate("Dbar", "Lit from this value on (fixed)"), 0.5, 0.0
        )
        self._add_zones(translate)
        self.add(
            QgsProcessingParameterField(
                self.AREA_FIELD,
                translate("Dbar", "Field with the zone's known area in km² (local_optimum)"),
                parentLayerParameterName=self.ZONES,
                type=Qgis.ProcessingFieldParameterDataType.Numeric,
                optional=True,
            )
        )
        self._add_raster(self.NDVI, translate("Dbar", "NDVI, for indices"), optional=True)
        self._add_raster(self.EVI, translate("Dbar", "EVI, for indices"), optional=True)
        self._add_number(
            self.DARK,
            translate("Dbar", "Dark up to this value (empty: background; 0 for fixed)"),
            None,
            0.0,
            advanced=True,
        )
        self._add_number(
            self.MINIMUM_PATCH,
            translate("Dbar", "Smallest patch that is lit (cells)"),
            1,
            1,
            1000,
            whole=True,
            advanced=True,
        )
        self._add_number(
            self.REFERENCE_PERCENTILE,
            translate("Dbar", "Brightest light as a percentile of lit cells"),
            99.9,
            50.0,
            100.0,
            advanced=True,
        )
        self._add_number(
            self.NDVI_SCALE,
            translate("Dbar", "Scale of NDVI and EVI (empty: 10000 for whole numbers)"),
            None,
            1e-6,
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(self.OUTPUT, translate("Dbar", "Lit cells"))
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_INDICES,
                translate("Dbar", "Indices of light and vegetation"),
                optional=True,
                createByDefault=False,
            )
        )
        self._add_table(self.OUTPUT_TABLE, translate("Dbar", "Lit area by zone (table)"))
        self._add_table(self.OUTPUT_ZONES, translate("Dbar", "Lit area by zone"), polygons=True)
        for name, label in (
            (self.FOUND_THRESHOLD, translate("Dbar", "Threshold")),
            (self.LIT_KM2, translate("Dbar", "Lit area, all zones together (km²)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._check_zone_field(parameters, context)
        method = self.parameterAsEnumString(dict(parameters), self.METHOD, context)
        if method == LOCAL and (
            parameters.get(self.ZONES) in (None, "")
            or not self.parameterAsString(dict(parameters), self.AREA_FIELD, context)
        ):
            raise InputError(
                translate(
                    "Dbar",
                    "The method “{method}” needs zones with their known area in km². Choose the "
                    "zones and the field with the area.",
                ),
                method=method,
            )
        wants_indices = parameters.get(self.OUTPUT_INDICES) not in (None, "")
        vegetation = [parameters.get(name) for name in (self.NDVI, self.EVI)]
        if wants_indices and all(value in (None, "") for value in vegetation):
            raise InputError(
                translate("Dbar", "Indices of light and vegetation need a raster of NDVI or EVI.")
            )
        patch = self.parameterAsInt(dict(parameters), self.MINIMUM_PATCH, context)
        if patch > 1 and find_spec("scipy") is None:
            raise MissingDependencyError(
                translate(
                    "Dbar",
                    "Patches are found with the Python library scipy, which is not installed. "
                    "Install it (Debian, Ubuntu: python3-scipy), or keep patches of one cell.",
                )
            )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._light = self._band_of(parameters, self.INPUT, self.BAND, context)
        self._vegetation: dict[str, RasterInput | None] = {
            name: self._optional_raster(parameters, name, context) for name in (self.NDVI, self.EVI)
        }

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        zones, layer = self._read_zones(parameters, context, feedback)
        known = np.full(zones.count, np.nan)
        area_field = self.parameterAsString(parameters, self.AREA_FIELD, context)
        if layer is not None and area_field:
            known = field_numbers(layer.polygons.features, [area_field])[:, 0]
        task = LitAreaTask(
            raster=self._light,
            method=self.parameterAsEnumString(parameters, self.METHOD, context),
            threshold=self.parameterAsDouble(parameters, self.THRESHOLD, context),
            dark=self._number_or_none(parameters, self.DARK, context),
            known_km2=known.tolist(),
            ndvi=self._vegetation[self.NDVI],
            evi=self._vegetation[self.EVI],
            ndvi_scale=self._number_or_none(parameters, self.NDVI_SCALE, context),
            reference_percentile=self.parameterAsDouble(
                parameters, self.REFERENCE_PERCENTILE, context
            ),
            minimum_patch=self.parameterAsInt(parameters, self.MINIMUM_PATCH, context),
            zones=zones,
        )
        with Outputs(self, parameters, context, feedback) as outputs:
            wants_indices = outputs.wants(self.OUTPUT_INDICES)
            result = compute_lit_area(
                task,
                outputs.raster(self.OUTPUT),
                outputs.raster(self.OUTPUT_INDICES) if wants_indices else "",
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.method}"),
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
                "lit_pct",
                command,
                _short_name,
            )
        self._show_classes(outputs.results[self.OUTPUT], lit_classes(), self._light)
        if wants_indices:
            day = light_date(open_input(self._light))

            def style(raster: QgsMapLayer) -> None:
                style_light(raster)
                set_day(raster, day)

            self.raster_looks[outputs.results[self.OUTPUT_INDICES]] = Look(style)
        return {
            **outputs.results,
            self.FOUND_THRESHOLD: result.threshold if np.isfinite(result.threshold) else None,
            self.LIT_KM2: result.lit_km2,
        }

    def _say_result(self, result: LitAreaResult, feedback: QgsProcessingFeedback) -> None:
        """Say thresholds and areas in the log: of all zones, and of some where they differ."""
        text = QCoreApplication.translate(
            "Dbar", "{zone}: lit from {threshold} on, {lit} of {area} km² lit ({percent} %)."
        )
        names = ("zone", "threshold", "lit_km2", "area_km2", "lit_pct")
        *zones, every = zip(*(result.columns[name] for name in names), strict=True)
        listed = zones[:_LISTED] if np.isnan(result.threshold) else []
        for zone, threshold, lit, area, percent in (*listed, every):
            feedback.pushInfo(
                text.format(
                    zone=zone,
                    threshold="–" if threshold is None else f"{threshold:.6g}",
                    lit=f"{lit:.6g}",
                    area=f"{area:.6g}",
                    percent="–" if percent is None else f"{percent:.2f}",
                )
            )
        if np.isfinite(result.reference):
            reference = QCoreApplication.translate(
                "Dbar", "Brightest light for normalising, the percentile asked for: {value}."
            )
            feedback.pushInfo(reference.format(value=f"{result.reference:.6g}"))


_LISTED: Final = 20  # zones in the log; the table has all

# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "nodata_cells": "NODATA_N",
    "lit_light_pct": "LIGHT_PCT",
    "difference_km2": "DIFF_KM2",
}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "method": translate("Dbar", "Method"),
        "threshold": translate("Dbar", "Threshold"),
        "cells": translate("Dbar", "Cells with data"),
        "nodata_cells": translate("Dbar", "Cells without data"),
        "lit_cells": translate("Dbar", "Lit cells"),
        "lit_km2": translate("Dbar", "Lit area (km²)"),
        "area_km2": translate("Dbar", "Area with data (km²)"),
        "lit_pct": translate("Dbar", "Lit, of the area with data (%)"),
        "lit_light": translate("Dbar", "Light of lit cells (sum)"),
        "lit_light_pct": translate("Dbar", "Light of lit cells, of all light (%)"),
        "known_km2": translate("Dbar", "Known area (km²)"),
        "difference_km2": translate("Dbar", "Lit area less the known one (km²)"),
        "flags": translate("Dbar", "Flags"),
    }
