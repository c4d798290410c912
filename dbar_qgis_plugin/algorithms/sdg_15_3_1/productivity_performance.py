"""Performance of land productivity (SDG 15.3.1)."""

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
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import (
    field_texts,
    raster_input,
    raster_layers,
    read_polygons,
    report_polygons,
)
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import (
    provenance_tags,
    set_period,
    style_classes,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import degradation_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.productivity import (
    ProductivityAlgorithm,
    say_counts,
)
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.pipelines.sdg_15_3_1.productivity_performance import (
    PERFORMANCE_CONVENTIONS,
    ProductivityPerformanceResult,
    ProductivityPerformanceTask,
    UnitPolygons,
    check_productivity_performance,
    compute_productivity_performance,
    unit_table,
)


class ProductivityPerformanceAlgorithm(TableWriter, ProductivityAlgorithm):
    """Performance of land productivity."""

    NAME = "productivityperformance"
    ROLES: Final = {
        "NDVI": "ndvi",
        "UNITS": "land_units",
        "UNIT_POLYGONS": "zones",
    }
    DATED_BY: Final = {"NDVI": "YEARS"}

    UNITS: Final = "UNITS"
    UNIT_POLYGONS: Final = "UNIT_POLYGONS"
    UNIT_FIELD: Final = "UNIT_FIELD"
    CONVENTION: Final = "CONVENTION"
    PERCENTILE: Final = "PERCENTILE"
    THRESHOLD: Final = "THRESHOLD"
    MIN_CELLS: Final = "MIN_CELLS"
    OUTPUT_UNITS: Final = "OUTPUT_UNITS"
    N_UNITS: Final = "N_UNITS"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Productivity performance (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,productivity,performance,NDVI,vegetation,land units,soil,degradation",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self._add_ndvi(translate)
        self._add_units(translate)
        self._add_period(translate)
        self._add_enum(self.CONVENTION, translate("Dbar", "Convention"), PERFORMANCE_CONVENTIONS)
        self._add_options(translate)
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Productivity performance")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_UNITS,
                translate("Dbar", "Land units"),
                Qgis.ProcessingSourceType.Vector,
                optional=True,
                createByDefault=False,
            )
        )
        self._add_cell_counts(translate, with_improved=False)
        self.addOutput(
            QgsProcessingOutputNumber(self.N_UNITS, translate("Dbar", "Number of land units"))
        )

    def _add_units(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.UNITS,
                translate("Dbar", "Land units: class rasters, such as soil and land cover"),
                Qgis.ProcessingSourceType.Raster,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                self.UNIT_POLYGONS,
                translate("Dbar", "Land units: polygons, instead or in addition"),
                [Qgis.ProcessingSourceType.VectorPolygon],
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.UNIT_FIELD,
                translate("Dbar", "Field with the unit of a polygon (empty: each is one)"),
                parentLayerParameterName=self.UNIT_POLYGONS,
                optional=True,
            )
        )

    def _add_options(self, translate: Translate) -> None:
        self._add_number(
            self.PERCENTILE,
            translate("Dbar", "Percentile of a unit that stands for its potential"),
            90.0,
            0.0,
            100.0,
            advanced=True,
        )
        self._add_number(
            self.THRESHOLD,
            translate("Dbar", "Share of the potential below which land is degraded"),
            0.5,
            0.0,
            10.0,
            advanced=True,
        )
        self._add_first_and_last_year(translate)
        self._add_share(translate)
        self._add_number(
            self.MIN_CELLS,
            translate("Dbar", "Report units with fewer cells than this"),
            30,
            1,
            whole=True,
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
        task, self._read = self._plan(parameters, context)
        self._task = ProductivityPerformanceTask(
            **{**vars(task), "polygons": self._polygons(parameters, context, feedback)}
        )

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[ProductivityPerformanceTask, Series]:
        """Return the task without its polygons, which take long to read."""
        series = self._through_time(parameters, self.NDVI, context)
        task = ProductivityPerformanceTask(
            ndvi=series.rasters,
            years=series.years,
            span=self._span(parameters, context, series.years),
            units=tuple(
                raster_input(layer)
                for layer in raster_layers(self, parameters, self.UNITS, context)
            ),
            convention=self.parameterAsEnumString(parameters, self.CONVENTION, context),
            percentile=self.parameterAsDouble(parameters, self.PERCENTILE, context),
            threshold=self.parameterAsDouble(parameters, self.THRESHOLD, context),
            minimum_share=self.parameterAsDouble(parameters, self.MIN_SHARE, context),
            fewest_cells=self.parameterAsInt(parameters, self.MIN_CELLS, context),
            scale=self._number_or_none(parameters, self.NDVI_SCALE, context),
            name=self._label(self.NDVI),
        )
        check_productivity_performance(task)
        return task, series

    def _polygons(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> UnitPolygons | None:
        source = self.parameterAsSource(parameters, self.UNIT_POLYGONS, context)
        if source is None:
            return None
        polygons = read_polygons(source, feedback)
        numbered = QCoreApplication.translate("Dbar", "feature {id}")
        names = [numbered.format(id=feature.id()) for feature in polygons.features]
        report_polygons(polygons, names, feedback)
        field = self.parameterAsString(parameters, self.UNIT_FIELD, context)
        if field:
            none = QCoreApplication.translate("Dbar", "(no value)")
            names = field_texts(polygons.features, field, [none] * len(names))
            count = names.count(none)
            if count:
                text = QCoreApplication.translate(
                    "Dbar",
                    "{count} polygons have no value in “{field}”; together they are one unit.",
                )
                feedback.pushWarning(text.format(count=count, field=field))
        return UnitPolygons(
            polygons.wkb(),
            polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            names,
            source.sourceName(),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._task
        self._say_series(self._read, (task.span,), feedback)
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_productivity_performance(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.convention}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            if outputs.wants(self.OUTPUT_UNITS):
                command = self.asPythonCommand(parameters, context)
                self.write_table(outputs, self.OUTPUT_UNITS, unit_table(result), {}, command)
        path = outputs.results[self.OUTPUT]
        self._say_result(result, feedback)

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, degradation_classes()[:2])
            set_period(layer, task.span.first, task.span.last)

        self.raster_looks[path] = Look(style)
        return {
            **outputs.results,
            self.N_DEGRADED: int(result.cells[0]),
            self.N_STABLE: int(result.cells[1]),
            self.N_UNITS: len(result.units),
        }

    def _say_result(
        self, result: ProductivityPerformanceResult, feedback: QgsProcessingFeedback
    ) -> None:
        self._say(result.notes, result.warnings, feedback)
        translate = QCoreApplication.translate
        labels = (
            *(item.label for item in degradation_classes()[:2]),
            translate("Dbar", "No data: in no land unit"),
            translate("Dbar", "No data: too few years"),
            translate("Dbar", "No data: the unit's potential is not above 0"),
        )
        say_counts(labels, result.cells.tolist(), result.km2.tolist(), feedback)
        text = translate("Dbar", "Land units: {count}")
        feedback.pushInfo(text.format(count=len(result.units)))
