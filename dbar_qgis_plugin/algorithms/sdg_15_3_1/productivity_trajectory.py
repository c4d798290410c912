"""Trajectory of land productivity (SDG 15.3.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_layers
from dbar_qgis_plugin.algorithms.outputs import Look
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_period, style_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import degradation_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity import ProductivityAlgorithm
from dbar_qgis_plugin.algorithms.series import Series, raster_series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.periods import layers_in, missing_years
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_trajectory import (
    BANDS,
    USUAL_MINIMUM_YEARS,
    ProductivityTrajectoryTask,
    check_trajectory,
    compute_productivity_trajectory,
)
from dbar_qgis_plugin.pipelines.years import parse_years, year_text
from dbar_qgis_plugin.raster_io.progress import Message, message

# As the pipeline knows them; the first is the default.
METHODS: Final = ("ndvi", "restrend", "ue")
CONVENTIONS: Final = ("prais4", "trends_earth", "gpg_v2")


class ProductivityTrajectoryAlgorithm(ProductivityAlgorithm):
    """Trajectory of land productivity."""

    NAME = "productivitytrajectory"
    ROLES: Final = {"NDVI": "ndvi", "CLIMATE": "climate"}
    DATED_BY: Final = {"NDVI": "YEARS"}

    METHOD: Final = "METHOD"
    CLIMATE: Final = "CLIMATE"
    CONVENTION: Final = "CONVENTION"
    ALPHA: Final = "ALPHA"
    SLOPE_THRESHOLD: Final = "SLOPE_THRESHOLD"
    MIN_YEARS: Final = "MIN_YEARS"
    THEIL_SEN: Final = "THEIL_SEN"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Productivity trajectory (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,productivity,trajectory,trend,NDVI,Mann-Kendall,RESTREND,rain use "
            "efficiency,degradation",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self._add_ndvi(translate)
        self._add_period(translate)
        self._add_enum(self.METHOD, translate("Dbar", "Method"), METHODS)
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.CLIMATE,
                translate("Dbar", "Annual rain or evapotranspiration (for restrend and ue), mm"),
                Qgis.ProcessingSourceType.Raster,
                optional=True,
            )
        )
        self._add_enum(self.CONVENTION, translate("Dbar", "Convention"), CONVENTIONS)
        self._add_options(translate)
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Productivity trajectory")
            )
        )
        self._add_cell_counts(translate)

    def _add_options(self, translate: Translate) -> None:
        self._add_number(
            self.ALPHA,
            translate("Dbar", "Significance level (two-sided p value, convention prais4)"),
            0.05,
            0.0,
            1.0,
        )
        self._add_number(
            self.SLOPE_THRESHOLD,
            translate("Dbar", "Slope up to which there is no trend (index per year; empty: usual)"),
            None,
            0.0,
            advanced=True,
        )
        self._add_number(
            self.MIN_YEARS,
            translate("Dbar", "Minimum number of years with data"),
            USUAL_MINIMUM_YEARS,
            4,
            whole=True,
            advanced=True,
        )
        self._add_first_and_last_year(translate)
        self.add(
            QgsProcessingParameterBoolean(
                self.THEIL_SEN,
                translate("Dbar", "Slope by Theil and Sen (median of all pairs of years)"),
                defaultValue=False,
            ),
            advanced=True,
        )
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
        self._task, self._notes, self._warnings = self._plan(parameters, context)

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[ProductivityTrajectoryTask, list[Message], list[Message]]:
        """Return the task, and what to say and to warn of before it runs."""
        index = self._through_time(parameters, self.NDVI, context)
        span = self._span(parameters, context, index.years)
        places = layers_in(span, index.years)
        years = tuple(index.years[place] for place in places)
        method = self.parameterAsEnumString(parameters, self.METHOD, context)
        climate: tuple[RasterInput, ...] = ()
        notes, warnings = [index.notes[place] for place in places], list(index.warnings)
        if method != METHODS[0]:
            climate, said = self._climate(parameters, years, context)
            notes += said.notes
            warnings += said.warnings
        absent = missing_years(span, years)
        if absent:
            warnings.append(
                message(
                    translate("Dbar", "Years of {span} without a raster: {years}"),
                    span=str(span),
                    years=", ".join(map(str, absent)),
                )
            )
        task = ProductivityTrajectoryTask(
            index=tuple(index.rasters[place] for place in places),
            years=years,
            climate=climate,
            method=method,
            convention=self.parameterAsEnumString(parameters, self.CONVENTION, context),
            alpha=self.parameterAsDouble(parameters, self.ALPHA, context),
            slope_threshold=self._number_or_none(parameters, self.SLOPE_THRESHOLD, context),
            minimum_years=self.parameterAsInt(parameters, self.MIN_YEARS, context),
            theil_sen=self.parameterAsBool(parameters, self.THEIL_SEN, context),
            scale=self._number_or_none(parameters, self.NDVI_SCALE, context),
        )
        check_trajectory(task)
        return task, notes, warnings

    def _climate(
        self, parameters: Mapping[str, Any], years: Sequence[float], context: QgsProcessingContext
    ) -> tuple[tuple[RasterInput, ...], Series]:
        """Return the climate rasters of the years wanted."""
        layers = raster_layers(self, parameters, self.CLIMATE, context)
        if not layers:
            raise InputError(
                translate("Dbar", "{parameter}: choose at least one raster."),
                parameter=self._label(self.CLIMATE),
            )
        label = self._label(self.YEARS)
        typed = parse_years(self.parameterAsString(parameters, self.YEARS, context), label)
        series = raster_series(self._label(self.CLIMATE), layers, typed, label)
        raster_of = dict(zip(series.years, series.rasters, strict=True))
        absent = [year_text(year) for year in years if year not in raster_of]
        if absent:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: no raster for the years {years} of the vegetation index. Add "
                    "them, or choose other years.",
                ),
                parameter=self._label(self.CLIMATE),
                years=", ".join(absent),
            )
        return tuple(raster_of[year] for year in years), series

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._task
        self._say(self._notes, self._warnings, feedback)
        path = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        result = compute_productivity_trajectory(
            task,
            path,
            tags=provenance_tags(self, parameters, context, task.formula),
            progress=progress_of(feedback),
            workers=workers_of_settings(),
        )
        self._say((), result.warnings, feedback)
        degraded, stable, improved = result.cells
        text = QCoreApplication.translate(
            "Dbar",
            "Cells degraded: {degraded}, stable: {stable}, improved: {improved}; without data: "
            "{empty}",
        )
        feedback.pushInfo(
            text.format(
                degraded=degraded, stable=stable, improved=improved, empty=result.cells_empty
            )
        )

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, degradation_classes(), BANDS.index("trajectory") + 1)
            set_period(layer, task.years[0], task.years[-1])

        self.raster_looks[path] = Look(style)
        return {
            self.OUTPUT: path,
            self.N_DEGRADED: degraded,
            self.N_STABLE: stable,
            self.N_IMPROVED: improved,
        }
