"""Night light by zone and date: sums, lit area, inequality, trend, report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QDate

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.inputs import raster_layers
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.statistics_style import (
    column_labels,
    short_name,
    style_light,
    style_trend,
)
from dbar_qgis_plugin.algorithms.outputs import Outputs
from dbar_qgis_plugin.algorithms.sdg_11_3_1.style import play_intervals
from dbar_qgis_plugin.algorithms.series import DatedSeries, dated_series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.algorithms.zones import Zones, read_zones
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.dates import parse_periods
from dbar_qgis_plugin.pipelines.inputs import RasterInput
from dbar_qgis_plugin.pipelines.night_light.light_statistics import (
    ANTL,
    LIT_AREA,
    MAXIMUM,
    NANOWATTS,
    OLS,
    PERCENTILE,
    THEIL_SEN,
    TNL,
    TYPED,
    LightStatisticsResult,
    LightStatisticsTask,
    compute_light_statistics,
)
from dbar_qgis_plugin.pipelines.night_light.light_statistics_tables import series_table, zone_table
from dbar_qgis_plugin.pipelines.night_light.zone_light import KEEP, LIGHT, NODATA, PER_PERSON, ZERO
from dbar_qgis_plugin.reports.night_light import NightLightReport, render_night_light

Translate = Callable[[str, str], str]

# What the raster says, or one of these.
_UNITS: Final = {"auto": "auto", "nw_cm2_sr": NANOWATTS, "other": "other"}


class NightLightStatisticsAlgorithm(TableWriter, NightLightAlgorithm):
    """Night light by zone and date."""

    NAME = "nightlightstatistics"
    ROLES: Final = {
        "ZONES": "zones",
        "LIGHT": "night_light",
        "POPULATION": "population",
        "LIT_RASTER": "lit",
    }
    DATED_BY: Final = {"LIGHT": "DATES"}

    ZONES: Final = "ZONES"
    ZONE_FIELD: Final = "ZONE_FIELD"
    LIGHT: Final = "LIGHT"
    BAND: Final = "BAND"
    DATES: Final = "DATES"
    UNIT: Final = "UNIT"
    COUNTS: Final = "COUNTS"
    POPULATION: Final = "POPULATION"
    NLDI_KEY: Final = "NLDI_KEY"
    LIT_THRESHOLD: Final = "LIT_THRESHOLD"
    LIT_RASTER: Final = "LIT_RASTER"
    SATURATION: Final = "SATURATION"
    NEGATIVE: Final = "NEGATIVE"
    REFERENCE: Final = "REFERENCE"
    REFERENCE_PERCENTILE: Final = "REFERENCE_PERCENTILE"
    REFERENCE_VALUE: Final = "REFERENCE_VALUE"
    TREND_OF: Final = "TREND_OF"
    SLOPE: Final = "SLOPE"
    ALPHA: Final = "ALPHA"
    MIN_DATES: Final = "MIN_DATES"
    MIN_COVERAGE: Final = "MIN_COVERAGE"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_SERIES: Final = "OUTPUT_SERIES"
    OUTPUT_REPORT: Final = "OUTPUT_REPORT"
    N_ZONES: Final = "N_ZONES"
    N_DATES: Final = "N_DATES"
    N_RISING: Final = "N_RISING"
    N_FALLING: Final = "N_FALLING"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Night light by zone and date")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "night light,zonal statistics,total night light,TNL,ANTL,CNLI,NLDI,Gini,Theil,Lorenz,"
            "inequality,trend,VIIRS,Black Marble,DMSP,SDGSAT",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_options(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterFeatureSource(
                self.ZONES, translate("Dbar", "Zones (polygons)"), [kind.VectorPolygon]
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
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.LIGHT,
                translate("Dbar", "Night light, one raster per date (or one with a band per date)"),
                kind.Raster,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.DATES,
                translate(
                    "Dbar",
                    "Dates, such as 2012,2013 or 2014-01..2014-12 (empty: read from the names)",
                ),
                optional=True,
            )
        )
        self._add_enum(
            self.UNIT, translate("Dbar", "Unit of the light (auto: as the rasters say)"), _UNITS
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.COUNTS,
                translate("Dbar", "Numbers of cloud-free observations, for the same dates"),
                kind.Raster,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.POPULATION, translate("Dbar", "Population (persons per cell)"), optional=True
            )
        )
        self._add_number(
            self.LIT_THRESHOLD,
            translate("Dbar", "Lit from this value on (0: all light above 0)"),
            0.0,
            0.0,
        )

    def _add_options(self, translate: Translate) -> None:
        self._add_enum(
            self.TREND_OF,
            translate("Dbar", "Statistic whose trend is measured"),
            (ANTL, TNL, LIT_AREA),
        )
        self._add_enum(
            self.NLDI_KEY,
            translate("Dbar", "Night Light Development Index: cells in order of"),
            (PER_PERSON, LIGHT),
            advanced=True,
        )
        self._add_number(
            self.BAND,
            translate("Dbar", "Band of the light, where bands are not dates"),
            None,
            1,
            100_000,
            whole=True,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.LIT_RASTER,
                translate("Dbar", "Lit threshold of each cell, or mask of lit cells"),
                optional=True,
            ),
            advanced=True,
        )
        self._add_number(
            self.SATURATION,
            translate("Dbar", "Saturated from this value on"),
            None,
            0.0,
            advanced=True,
        )
        self._add_enum(
            self.NEGATIVE,
            translate("Dbar", "Negative values"),
            (KEEP, ZERO, NODATA),
            advanced=True,
        )
        self._add_enum(
            self.REFERENCE,
            translate("Dbar", "Full light of the compounded index (CNLI)"),
            (PERCENTILE, MAXIMUM, TYPED),
            advanced=True,
        )
        self._add_number(
            self.REFERENCE_PERCENTILE,
            translate("Dbar", "Percentile of lit cells that is full light"),
            99.9,
            50.0,
            100.0,
            advanced=True,
        )
        self._add_number(
            self.REFERENCE_VALUE,
            translate("Dbar", "Full light (typed)"),
            None,
            0.0,
            advanced=True,
        )
        self._add_enum(
            self.SLOPE, translate("Dbar", "Slope of the trend"), (THEIL_SEN, OLS), advanced=True
        )
        self._add_number(
            self.ALPHA,
            translate("Dbar", "Significance level of the trend"),
            0.05,
            0.0001,
            0.5,
            advanced=True,
        )
        self._add_number(
            self.MIN_DATES,
            translate("Dbar", "Fewest dates for a trend"),
            8,
            4,
            1000,
            whole=True,
            advanced=True,
        )

        self._add_number(
            self.MIN_COVERAGE,
            translate("Dbar", "Least area with data for the trend, of that on the best date (0–1)"),
            0.8,
            0.0,
            1.0,
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT, translate("Dbar", "Night light by zone"), kind.VectorPolygon
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_SERIES,
                translate("Dbar", "Night light by zone and date"),
                kind.VectorPolygon,
                optional=True,
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
            (self.N_DATES, translate("Dbar", "Number of dates")),
            (self.N_RISING, translate("Dbar", "Zones with a rising trend")),
            (self.N_FALLING, translate("Dbar", "Zones with a falling trend")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._series(parameters, context)
        values = dict(parameters)
        if self.parameterAsEnumString(
            values, self.REFERENCE, context
        ) == TYPED and not self._number_or_none(parameters, self.REFERENCE_VALUE, context):
            raise InputError(
                translate("Dbar", "“{parameter}” is not given: type a value above 0."),
                parameter=self._label(self.REFERENCE_VALUE),
            )
        self._check_report(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._light, self._counts = self._series(parameters, context)
        self._population, self._lit_raster = (
            self._optional_raster(parameters, name, context)
            for name in (self.POPULATION, self.LIT_RASTER)
        )

    def _series(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[DatedSeries, Sequence[RasterInput]]:
        """Return light, and counts, in order of time."""
        text = self.parameterAsString(dict(parameters), self.DATES, context)
        dates_label = self._label(self.DATES)
        typed = parse_periods(text, dates_label)
        band = self._number_or_none(parameters, self.BAND, context)
        light = dated_series(
            self._label(self.LIGHT),
            raster_layers(self, parameters, self.LIGHT, context),
            typed,
            dates_label,
            None if band is None else int(band),
        )
        layers = raster_layers(self, parameters, self.COUNTS, context)
        if not layers:
            return light, ()
        counts = dated_series(self._label(self.COUNTS), layers, typed, dates_label)
        if counts.periods != light.periods:
            raise InputError(
                translate(
                    "Dbar",
                    "“{counts}” and “{light}” are not of the same dates. Give one raster of "
                    "observations for each of light, or type the dates in “{dates}”.",
                ),
                counts=self._label(self.COUNTS),
                light=self._label(self.LIGHT),
                dates=dates_label,
            )
        return light, counts.rasters

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        self._say(self._light.notes, self._light.warnings, feedback)
        zones = read_zones(self, parameters, self.ZONES, self.ZONE_FIELD, context, feedback)
        if zones is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.ZONES))
        task = self._task(parameters, context, zones)
        result = compute_light_statistics(
            task, progress=progress_of(feedback), workers=workers_of_settings()
        )
        self._say((), result.warnings, feedback)
        warnings = [translated(line) for line in (*self._light.warnings, *result.warnings)]
        of_zones, series = zone_table(task, result), series_table(task, result)
        with Outputs(self, parameters, context, feedback) as outputs:
            if outputs.wants(self.OUTPUT_REPORT):
                report = NightLightReport(
                    title=self.displayName(),
                    created=datetime.now().astimezone().isoformat(" ", "minutes"),
                    plugin_version=VERSION,
                    unit=result.units[-1],
                    dates=[str(period) for period in task.periods],
                    trend_of=task.trend_of,
                    parameters=self._facts(parameters, context),
                    inputs=result.inputs,
                    zones=of_zones,
                    series=series,
                    places=result.places,
                    lorenz=result.lorenz.tolist(),
                    people_lorenz=result.people_lorenz.tolist(),
                    warnings=[*zones.warnings, *warnings],
                )
                html = render_night_light(report, QCoreApplication.translate)
                outputs.text(self.OUTPUT_REPORT, html)
            command = self.asPythonCommand(parameters, context)
            self._write_zones(outputs, of_zones, zones, command)
            self._write_series(outputs, series, zones, command)
        return {**outputs.results, **self._numbers(task, result, feedback)}

    def _task(
        self, parameters: dict[str, Any], context: QgsProcessingContext, zones: Zones
    ) -> LightStatisticsTask:
        def choice(name: str) -> str:
            return self.parameterAsEnumString(parameters, name, context)

        def number(name: str) -> float:
            return self.parameterAsDouble(parameters, name, context)

        return LightStatisticsTask(
            zone_wkb=zones.polygons.wkb(),
            zone_crs=zones.polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            zone_names=zones.names,
            light=self._light.rasters,
            periods=self._light.periods,
            counts=self._counts,
            population=self._population,
            key=choice(self.NLDI_KEY),
            limit=number(self.LIT_THRESHOLD),
            limits=self._lit_raster,
            saturation=self._number_or_none(parameters, self.SATURATION, context),
            unit=_UNITS[choice(self.UNIT)],
            reference=choice(self.REFERENCE),
            percentile=number(self.REFERENCE_PERCENTILE),
            reference_value=self._number_or_none(parameters, self.REFERENCE_VALUE, context) or 0.0,
            negative=choice(self.NEGATIVE),
            trend_of=choice(self.TREND_OF),
            slope=choice(self.SLOPE),
            alpha=number(self.ALPHA),
            minimum_dates=self.parameterAsInt(parameters, self.MIN_DATES, context),
            minimum_coverage=number(self.MIN_COVERAGE),
        )

    def _write_zones(
        self,
        outputs: Outputs,
        columns: Mapping[str, Sequence[Any]],
        zones: Zones,
        command: str,
    ) -> None:
        polygons = zones.polygons
        has_trend = any(slope is not None for slope in columns["trend_slope"])

        def style(layer: QgsVectorLayer, names: Mapping[str, str]) -> None:
            if has_trend:
                style_trend(layer, names["trend"])
            else:
                style_light(layer, names["antl"])

        self.write_table(
            outputs,
            self.OUTPUT,
            _with_dates(columns),
            column_labels(),
            command,
            own=(polygons.features[0].fields(), [f.attributes() for f in polygons.features]),
            shapes=polygons.geometries,
            crs=polygons.crs,
            style=style,
            short=short_name,
        )

    def _write_series(
        self,
        outputs: Outputs,
        columns: Mapping[str, Sequence[Any]],
        zones: Zones,
        command: str,
    ) -> None:
        dates = len(self._light.periods)

        def style(layer: QgsVectorLayer, names: Mapping[str, str]) -> None:
            style_light(layer, names["antl"])
            play_intervals(layer, names["date"], names["date_end"])

        self.write_table(
            outputs,
            self.OUTPUT_SERIES,
            _with_dates(columns),
            column_labels(),
            command,
            shapes=(shape for shape in zones.polygons.geometries for _ in range(dates)),
            crs=zones.polygons.crs,
            style=style,
            short=short_name,
        )

    def _facts(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Return the parameters of the run, by label; the rasters are told apart from them."""
        values = dict(parameters)
        source = self.parameterAsSource(values, self.ZONES, context)
        facts = {} if source is None else {self._label(self.ZONES): source.sourceName()}
        rasters = (self.LIGHT, self.COUNTS, self.POPULATION, self.LIT_RASTER)
        for definition in self.parameterDefinitions():
            name = definition.name()
            if definition.isDestination() or name == self.ZONES or name in rasters:
                continue
            value = ", ".join(self.parameterAsStrings(values, name, context))
            if value:
                facts[definition.description()] = value
        return facts

    def _numbers(
        self,
        task: LightStatisticsTask,
        result: LightStatisticsResult,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, int]:
        """Say the headline in the log, and return it for models."""
        rising = int((result.trend.direction > 0).sum())
        falling = int((result.trend.direction < 0).sum())
        text = QCoreApplication.translate(
            "Dbar", "Zones: {zones}, dates: {dates}; trend rising: {rising}, falling: {falling}."
        )
        feedback.pushInfo(
            text.format(
                zones=len(task.zone_names),
                dates=len(task.periods),
                rising=rising,
                falling=falling,
            )
        )
        return {
            self.N_ZONES: len(task.zone_names),
            self.N_DATES: len(task.periods),
            self.N_RISING: rising,
            self.N_FALLING: falling,
        }


def _with_dates(columns: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """Return the columns with dates that QGIS knows as such."""
    return {
        name: [QDate.fromString(text, "yyyy-MM-dd") for text in values]
        if name in ("date", "date_end")
        else values
        for name, values in columns.items()
    }
