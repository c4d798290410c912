"""SDG 11.3.1: land consumption rate over population growth rate, for many cities and epochs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFields,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.base import DbarAlgorithm, progress_of, translated
from dbar_qgis_plugin.algorithms.inputs import (
    Polygons,
    field_numbers,
    field_texts,
    name_field,
    raster_layers,
    read_polygons,
    report_polygons,
)
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs, provenance
from dbar_qgis_plugin.algorithms.sdg_11_3_1.builtup import (
    BuiltupKind,
    builtup_classes,
    builtup_series,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.style import play_intervals, style_cities
from dbar_qgis_plugin.algorithms.sdg_11_3_1.tables import (
    Columns,
    ResultTable,
    describe_layer,
    result_table,
    with_periods,
)
from dbar_qgis_plugin.algorithms.series import Series, field_series, raster_series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency import (
    LandUseEfficiencyResult,
    LandUseEfficiencyTask,
    compute_land_use_efficiency,
)
from dbar_qgis_plugin.pipelines.sdg_11_3_1.land_use_efficiency_tables import (
    city_table,
    group_table,
    interval_table,
)
from dbar_qgis_plugin.pipelines.years import parse_years, year_text
from dbar_qgis_plugin.reports.land_use_efficiency import (
    LandUseEfficiencyReport,
    render_land_use_efficiency,
)

Translate = Callable[[str, str], str]


class PopulationKind(StrEnum):
    """What the cells of the population rasters hold."""

    COUNT = "count"
    DENSITY = "density"


class Formula(StrEnum):
    """Edition of the land consumption rate."""

    UNSD_2021 = "2021"
    UN_HABITAT_2018 = "2018"


class Coverage(StrEnum):
    """Which cells belong to a polygon."""

    CENTRE = "centre"
    EXACT = "exact"
    ALL_TOUCHED = "all_touched"


class CellArea(StrEnum):
    """How large a cell is."""

    GEODESIC = "geodesic"
    NOMINAL = "nominal"


@dataclass(frozen=True)
class _Plan:
    """What a run computes, before the polygons are read."""

    builtup: Series
    population: Series
    classes: tuple[int, ...]


class LandUseEfficiencyAlgorithm(DbarAlgorithm):
    """Land use efficiency (SDG 11.3.1)."""

    NAME = "landuseefficiency"
    ROLES: Final = {
        "CITIES": "zones",
        "BUILTUP": "builtup",
        "POPULATION": "population",
    }
    DATED_BY: Final = {"BUILTUP": "YEARS", "POPULATION": "POPULATION_YEARS"}

    CITIES: Final = "CITIES"
    CITY_FIELD: Final = "CITY_FIELD"
    GROUP_FIELD: Final = "GROUP_FIELD"
    BUILTUP: Final = "BUILTUP"
    BUILTUP_KIND: Final = "BUILTUP_KIND"
    BUILTUP_CLASSES: Final = "BUILTUP_CLASSES"
    POPULATION: Final = "POPULATION"
    POPULATION_KIND: Final = "POPULATION_KIND"
    POPULATION_FIELDS: Final = "POPULATION_FIELDS"
    YEARS: Final = "YEARS"
    POPULATION_YEARS: Final = "POPULATION_YEARS"
    FORMULA: Final = "FORMULA"
    COVERAGE: Final = "COVERAGE"
    CELL_AREA: Final = "CELL_AREA"
    NEAR_ZERO_PGR: Final = "NEAR_ZERO_PGR"
    IMPLAUSIBLE_RATE: Final = "IMPLAUSIBLE_RATE"
    MIN_COVERAGE: Final = "MIN_COVERAGE"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_INTERVALS: Final = "OUTPUT_INTERVALS"
    OUTPUT_GROUPS: Final = "OUTPUT_GROUPS"
    OUTPUT_REPORT: Final = "OUTPUT_REPORT"
    N_CITIES: Final = "N_CITIES"
    N_UNDEFINED: Final = "N_UNDEFINED"
    RATIO_LAST: Final = "RATIO_LAST"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Land use efficiency (SDG 11.3.1)")

    def group(self) -> str:
        return QCoreApplication.translate("Dbar", "SDG 11.3.1 Urban land use")

    def groupId(self) -> str:
        return "sdg1131"

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,11.3.1,urban,city,land consumption,population growth,LCRPGR,LCR,PGR,built-up,"
            "settlement,GHSL,sprawl",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_options(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterFeatureSource(
                self.CITIES,
                translate("Dbar", "Cities (polygons)"),
                [Qgis.ProcessingSourceType.VectorPolygon],
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.CITY_FIELD,
                translate("Dbar", "Field with the city's name"),
                parentLayerParameterName=self.CITIES,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.GROUP_FIELD,
                translate("Dbar", "Field with the city's group (country, region, size class)"),
                parentLayerParameterName=self.CITIES,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.BUILTUP,
                translate("Dbar", "Built-up rasters, one per epoch"),
                Qgis.ProcessingSourceType.Raster,
            )
        )
        self._add_enum(self.BUILTUP_KIND, translate("Dbar", "Built-up cells hold"), BuiltupKind)
        self.add(
            QgsProcessingParameterString(
                self.BUILTUP_CLASSES,
                translate("Dbar", "Built-up classes (for cells that hold classes), such as 50,190"),
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.POPULATION,
                translate("Dbar", "Population rasters, one per epoch"),
                Qgis.ProcessingSourceType.Raster,
                optional=True,
            )
        )
        self._add_enum(
            self.POPULATION_KIND,
            translate("Dbar", "Population cells hold (count: persons; density: persons per km²)"),
            PopulationKind,
        )
        self.add(
            QgsProcessingParameterField(
                self.POPULATION_FIELDS,
                translate("Dbar", "Population fields of the cities, one per epoch, instead"),
                parentLayerParameterName=self.CITIES,
                type=Qgis.ProcessingFieldParameterDataType.Numeric,
                allowMultiple=True,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.YEARS,
                translate("Dbar", "Years, such as 1990,2000,2015 (empty: read from the names)"),
                optional=True,
            )
        )

    def _add_options(self, translate: Translate) -> None:
        self._add_enum(self.FORMULA, translate("Dbar", "Formula of the rates (edition)"), Formula)
        self._add_enum(self.COVERAGE, translate("Dbar", "Cells that belong to a city"), Coverage)
        self.add(
            QgsProcessingParameterString(
                self.POPULATION_YEARS,
                translate("Dbar", "Years of the population, where they differ"),
                optional=True,
            ),
            advanced=True,
        )
        self._add_enum(self.CELL_AREA, translate("Dbar", "Area of a cell"), CellArea, advanced=True)
        self._add_number(
            self.NEAR_ZERO_PGR,
            translate("Dbar", "Flag the ratio below this population growth rate (per year)"),
            0.001,
            0.0,
            1.0,
            advanced=True,
        )
        self._add_number(
            self.IMPLAUSIBLE_RATE,
            translate("Dbar", "Flag a change of built-up area above this rate (per year)"),
            0.08,
            0.0,
            1.0,
            advanced=True,
        )
        self._add_number(
            self.MIN_COVERAGE,
            translate("Dbar", "Flag cities with data on less than this share of their area (0–1)"),
            0.95,
            0.0,
            1.0,
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        polygons = Qgis.ProcessingSourceType.VectorPolygon
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT, translate("Dbar", "Land use efficiency by city"), polygons
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_INTERVALS,
                translate("Dbar", "Land use efficiency by city and interval"),
                polygons,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_GROUPS,
                translate("Dbar", "Land use efficiency by group"),
                Qgis.ProcessingSourceType.Vector,
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
            (self.N_CITIES, translate("Dbar", "Number of cities")),
            (self.N_UNDEFINED, translate("Dbar", "Cities without a ratio in the last interval")),
            (self.RATIO_LAST, translate("Dbar", "Ratio of all cities together, last interval")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._plan(parameters, context)
        self._check_report(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._planned = self._plan(parameters, context)

    def _plan(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> _Plan:
        kind = self.parameterAsEnumString(parameters, self.BUILTUP_KIND, context)
        classes = builtup_classes(self, parameters, self.BUILTUP_CLASSES, kind, context)
        years = self._years(parameters, self.YEARS, context)
        builtup = builtup_series(
            self, parameters, self.BUILTUP, self.YEARS, kind, years, context, fewest=2
        )
        population = self._population(parameters, context, years, builtup)
        return _Plan(builtup, population, classes)

    def _population(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        years: tuple[float, ...],
        builtup: Series,
    ) -> Series:
        layers = raster_layers(self, parameters, self.POPULATION, context)
        fields = self.parameterAsStrings(parameters, self.POPULATION_FIELDS, context)
        rasters_label = self._label(self.POPULATION)
        fields_label = self._label(self.POPULATION_FIELDS)
        if layers and fields:
            raise InputError(
                translate(
                    "Dbar", "Both “{rasters}” and “{fields}” are given: leave one of them empty."
                ),
                rasters=rasters_label,
                fields=fields_label,
            )
        if not layers and not fields:
            raise InputError(
                translate("Dbar", "No population is given: fill in “{rasters}” or “{fields}”."),
                rasters=rasters_label,
                fields=fields_label,
            )
        own_years = self._years(parameters, self.POPULATION_YEARS, context)
        where = self._label(self.POPULATION_YEARS if own_years else self.YEARS)
        if layers:
            series = raster_series(rasters_label, layers, own_years or years, where)
        else:
            series = field_series(fields_label, fields, own_years or years, where)
        if len(series.years) != len(builtup.years):
            raise InputError(
                translate(
                    "Dbar",
                    "Built-up area is given for {builtup} epochs ({builtup_years}), population for "
                    "{population} ({population_years}). Give as many of each.",
                ),
                builtup=len(builtup.years),
                builtup_years=_listed(builtup.years),
                population=len(series.years),
                population_years=_listed(series.years),
            )
        if not own_years and series.years != builtup.years:
            raise InputError(
                translate(
                    "Dbar",
                    "The names say {builtup} for built-up area and {population} for population. "
                    "If that is meant, type the years of the population in “{parameter}”.",
                ),
                builtup=_listed(builtup.years),
                population=_listed(series.years),
                parameter=self._label(self.POPULATION_YEARS),
            )
        return series

    def _years(
        self, parameters: Mapping[str, Any], name: str, context: QgsProcessingContext
    ) -> tuple[float, ...]:
        return parse_years(self.parameterAsString(parameters, name, context), self._label(name))

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        warnings = [*self._planned.builtup.warnings, *self._planned.population.warnings]
        for note in (*self._planned.builtup.notes, *self._planned.population.notes):
            feedback.pushInfo(translated(note))
        for warning in warnings:
            feedback.pushWarning(translated(warning))

        source = self.parameterAsSource(parameters, self.CITIES, context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, self.CITIES))
        polygons = read_polygons(source, feedback)
        field = name_field(self, parameters, self.CITY_FIELD, source.fields(), context)
        task = self._task(parameters, context, polygons, field)
        report_polygons(polygons, task.city_names, feedback)
        result = compute_land_use_efficiency(
            task, progress=progress_of(feedback), workers=workers_of_settings()
        )
        for warning in result.warnings:
            feedback.pushWarning(translated(warning))
        warnings += result.warnings

        facts = self._facts(parameters, context, source.sourceName())
        report = LandUseEfficiencyReport(
            title=self.displayName(),
            created=datetime.now().astimezone().isoformat(" ", "minutes"),
            plugin_version=VERSION,
            formula=task.formula,
            parameters=facts,
            inputs=result.inputs,
            intervals=interval_table(task, result),
            groups=group_table(task, result),
            warnings=[translated(warning) for warning in warnings],
        )
        with Outputs(self, parameters, context, feedback) as outputs:
            if outputs.wants(self.OUTPUT_REPORT):
                html = render_land_use_efficiency(report, QCoreApplication.translate)
                outputs.text(self.OUTPUT_REPORT, html)
            command = self.asPythonCommand(parameters, context)
            write = _Writer(self, outputs, task.formula, facts, command)
            write.cities(city_table(task, result), source.fields(), polygons, field)
            write.intervals(report.intervals, polygons)
            write.groups(report.groups)
        return {**outputs.results, **self._numbers(task, result, feedback)}

    def _task(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        polygons: Polygons,
        name_field: str,
    ) -> LandUseEfficiencyTask:
        plan = self._planned
        numbered = QCoreApplication.translate("Dbar", "feature {id}")
        names = [numbered.format(id=feature.id()) for feature in polygons.features]
        if name_field:
            names = field_texts(polygons.features, name_field, names)
        group_field = self.parameterAsString(parameters, self.GROUP_FIELD, context)
        groups = None
        if group_field:
            none = [QCoreApplication.translate("Dbar", "(no group)")] * len(names)
            groups = field_texts(polygons.features, group_field, none)
        people = None
        if plan.population.fields:
            people = field_numbers(polygons.features, plan.population.fields)

        def choice(name: str) -> str:
            return self.parameterAsEnumString(parameters, name, context)

        def number(name: str) -> float:
            return self.parameterAsDouble(parameters, name, context)

        return LandUseEfficiencyTask(
            city_wkb=polygons.wkb(),
            city_crs=polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            city_names=names,
            city_groups=groups,
            builtup=plan.builtup.rasters,
            builtup_kind=choice(self.BUILTUP_KIND),
            builtup_years=plan.builtup.years,
            builtup_classes=plan.classes,
            population=plan.population.rasters,
            population_kind=choice(self.POPULATION_KIND),
            population_table=people,
            population_years=plan.population.years,
            formula=choice(self.FORMULA),
            coverage=choice(self.COVERAGE),
            cell_area=choice(self.CELL_AREA),
            near_zero_pgr=number(self.NEAR_ZERO_PGR),
            implausible_rate=number(self.IMPLAUSIBLE_RATE),
            minimum_coverage=number(self.MIN_COVERAGE),
        )

    def _facts(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext, cities: str
    ) -> dict[str, str]:
        """Return the parameters of the run, by label; the rasters are told apart from them."""
        facts = {self._label(self.CITIES): cities}
        for definition in self.parameterDefinitions():
            name = definition.name()
            if definition.isDestination() or name in (self.CITIES, self.BUILTUP, self.POPULATION):
                continue
            value = ", ".join(self.parameterAsStrings(parameters, name, context))
            if value:
                facts[definition.description()] = value
        return facts

    def _numbers(
        self,
        task: LandUseEfficiencyTask,
        result: LandUseEfficiencyResult,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, float | int | None]:
        """Say the headline in the log, and return it for models."""
        last = len(result.builtup_years) - 2
        ratio = float(result.statistics.ratio_of_totals[-1, last])
        undefined = int(result.statistics.n_undefined[-1, last])
        text = QCoreApplication.translate(
            "Dbar",
            "{start} to {end}: ratio of all cities together ({count}): {ratio}; "
            "cities without a ratio of their own: {undefined}.",
        )
        feedback.pushInfo(
            text.format(
                start=year_text(result.builtup_years[last]),
                end=year_text(result.builtup_years[last + 1]),
                count=len(task.city_names),
                ratio=f"{ratio:.3f}" if math.isfinite(ratio) else "–",
                undefined=undefined,
            )
        )
        return {
            self.N_CITIES: len(task.city_names),
            self.N_UNDEFINED: undefined,
            self.RATIO_LAST: ratio if math.isfinite(ratio) else None,
        }


class _Writer:
    """Writes the tables of one run, and settles how each will look."""

    def __init__(
        self,
        algorithm: LandUseEfficiencyAlgorithm,
        outputs: Outputs,
        formula: str,
        facts: Mapping[str, str],
        command: str,
    ) -> None:
        self._algorithm = algorithm
        self._outputs = outputs
        self._formula = formula
        self._abstract = "; ".join(f"{label}: {value}" for label, value in facts.items())
        self._command = command

    def cities(self, columns: Columns, own: QgsFields, polygons: Polygons, name_field: str) -> None:
        """Write the wide table: a row a city, after the input's own fields."""
        name = self._algorithm.OUTPUT
        table = self._table(name, columns, own, polygons.features)

        def style(layer: QgsVectorLayer) -> None:
            style_cities(layer, table.names["class_last"], table.own_names.get(name_field, ""))

        self._write(name, table, style, polygons.geometries, polygons.crs)

    def intervals(self, columns: Columns, polygons: Polygons) -> None:
        """Write the long table: a row a city and interval, a city's rows together."""
        name = self._algorithm.OUTPUT_INTERVALS
        table = self._table(name, with_periods(columns))
        per_city = len(table.rows) // len(polygons.features)
        names = table.names

        def style(layer: QgsVectorLayer) -> None:
            # Rows of the full span would lie over all others.
            shown = f"""if("{names["span"]}" = 'interval', "{names["lcrpgr_class"]}", NULL)"""
            style_cities(layer, shown, names["city"])
            play_intervals(layer, names["period_start"], names["period_end"])

        shapes = (shape for shape in polygons.geometries for _ in range(per_city))
        # It would lie over the map of the cities; it is there to be played.
        self._write(name, table, style, shapes, polygons.crs, is_drawn=False)

    def groups(self, columns: Columns) -> None:
        """Write the table of groups."""
        name = self._algorithm.OUTPUT_GROUPS
        self._write(name, self._table(name, columns))

    def _table(
        self,
        name: str,
        columns: Columns,
        own: QgsFields | None = None,
        features: Sequence[QgsFeature] = (),
    ) -> ResultTable:
        limit = self._outputs.name_limit(name)
        return result_table(columns, self._formula, limit, own, features)

    def _write(
        self,
        name: str,
        table: ResultTable,
        style: Callable[[QgsVectorLayer], None] | None = None,
        shapes: Iterable[QgsGeometry] | None = None,
        crs: QgsCoordinateReferenceSystem | None = None,
        *,
        is_drawn: bool = True,
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

        self._algorithm.looks[target] = Look(finish, is_drawn)
        if table.renamed:
            self._outputs.say_renamed(title, table.renamed)


def _listed(years: Sequence[float]) -> str:
    return ", ".join(map(year_text, years))
