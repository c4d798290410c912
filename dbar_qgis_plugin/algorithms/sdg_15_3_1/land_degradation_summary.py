"""SDG 15.3.1 by zone: proportion degraded, areas, crosstabs, people exposed, report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs, provenance
from dbar_qgis_plugin.algorithms.sdg_11_3_1.tables import ResultTable, describe_layer
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import LandDegradationAlgorithm
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import (
    degradation_classes,
    land_cover_classes,
    palette,
    productivity_classes,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.summary_tables import style_zones, summary_table
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.zones import Zones, read_zones
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary import (
    LandDegradationSummaryResult,
    LandDegradationSummaryTask,
    compute_land_degradation_summary,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_degradation_summary_tables import (
    MISSING,
    ClassNames,
    crosstab_table,
    zone_columns,
    zone_table,
)
from dbar_qgis_plugin.reports.land_degradation import (
    LandDegradationReport,
    render_land_degradation,
)

Translate = Callable[[str, str], str]
Columns = Mapping[str, Sequence[Any]]


class Denominator(StrEnum):
    """What the degraded area is a share of."""

    LAND = "land"
    TRENDS_EARTH = "trends_earth"


class ProductivityValues(StrEnum):
    """What the cells of land productivity hold."""

    AUTO = "auto"
    CLASSES = "classes"
    LPD = "lpd"


class LandDegradationSummaryAlgorithm(LandDegradationAlgorithm):
    """Land degradation by zone."""

    NAME = "landdegradationsummary"
    ROLES: Final = {
        "RASTER": "degradation",
        "PRODUCTIVITY": "productivity",
        "LAND_COVER": "land_cover_change",
        "SOC": "soil_carbon_change",
        "POPULATION": "population",
        "LAND_COVER_INITIAL": "land_cover",
        "LAND_COVER_FINAL": "land_cover",
        "SOC_STOCK_INITIAL": "soil_carbon",
        "SOC_STOCK_FINAL": "soil_carbon",
        "WATER": "water",
        "ZONES": "zones",
    }

    RASTER: Final = "RASTER"
    BAND: Final = "BAND"
    PRODUCTIVITY: Final = "PRODUCTIVITY"
    PRODUCTIVITY_VALUES: Final = "PRODUCTIVITY_VALUES"
    LAND_COVER: Final = "LAND_COVER"
    LAND_COVER_INITIAL: Final = "LAND_COVER_INITIAL"
    LAND_COVER_FINAL: Final = "LAND_COVER_FINAL"
    CLASS_NAMES: Final = "CLASS_NAMES"
    SOC: Final = "SOC"
    SOC_STOCK_INITIAL: Final = "SOC_STOCK_INITIAL"
    SOC_STOCK_FINAL: Final = "SOC_STOCK_FINAL"
    POPULATION: Final = "POPULATION"
    WATER: Final = "WATER"
    WATER_CLASS: Final = "WATER_CLASS"
    ZONES: Final = "ZONES"
    ZONE_FIELD: Final = "ZONE_FIELD"
    DENOMINATOR: Final = "DENOMINATOR"
    PERIOD_LABEL: Final = "PERIOD_LABEL"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    OUTPUT_CROSSTABS: Final = "OUTPUT_CROSSTABS"
    OUTPUT_REPORT: Final = "OUTPUT_REPORT"
    N_ZONES: Final = "N_ZONES"
    DEGRADED_PCT: Final = "DEGRADED_PCT"
    DEGRADED_KM2: Final = "DEGRADED_KM2"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Land degradation by zone (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,land degradation,proportion,summary,statistics,province,country,UNCCD,"
            "LDN,report",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_rasters(QCoreApplication.translate)
        self._add_zones(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_rasters(self, translate: Translate) -> None:
        self._add_raster(self.RASTER, translate("Dbar", "Land degradation (-1, 0, 1)"))
        self.add(
            QgsProcessingParameterBand(
                self.BAND,
                translate("Dbar", "Band of land degradation, where it is not the first"),
                parentLayerParameterName=self.RASTER,
                optional=True,
            ),
            advanced=True,
        )
        optional: dict[str, Any] = {"optional": True}
        self._add_raster(self.PRODUCTIVITY, translate("Dbar", "Land productivity"), **optional)
        self._add_raster(self.LAND_COVER, translate("Dbar", "Land cover change"), **optional)
        self._add_raster(
            self.SOC, translate("Dbar", "Change of soil organic carbon (-1, 0, 1)"), **optional
        )
        self._add_raster(
            self.POPULATION, translate("Dbar", "Population (persons per cell)"), **optional
        )
        self._add_raster(
            self.LAND_COVER_INITIAL,
            translate("Dbar", "Land cover at the start, without a raster of its change"),
            **optional,
        )
        self._add_raster(
            self.LAND_COVER_FINAL,
            translate("Dbar", "Land cover at the end, without a raster of its change"),
            **optional,
        )
        self._add_raster(
            self.SOC_STOCK_INITIAL,
            translate("Dbar", "Soil organic carbon at the start (t/ha)"),
            advanced=True,
            **optional,
        )
        self._add_raster(
            self.SOC_STOCK_FINAL,
            translate("Dbar", "Soil organic carbon at the end (t/ha)"),
            advanced=True,
            **optional,
        )
        self._add_raster(
            self.WATER,
            translate("Dbar", "Inland water (mask), instead of the land cover's"),
            advanced=True,
            **optional,
        )
        self._add_number(
            self.WATER_CLASS,
            translate("Dbar", "Land cover class of inland water"),
            7,
            1,
            255,
            whole=True,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString(
                self.CLASS_NAMES,
                translate("Dbar", "Names of the land cover classes (empty: those of the UNCCD)"),
                optional=True,
            ),
            advanced=True,
        )
        self._add_enum(
            self.PRODUCTIVITY_VALUES,
            translate("Dbar", "Land productivity cells hold"),
            ProductivityValues,
            advanced=True,
        )

    def _add_zones(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterFeatureSource(
                self.ZONES,
                translate("Dbar", "Zones (polygons; none: the whole area)"),
                [Qgis.ProcessingSourceType.VectorPolygon],
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.ZONE_FIELD,
                translate("Dbar", "Field with the zone's name"),
                parentLayerParameterName=self.ZONES,
                optional=True,
            )
        )
        self._add_enum(
            self.DENOMINATOR,
            translate("Dbar", "Degraded area as a share of (land: without inland water)"),
            Denominator,
        )
        self.add(
            QgsProcessingParameterString(
                self.PERIOD_LABEL,
                translate("Dbar", "Period for the report's heading, such as 2000–2015"),
                optional=True,
            )
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT,
                translate("Dbar", "Land degradation by zone"),
                Qgis.ProcessingSourceType.VectorPolygon,
            )
        )
        for name, label in (
            (self.OUTPUT_TABLE, translate("Dbar", "Land degradation by zone (table)")),
            (self.OUTPUT_CROSSTABS, translate("Dbar", "Crosstabs of land degradation")),
        ):
            self.add(
                QgsProcessingParameterFeatureSink(
                    name, label, Qgis.ProcessingSourceType.Vector, optional=True
                )
            )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_REPORT,
                translate("Dbar", "Report"),
                translate("Dbar", "HTML files (*.html)"),
                optional=True,
            )
        )
        for name, label in (
            (self.N_ZONES, translate("Dbar", "Number of zones")),
            (self.DEGRADED_PCT, translate("Dbar", "Degraded, all zones together (%)")),
            (self.DEGRADED_KM2, translate("Dbar", "Degraded land, all zones together (km²)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def _add_raster(
        self, name: str, label: str, *, optional: bool = False, advanced: bool = False
    ) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(name, label, optional=optional), advanced=advanced
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._check_zone_field(parameters, context)
        self._check_report(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._rasters: dict[str, RasterInput | None] = {
            name: self._optional_raster(parameters, name, context)
            for name in (
                self.RASTER,
                self.PRODUCTIVITY,
                self.LAND_COVER,
                self.LAND_COVER_INITIAL,
                self.LAND_COVER_FINAL,
                self.SOC,
                self.SOC_STOCK_INITIAL,
                self.SOC_STOCK_FINAL,
                self.POPULATION,
                self.WATER,
            )
        }
        main, band = self._rasters[self.RASTER], parameters.get(self.BAND)
        if main is not None and band is not None:
            chosen = self.parameterAsInt(parameters, self.BAND, context)
            self._rasters[self.RASTER] = replace(main, band=chosen)

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        zones = read_zones(self, parameters, self.ZONES, self.ZONE_FIELD, context, feedback)
        task = self._task(parameters, context, zones)
        progress = progress_of(feedback)
        result = compute_land_degradation_summary(
            task, progress=progress, workers=workers_of_settings()
        )
        warnings = [translated(warning) for warning in result.warnings]
        for warning in warnings:
            feedback.pushWarning(warning)
        if zones is not None:
            warnings = zones.warnings + warnings
        all_zones = QCoreApplication.translate("Dbar", "All zones")
        table = zone_table(task, result, all_zones, progress)
        facts = self._facts(parameters, context)
        with Outputs(self, parameters, context, feedback) as outputs:
            crosstabs: Columns = {}
            if outputs.wants(self.OUTPUT_CROSSTABS) or outputs.wants(self.OUTPUT_REPORT):
                names = self._class_names(parameters, context, result)
                crosstabs = crosstab_table(task, result, names, all_zones, progress)
            if outputs.wants(self.OUTPUT_REPORT):
                report = LandDegradationReport(
                    title=self.displayName(),
                    created=datetime.now().astimezone().isoformat(" ", "minutes"),
                    plugin_version=VERSION,
                    denominator=task.denominator,
                    period=self.parameterAsString(parameters, self.PERIOD_LABEL, context).strip(),
                    parameters=facts,
                    inputs=result.inputs,
                    zones=table,
                    crosstabs=crosstabs,
                    colours=dict(zip(("degraded", "stable", "improved"), palette(), strict=True)),
                    warnings=warnings,
                )
                html = render_land_degradation(report, QCoreApplication.translate)
                outputs.text(self.OUTPUT_REPORT, html)
            write = _Writer(self, outputs, facts, self.asPythonCommand(parameters, context))
            write.zones(task, result, zones)
            write.table(self.OUTPUT_TABLE, table)
            write.table(self.OUTPUT_CROSSTABS, crosstabs)
        return {**outputs.results, **self._numbers(table, len(task.zone_names), feedback)}

    def _task(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext, zones: Zones | None
    ) -> LandDegradationSummaryTask:
        rasters = self._rasters
        main = rasters[self.RASTER]
        if main is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, self.RASTER))
        whole = QCoreApplication.translate("Dbar", "Whole area")
        return LandDegradationSummaryTask(
            raster=main,
            productivity=rasters[self.PRODUCTIVITY],
            productivity_values=self.parameterAsEnumString(
                parameters, self.PRODUCTIVITY_VALUES, context
            ),
            values_label=self._label(self.PRODUCTIVITY_VALUES),
            land_cover=rasters[self.LAND_COVER],
            land_cover_initial=rasters[self.LAND_COVER_INITIAL],
            land_cover_final=rasters[self.LAND_COVER_FINAL],
            soc=rasters[self.SOC],
            soc_stock_initial=rasters[self.SOC_STOCK_INITIAL],
            soc_stock_final=rasters[self.SOC_STOCK_FINAL],
            population=rasters[self.POPULATION],
            water=rasters[self.WATER],
            water_class=self.parameterAsInt(parameters, self.WATER_CLASS, context),
            zone_wkb=None if zones is None else zones.polygons.wkb(),
            zone_crs="" if zones is None else _wkt(zones.polygons.crs),
            zone_names=[whole] if zones is None else zones.names,
            denominator=self.parameterAsEnumString(parameters, self.DENOMINATOR, context),
        )

    def _class_names(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        result: LandDegradationSummaryResult,
    ) -> ClassNames:
        translate = QCoreApplication.translate
        text = self.parameterAsString(parameters, self.CLASS_NAMES, context)
        given = [name.strip() for name in re.split(r"[,;，；]", text) if name.strip()]
        codes = result.summary.codes
        largest = max(int(codes[name].max(initial=0)) for name in ("initial", "final"))
        cover = land_cover_classes(given)
        # Of another legend nothing but the numbers is known.
        known = cover if given or largest <= len(cover) else []
        degradation = {item.value: item.label for item in degradation_classes()}
        is_lpd = result.classes["productivity"][-1] == 5
        productivity = {item.value: item.label for item in productivity_classes()}
        return ClassNames(
            {
                "sdg": degradation,
                "land_cover": degradation,
                "soc": degradation,
                "productivity": productivity if is_lpd else degradation,
                "cover": {item.value: item.label for item in known},
                "water": {0: translate("Dbar", "Land"), 1: translate("Dbar", "Inland water")},
            },
            translate("Dbar", "No data"),
            translate("Dbar", "Class {number}"),
            _causes(translate),
        )

    def _facts(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Return the parameters of the run, by label; the rasters are told apart from them."""
        facts = {}
        source = self.parameterAsSource(parameters, self.ZONES, context)
        if source is not None:
            facts[self._label(self.ZONES)] = source.sourceName()
        for definition in self.parameterDefinitions():
            name = definition.name()
            if definition.isDestination() or name in self._rasters or name == self.ZONES:
                continue
            value = ", ".join(self.parameterAsStrings(parameters, name, context))
            if value:
                facts[definition.description()] = value
        return facts

    def _numbers(
        self, table: Columns, zones: int, feedback: QgsProcessingFeedback
    ) -> dict[str, float | int | None]:
        """Say the headline in the log, and return it for models."""
        percent, area = table["degraded_pct"][-1], table["degraded_km2"][-1]
        text = QCoreApplication.translate(
            "Dbar", "Degraded: {percent} % ({area} of {land} km² of land), zones: {count}."
        )
        feedback.pushInfo(
            text.format(
                percent="–" if percent is None else f"{percent:.2f}",
                area=figure_text(area),
                land=figure_text(table["land_km2"][-1]),
                count=zones,
            )
        )
        return {self.N_ZONES: zones, self.DEGRADED_PCT: percent, self.DEGRADED_KM2: area}


class _Writer:
    """Writes the tables of one run, and settles how each will look."""

    def __init__(
        self,
        algorithm: LandDegradationSummaryAlgorithm,
        outputs: Outputs,
        facts: Mapping[str, str],
        command: str,
    ) -> None:
        self._algorithm = algorithm
        self._outputs = outputs
        self._abstract = "; ".join(f"{label}: {value}" for label, value in facts.items())
        self._command = command

    def zones(
        self,
        task: LandDegradationSummaryTask,
        result: LandDegradationSummaryResult,
        zones: Zones | None,
    ) -> None:
        """Write the polygons: a row a zone, after the input's own fields."""
        name = self._algorithm.OUTPUT
        columns: dict[str, Sequence[Any]] = {
            "zone": list(task.zone_names),
            **zone_columns(task, result),
        }
        limit = self._outputs.name_limit(name)
        if zones is None:
            table = summary_table(columns, limit)
            rim = [QgsPointXY(*corner) for corner in result.outline]
            shapes: Iterable[QgsGeometry] = [QgsGeometry.fromMultiPolygonXY([[rim]])]
            crs = QgsCoordinateReferenceSystem.fromWkt(result.crs)
        else:
            features = zones.polygons.features
            table = summary_table(columns, limit, features[0].fields(), features)
            shapes, crs = zones.polygons.geometries, zones.polygons.crs

        def style(layer: QgsVectorLayer) -> None:
            style_zones(layer, table.names["degraded_pct"], table.names["zone"])

        self._write(name, table, style, shapes, crs)

    def table(self, name: str, columns: Columns) -> None:
        """Write a table without geometry."""
        self._write(name, summary_table(columns, self._outputs.name_limit(name)))

    def _write(
        self,
        name: str,
        table: ResultTable,
        style: Callable[[QgsVectorLayer], None] | None = None,
        shapes: Iterable[QgsGeometry] | None = None,
        crs: QgsCoordinateReferenceSystem | None = None,
    ) -> None:
        target = self._outputs.table(name, table.fields, table.rows, shapes, crs)
        if not target:
            return
        title = self._algorithm.parameterDefinition(name).description()
        metadata = provenance(self._algorithm, title, self._abstract, self._command)

        def finish(layer: QgsVectorLayer) -> None:
            if style is not None and layer.isSpatial():
                style(layer)
            describe_layer(layer, table, metadata)

        self._algorithm.looks[target] = Look(finish)
        if table.renamed:
            self._outputs.say_renamed(title, table.renamed)


def _wkt(crs: QgsCoordinateReferenceSystem) -> str:
    return crs.toWkt(Qgis.CrsWktVariant.Preferred)


def _causes(translate: Translate) -> dict[int, str]:
    """Return the names of what is missing; see the pipeline of the summary tables."""
    names = {
        "productivity": translate("Dbar", "land productivity"),
        "land_cover": translate("Dbar", "land cover"),
        "soc": translate("Dbar", "soil organic carbon"),
    }
    lacking = translate("Dbar", "Missing: {what}")
    causes = {0: translate("Dbar", "None of the inputs given is missing")}
    for mask in range(1, 1 << len(MISSING)):
        what = ", ".join(names[name] for bit, name in enumerate(MISSING) if mask >> bit & 1)
        causes[mask] = lacking.format(what=what)
    causes[8] = translate("Dbar", "Inland water")
    return causes
