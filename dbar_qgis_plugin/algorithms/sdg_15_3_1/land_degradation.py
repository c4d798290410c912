"""Land degradation (SDG 15.3.1): the sub-indicators combined, one out, all out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import (
    provenance_tags,
    set_period,
    style_classes,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.class_rasters import (
    ClassRasterAlgorithm,
    Translate,
    joint_years,
    layer_years,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import degradation_classes
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation import (
    LandDegradationResult,
    LandDegradationTask,
    compute_land_degradation,
    count_messages,
    count_table,
    proportion_degraded,
)

# As the pipeline knows them; the first is the default.
POLICIES: Final = ("degraded_wins", "any_nodata")
PRODUCTIVITY_VALUES: Final = ("auto", "classes", "lpd")


class LandDegradationIndicatorAlgorithm(ClassRasterAlgorithm):
    """Land degradation."""

    NAME = "landdegradation"
    ROLES: Final = {
        "PRODUCTIVITY": "productivity",
        "LAND_COVER": "land_cover_change",
        "SOC": "soil_carbon_change",
        "WATER": "water",
    }

    PRODUCTIVITY: Final = "PRODUCTIVITY"
    LAND_COVER: Final = "LAND_COVER"
    SOC: Final = "SOC"
    NODATA_POLICY: Final = "NODATA_POLICY"
    WATER: Final = "WATER"
    WATER_CLASSES: Final = "WATER_CLASSES"
    PRODUCTIVITY_VALUES: Final = "PRODUCTIVITY_VALUES"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_COUNTS: Final = "OUTPUT_COUNTS"
    DEGRADED_KM2: Final = "DEGRADED_KM2"
    STABLE_KM2: Final = "STABLE_KM2"
    IMPROVED_KM2: Final = "IMPROVED_KM2"
    NODATA_KM2: Final = "NODATA_KM2"
    PROPORTION: Final = "PROPORTION"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Land degradation (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,land degradation,one-out-all-out,indicator,productivity,land cover,soil "
            "organic carbon,UNCCD,LDN",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        for name, label in (
            (self.PRODUCTIVITY, translate("Dbar", "Land productivity (-1, 0, 1, or LPD 1–5)")),
            (self.LAND_COVER, translate("Dbar", "Land cover change (-1, 0, 1)")),
            (self.SOC, translate("Dbar", "Soil organic carbon change (-1, 0, 1)")),
        ):
            self.add(QgsProcessingParameterRasterLayer(name, label))
        self._add_enum(
            self.NODATA_POLICY, translate("Dbar", "Where a sub-indicator is missing"), POLICIES
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.WATER, translate("Dbar", "Inland water, which is no land"), optional=True
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.WATER_CLASSES,
                translate("Dbar", "Values that are water, such as 7 (empty: all but 0)"),
                optional=True,
            )
        )
        self._add_enum(
            self.PRODUCTIVITY_VALUES,
            translate("Dbar", "Land productivity holds"),
            PRODUCTIVITY_VALUES,
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Land degradation")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_COUNTS,
                translate("Dbar", "Cells and areas by class and by what is missing (table)"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
            )
        )
        for name, label in (
            (self.DEGRADED_KM2, translate("Dbar", "Degraded area (km²)")),
            (self.STABLE_KM2, translate("Dbar", "Stable area (km²)")),
            (self.IMPROVED_KM2, translate("Dbar", "Improved area (km²)")),
            (self.NODATA_KM2, translate("Dbar", "Area without a result (km²)")),
            (self.PROPORTION, translate("Dbar", "Degraded share of land with a result (percent)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._water_classes(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        layers = [
            self._layer(parameters, name, context)
            for name in (self.PRODUCTIVITY, self.LAND_COVER, self.SOC)
        ]
        self._years = joint_years(map(layer_years, layers))
        self._task = LandDegradationTask(
            *map(raster_input, layers),
            productivity_values=self.parameterAsEnumString(
                parameters, self.PRODUCTIVITY_VALUES, context
            ),
            policy=self.parameterAsEnumString(parameters, self.NODATA_POLICY, context),
            water=self._optional_raster(parameters, self.WATER, context),
            water_classes=self._water_classes(parameters, context),
            values_label=self._label(self.PRODUCTIVITY_VALUES),
        )

    def _water_classes(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[int, ...]:
        text = self.parameterAsString(parameters, self.WATER_CLASSES, context)
        pieces = [piece for piece in re.split(r"[,;，；、\s]+", text.strip()) if piece]
        for piece in pieces:
            if not re.fullmatch(r"-?\d+", piece):
                raise InputError(
                    translate(
                        "Dbar",
                        "{parameter}: “{piece}” is not a class number. "
                        "Write whole numbers apart by commas, such as 50,190.",
                    ),
                    parameter=self._label(self.WATER_CLASSES),
                    piece=piece,
                )
        if pieces and parameters.get(self.WATER) in (None, ""):
            raise InputError(
                translate(
                    "Dbar",
                    "“{classes}” is filled in, but “{raster}” is empty. Fill in both or neither.",
                ),
                classes=self._label(self.WATER_CLASSES),
                raster=self._label(self.WATER),
            )
        return tuple(map(int, pieces))

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        with Outputs(self, parameters, context, feedback) as outputs:
            formula = f"{self.NAME}/{self._task.policy}"
            result = compute_land_degradation(
                self._task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, formula),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say([*result.notes, *count_messages(result)], result.warnings, feedback)
            self.write_table(
                outputs,
                self.OUTPUT_COUNTS,
                count_table(result),
                _labels(),
                self.asPythonCommand(parameters, context),
            )
        path = outputs.results[self.OUTPUT]
        years = self._years

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, degradation_classes())
            if years is not None:
                set_period(layer, *years)

        self.raster_looks[path] = Look(style)
        return {**outputs.results, **self._numbers(result, feedback)}

    def _numbers(
        self, result: LandDegradationResult, feedback: QgsProcessingFeedback
    ) -> dict[str, float | None]:
        """Say the headline, and return the figures for models."""
        proportion = proportion_degraded(result)
        if proportion is not None:
            text = QCoreApplication.translate(
                "Dbar", "{percent} % of the land with a result is degraded."
            )
            feedback.pushInfo(text.format(percent=f"{proportion:.2f}"))
        degraded, stable, improved, nodata = result.km2.sum(axis=1).tolist()
        return {
            self.DEGRADED_KM2: degraded,
            self.STABLE_KM2: stable,
            self.IMPROVED_KM2: improved,
            self.NODATA_KM2: nodata,
            self.PROPORTION: proportion,
        }


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "value": translate("Dbar", "Value"),
        "class": translate("Dbar", "Class"),
        "missing": translate("Dbar", "Missing"),
        "cells": translate("Dbar", "Cells"),
        "km2": translate("Dbar", "Area (km²)"),
        "percent": translate("Dbar", "Share of all cells' area (%)"),
    }
