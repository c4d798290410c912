"""State of land productivity (SDG 15.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.outputs import Look
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_period, style_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import degradation_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity import (
    ProductivityAlgorithm,
    say_counts,
)
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.pipelines.periods import state_spans
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_state import (
    STATE_CONVENTIONS,
    ProductivityStateTask,
    check_productivity_state,
    compute_productivity_state,
)


class ProductivityStateAlgorithm(ProductivityAlgorithm):
    """State of land productivity."""

    NAME = "productivitystate"
    ROLES: Final = {"NDVI": "ndvi"}
    DATED_BY: Final = {"NDVI": "YEARS"}

    CONVENTION: Final = "CONVENTION"
    BASELINE_START: Final = "BASELINE_START"
    BASELINE_END: Final = "BASELINE_END"
    RECENT_START: Final = "RECENT_START"
    RECENT_END: Final = "RECENT_END"
    CLASSES: Final = "CLASSES"
    SHIFT: Final = "SHIFT"
    DEAD_BAND: Final = "DEAD_BAND"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Productivity state (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar", "SDG,15.3.1,productivity,state,NDVI,vegetation,recent change,degradation"
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self._add_ndvi(translate)
        self._add_period(translate)
        self._add_enum(self.CONVENTION, translate("Dbar", "Convention"), STATE_CONVENTIONS)
        self._add_options(translate)
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Productivity state")
            )
        )
        self._add_cell_counts(translate)

    def _add_options(self, translate: Translate) -> None:
        self._add_years(
            (
                (
                    self.BASELINE_START,
                    translate("Dbar", "First baseline year (empty: that of the period)"),
                ),
                (
                    self.BASELINE_END,
                    translate("Dbar", "Last baseline year (empty: that of the period)"),
                ),
                (
                    self.RECENT_START,
                    translate("Dbar", "First recent year (empty: that of the period)"),
                ),
                (
                    self.RECENT_END,
                    translate("Dbar", "Last recent year (empty: that of the period)"),
                ),
            )
        )
        self._add_number(
            self.CLASSES,
            translate("Dbar", "Number of classes"),
            10,
            2,
            100,
            whole=True,
            advanced=True,
        )
        self._add_number(
            self.SHIFT,
            translate("Dbar", "Classes that make a change"),
            2,
            1,
            99,
            whole=True,
            advanced=True,
        )
        self._add_number(
            self.DEAD_BAND,
            translate("Dbar", "Change of the index that counts as none (empty: the convention's)"),
            None,
            0.0,
            advanced=True,
        )
        self._add_share(translate)
        self._add_scale(translate)

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._plan(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._task, self._read = self._plan(parameters, context)

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[ProductivityStateTask, Series]:
        series = self._through_time(parameters, self.NDVI, context)
        baseline, recent = state_spans(
            self.parameterAsEnumString(parameters, self.PERIOD, context),
            series.years,
            self._year(parameters, self.BASELINE_START, context),
            self._year(parameters, self.BASELINE_END, context),
            self._year(parameters, self.RECENT_START, context),
            self._year(parameters, self.RECENT_END, context),
        )
        task = ProductivityStateTask(
            ndvi=series.rasters,
            years=series.years,
            baseline=baseline,
            recent=recent,
            convention=self.parameterAsEnumString(parameters, self.CONVENTION, context),
            classes=self.parameterAsInt(parameters, self.CLASSES, context),
            shift=self.parameterAsInt(parameters, self.SHIFT, context),
            dead_band=self._number_or_none(parameters, self.DEAD_BAND, context),
            minimum_share=self.parameterAsDouble(parameters, self.MIN_SHARE, context),
            scale=self._number_or_none(parameters, self.NDVI_SCALE, context),
            name=self._label(self.NDVI),
        )
        check_productivity_state(task)
        return task, series

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._task
        self._say_series(self._read, (task.baseline, task.recent), feedback)
        path = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        result = compute_productivity_state(
            task,
            path,
            tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.convention}"),
            progress=progress_of(feedback),
            workers=workers_of_settings(),
        )
        self._say(result.notes, result.warnings, feedback)
        translate = QCoreApplication.translate
        labels = (
            *(item.label for item in degradation_classes()),
            translate("Dbar", "No data: too few baseline years"),
            translate("Dbar", "No data: too few recent years"),
            translate("Dbar", "No data: too few baseline and recent years"),
        )
        say_counts(labels, result.cells.tolist(), result.km2.tolist(), feedback)

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, degradation_classes())
            set_period(layer, task.baseline.first, task.recent.last)

        self.raster_looks[path] = Look(style)
        names = (self.N_DEGRADED, self.N_STABLE, self.N_IMPROVED)
        numbers = dict(zip(names, result.cells[:3].tolist(), strict=True))
        return {self.OUTPUT: path, **numbers}
