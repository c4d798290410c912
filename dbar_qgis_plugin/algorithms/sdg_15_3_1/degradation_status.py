"""Status of land at the end of reporting periods against the baseline (SDG 15.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterMultipleLayers,
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
    joint_years,
    layer_years,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import status_classes
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.sdg_15_3_1.degradation_status import (
    DegradationStatusResult,
    DegradationStatusTask,
    area_table,
    compute_degradation_status,
    status_areas,
)

# As the pipeline knows them; the first is the default.
VALUES: Final = ("auto", "classes", "lpd")


class DegradationStatusAlgorithm(ClassRasterAlgorithm):
    """Status of land against the baseline."""

    NAME = "degradationstatus"
    ROLES: Final = {"BASELINE": "degradation productivity", "REPORTING": "degradation productivity"}
    DATED_BY: Final = {"REPORTING": "PERIODS"}

    BASELINE: Final = "BASELINE"
    REPORTING: Final = "REPORTING"
    PERIODS: Final = "PERIODS"
    VALUES: Final = "VALUES"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_AREAS: Final = "OUTPUT_AREAS"
    DEGRADED_KM2: Final = "DEGRADED_KM2"
    STABLE_KM2: Final = "STABLE_KM2"
    IMPROVED_KM2: Final = "IMPROVED_KM2"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Degradation status (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,land degradation,status,baseline,reporting period,persistent,recent,UNCCD,"
            "LDN",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterRasterLayer(
                self.BASELINE, translate("Dbar", "Baseline (-1, 0, 1, or LPD 1–5)")
            )
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.REPORTING,
                translate("Dbar", "Reporting periods, one raster each"),
                Qgis.ProcessingSourceType.Raster,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.PERIODS,
                translate(
                    "Dbar", "Names of the periods, such as 2019,2023 (empty: from the rasters)"
                ),
                optional=True,
            )
        )
        self._add_enum(self.VALUES, translate("Dbar", "The rasters hold"), VALUES, advanced=True)
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Degradation status")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_AREAS,
                translate("Dbar", "Areas by class in baseline and period (table)"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
            )
        )
        for name, label in (
            (self.DEGRADED_KM2, translate("Dbar", "Degraded area, last period (km²)")),
            (self.STABLE_KM2, translate("Dbar", "Stable area, last period (km²)")),
            (self.IMPROVED_KM2, translate("Dbar", "Improved area, last period (km²)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._periods(parameters, self.REPORTING, self.PERIODS, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        baseline = self._layer(parameters, self.BASELINE, context)
        periods = self._periods(parameters, self.REPORTING, self.PERIODS, context)
        self._years = joint_years([layer_years(baseline), *periods.years])
        self._task = DegradationStatusTask(
            raster_input(baseline),
            periods.rasters,
            periods.labels,
            self.parameterAsEnumString(parameters, self.VALUES, context),
            self._label(self.VALUES),
        )

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_degradation_status(
                self._task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/prais4"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self.write_table(
                outputs,
                self.OUTPUT_AREAS,
                area_table(result),
                _labels(),
                self.asPythonCommand(parameters, context),
            )
        path = outputs.results[self.OUTPUT]
        years, last_band = self._years, 2 * len(result.labels) - 1

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, status_classes(), last_band)
            if years is not None:
                set_period(layer, *years)

        self.raster_looks[path] = Look(style)
        return {**outputs.results, **self._numbers(result, feedback)}

    def _numbers(
        self, result: DegradationStatusResult, feedback: QgsProcessingFeedback
    ) -> dict[str, float]:
        """Say the areas by status, and return those of the last period for models."""
        names = [item.label for item in status_classes()]
        by_status = status_areas(result.km2)
        text = QCoreApplication.translate("Dbar", "{period}, {status}: {km2} km²")
        for label, areas in zip(result.labels, by_status.tolist(), strict=True):
            for name, area in zip(names, areas, strict=True):
                feedback.pushInfo(text.format(period=label, status=name, km2=figure_text(area)))
        last = by_status[-1]
        return {
            self.DEGRADED_KM2: float(last[:3].sum()),
            self.STABLE_KM2: float(last[3]),
            self.IMPROVED_KM2: float(last[4:].sum()),
        }


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "period": translate("Dbar", "Period"),
        "baseline": translate("Dbar", "Class in the baseline"),
        "reporting": translate("Dbar", "Class in the period"),
        "status": translate("Dbar", "Status (1–7)"),
        "status_3class": translate("Dbar", "Status in three classes"),
        "cells": translate("Dbar", "Cells"),
        "km2": translate("Dbar", "Area (km²)"),
        "percent": translate("Dbar", "Share of all cells' area (%)"),
    }
