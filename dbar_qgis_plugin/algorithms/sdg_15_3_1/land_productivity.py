"""Land productivity dynamics (SDG 15.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.outputs import Look
from dbar_qgis_plugin.algorithms.rasters import (
    provenance_tags,
    set_period,
    style_classes,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import productivity_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity import (
    ProductivityAlgorithm,
    say_counts,
)
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.periods import ALL_YEARS, YearSpan
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_productivity import (
    BIOMASS_PRESETS,
    FaoWocatTask,
    LandProductivityResult,
    check_fao_wocat,
    compute_fao_wocat,
    compute_land_productivity,
    import_land_productivity,
)


class Method(StrEnum):
    """Where LPD comes from."""

    COMPONENTS = "components"
    FAO_WOCAT = "fao_wocat"
    IMPORTED = "imported"


class Steadiness(StrEnum):
    """What tells steadiness in the method of FAO and WOCAT."""

    MANN_KENDALL_MTID = "mann_kendall_mtid"
    MANN_KENDALL = "mann_kendall"


@dataclass(frozen=True)
class _Plan:
    """What a run computes: rasters of classes, or a series; and the years it shows."""

    method: str
    rasters: tuple[RasterInput, ...] = ()
    fao_wocat: FaoWocatTask | None = None
    series: Series | None = None
    span: YearSpan | None = None


class LandProductivityAlgorithm(ProductivityAlgorithm):
    """Land productivity dynamics."""

    NAME = "landproductivity"
    ROLES: Final = {
        "TRAJECTORY": "productivity_trajectory",
        "STATE": "productivity_state",
        "PERFORMANCE": "productivity_performance",
        "IMPORTED": "productivity",
        "NDVI": "ndvi",
    }
    DATED_BY: Final = {"NDVI": "YEARS"}

    METHOD: Final = "METHOD"
    TRAJECTORY: Final = "TRAJECTORY"
    STATE: Final = "STATE"
    PERFORMANCE: Final = "PERFORMANCE"
    IMPORTED: Final = "IMPORTED"
    BIOMASS: Final = "BIOMASS"
    BIOMASS_LOW: Final = "BIOMASS_LOW"
    BIOMASS_MEDIUM: Final = "BIOMASS_MEDIUM"
    STEADINESS: Final = "STEADINESS"
    INTERVAL: Final = "INTERVAL"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Land productivity dynamics (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,land productivity dynamics,LPD,productivity,FAO,WOCAT,JRC,trajectory,"
            "state,performance,degradation",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self._add_enum(
            self.METHOD, translate("Dbar", "Method"), tuple(option.value for option in Method)
        )
        for name, label in (
            (self.TRAJECTORY, translate("Dbar", "Productivity trajectory (components)")),
            (self.STATE, translate("Dbar", "Productivity state (components)")),
            (self.PERFORMANCE, translate("Dbar", "Productivity performance (components)")),
            (self.IMPORTED, translate("Dbar", "LPD made elsewhere (imported)")),
        ):
            self.add(QgsProcessingParameterRasterLayer(name, label, optional=True))
        self._add_ndvi(translate, optional=True)
        self._add_period(translate)
        self._add_options(translate)
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Land productivity dynamics")
            )
        )
        self._add_cell_counts(translate)

    def _add_options(self, translate: Translate) -> None:
        self._add_enum(
            self.BIOMASS,
            translate("Dbar", "Low and medium biomass up to this NDVI (fao_wocat)"),
            tuple(BIOMASS_PRESETS),
            advanced=True,
        )
        for name, label in (
            (self.BIOMASS_LOW, translate("Dbar", "Low biomass up to this NDVI, instead")),
            (self.BIOMASS_MEDIUM, translate("Dbar", "Medium biomass up to this NDVI, instead")),
        ):
            self._add_number(name, label, None, -1.0, advanced=True)
        self._add_enum(
            self.STEADINESS,
            translate("Dbar", "Steadiness from (fao_wocat)"),
            tuple(option.value for option in Steadiness),
            advanced=True,
        )
        self._add_number(
            self.INTERVAL,
            translate("Dbar", "Number of first and of last years (fao_wocat)"),
            3,
            1,
            20,
            whole=True,
            advanced=True,
        )
        self._add_first_and_last_year(translate)
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
        self._planned = self._plan(parameters, context)

    def _plan(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> _Plan:
        method = self.parameterAsEnumString(parameters, self.METHOD, context)
        if method == Method.FAO_WOCAT:
            return self._fao_wocat(parameters, context)
        names = (
            (self.IMPORTED,)
            if method == Method.IMPORTED
            else (self.TRAJECTORY, self.STATE, self.PERFORMANCE)
        )
        rasters = []
        for name in names:
            raster = self._optional_raster(parameters, name, context)
            if raster is None:
                raise InputError(
                    translate(
                        "Dbar",
                        "{parameter}: choose a raster; the method “{method}” needs it.",
                    ),
                    parameter=self._label(name),
                    method=method,
                )
            rasters.append(raster)
        return _Plan(method, tuple(rasters), span=self._years_of(parameters, names[0], context))

    def _fao_wocat(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> _Plan:
        series = self._through_time(parameters, self.NDVI, context)
        span = self._span(parameters, context, series.years)
        low, medium = BIOMASS_PRESETS[self.parameterAsEnumString(parameters, self.BIOMASS, context)]
        own_low = self._number_or_none(parameters, self.BIOMASS_LOW, context)
        own_medium = self._number_or_none(parameters, self.BIOMASS_MEDIUM, context)
        biomass = (
            low if own_low is None else own_low,
            medium if own_medium is None else own_medium,
        )
        if biomass[0] >= biomass[1]:
            raise InputError(
                translate(
                    "Dbar",
                    "Low biomass ends at NDVI {low}, medium biomass at {medium}: the second must "
                    "be larger.",
                ),
                low=f"{biomass[0]:g}",
                medium=f"{biomass[1]:g}",
            )
        steadiness = self.parameterAsEnumString(parameters, self.STEADINESS, context)
        task = FaoWocatTask(
            ndvi=series.rasters,
            years=series.years,
            span=span,
            biomass=biomass,
            interval=self.parameterAsInt(parameters, self.INTERVAL, context),
            mann_kendall_only=steadiness == Steadiness.MANN_KENDALL,
            minimum_share=self.parameterAsDouble(parameters, self.MIN_SHARE, context),
            scale=self._number_or_none(parameters, self.NDVI_SCALE, context),
            name=self._label(self.NDVI),
        )
        check_fao_wocat(task)
        return _Plan(Method.FAO_WOCAT, fao_wocat=task, series=series, span=span)

    def _years_of(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> YearSpan | None:
        """Return the years that the user names, else those of the layer, if it has any."""
        period = self.parameterAsEnumString(parameters, self.PERIOD, context)
        if period != ALL_YEARS:
            return self._span(parameters, context, ())
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if not layer.temporalProperties().isActive():
            # Given as a file or by a model, it comes without the style beside it.
            layer = layer.clone()
            layer.loadDefaultStyle()
        temporal = layer.temporalProperties()
        times = temporal.fixedTemporalRange()
        if not temporal.isActive() or times.isInfinite() or times.isEmpty():
            return None
        return YearSpan(times.begin().date().year(), times.end().date().year())

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        plan = self._planned
        if plan.series is not None and plan.span is not None:
            self._say_series(plan.series, (plan.span,), feedback)
        path = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        options = {
            "tags": provenance_tags(self, parameters, context, f"{self.NAME}/{plan.method}"),
            "progress": progress_of(feedback),
            "workers": workers_of_settings(),
        }
        if plan.fao_wocat is not None:
            result = compute_fao_wocat(plan.fao_wocat, path, **options)
        elif plan.method == Method.IMPORTED:
            result = import_land_productivity(plan.rasters[0], path, **options)
        else:
            result = compute_land_productivity(*plan.rasters, path, **options)
        self._say(result.notes, result.warnings, feedback)
        _say_cells(result, feedback)

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, productivity_classes())
            if plan.span is not None:
                set_period(layer, plan.span.first, plan.span.last)

        self.raster_looks[path] = Look(style)
        cells = result.cells.tolist()
        return {
            self.OUTPUT: path,
            self.N_DEGRADED: cells[0] + cells[1],
            self.N_STABLE: cells[2] + cells[3],
            self.N_IMPROVED: cells[4],
        }


def _say_cells(result: LandProductivityResult, feedback: QgsProcessingFeedback) -> None:
    translate = QCoreApplication.translate
    labels = (
        *(item.label for item in productivity_classes()),
        translate("Dbar", "No data: trajectory"),
        translate("Dbar", "No data: state"),
        translate("Dbar", "No data: trajectory and state"),
        translate("Dbar", "No data: performance"),
        translate("Dbar", "No data: trajectory and performance"),
        translate("Dbar", "No data: state and performance"),
        translate("Dbar", "No data: trajectory, state and performance"),
        translate("Dbar", "No data"),
    )
    say_counts(labels, result.cells.tolist(), result.km2.tolist(), feedback)
