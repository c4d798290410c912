"""UN-Habitat's urban extent of one or several dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import Polygons, read_polygons
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_period, style_classes
from dbar_qgis_plugin.algorithms.sdg_11_3_1.base import (
    UrbanAlgorithm,
    can_find_clusters,
    crs_text,
    geometries,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.builtup import (
    BuiltupKind,
    builtup_classes,
    builtup_series,
    class_numbers,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.extent_classes import (
    extent_class_words,
    extent_classes,
    style_extents,
)
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.sdg_11_3_1.urban_extent import (
    UrbanExtentResult,
    UrbanExtentTask,
    compute_urban_extent,
)
from dbar_qgis_plugin.pipelines.years import parse_years, year_text

Translate = Callable[[str, str], str]


class UrbanExtentAlgorithm(UrbanAlgorithm):
    """Urban extent."""

    NAME = "urbanextent"
    ROLES: Final = {"BUILTUP": "builtup", "WATER": "water", "NAMES": "places"}
    DATED_BY: Final = {"BUILTUP": "YEARS"}

    BUILTUP: Final = "BUILTUP"
    BUILTUP_KIND: Final = "BUILTUP_KIND"
    BUILTUP_CLASSES: Final = "BUILTUP_CLASSES"
    YEARS: Final = "YEARS"
    WATER: Final = "WATER"
    WATER_CLASSES: Final = "WATER_CLASSES"
    WATER_POLYGONS: Final = "WATER_POLYGONS"
    STUDY_AREA: Final = "STUDY_AREA"
    BUILTUP_FROM: Final = "BUILTUP_FROM"
    CAPTURED_HA: Final = "CAPTURED_HA"
    FRINGE_M: Final = "FRINGE_M"
    URBAN_PCT: Final = "URBAN_PCT"
    SUBURBAN_PCT: Final = "SUBURBAN_PCT"
    LEAST_KM2: Final = "LEAST_KM2"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_EXTENTS: Final = "OUTPUT_EXTENTS"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    N_EXTENTS: Final = "N_EXTENTS"
    EXTENT_KM2: Final = "EXTENT_KM2"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Urban extent")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,11.3.1,UN-Habitat,urban extent,city,boundary,built-up,suburban,fringe,open space,"
            "walking distance,sprawl",
        )
        return words.split(",")

    def canExecute(self) -> tuple[bool, str]:
        return can_find_clusters()

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_options(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.BUILTUP, translate("Dbar", "Built-up rasters, one per date"), kind.Raster
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
            QgsProcessingParameterString(
                self.YEARS,
                translate("Dbar", "Years, such as 1990,2000,2015 (empty: read from the names)"),
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.WATER, translate("Dbar", "Water (raster)"), optional=True
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.WATER_CLASSES,
                translate("Dbar", "Values that are water (empty: all but 0)"),
                optional=True,
            )
        )
        for name, label in (
            (self.WATER_POLYGONS, translate("Dbar", "Water (polygons), instead")),
            (self.STUDY_AREA, translate("Dbar", "Study area")),
        ):
            self.add(
                QgsProcessingParameterFeatureSource(
                    name, label, [kind.VectorPolygon], optional=True
                )
            )
        self._add_names(translate)

    def _add_options(self, translate: Translate) -> None:
        self._add_number(
            self.CAPTURED_HA,
            translate("Dbar", "Enclosed open land is captured up to (ha)"),
            200.0,
            0.0,
        )
        for name, label, default, most in (
            (
                self.BUILTUP_FROM,
                translate("Dbar", "A cell is built up from this share on (0–1)"),
                0.5,
                1.0,
            ),
            (self.FRINGE_M, translate("Dbar", "Width of the fringe (m)"), 100.0, 5000.0),
            (
                self.URBAN_PCT,
                translate("Dbar", "Urban: built-up share of the walking circle above (%)"),
                50.0,
                100.0,
            ),
            (
                self.SUBURBAN_PCT,
                translate("Dbar", "Suburban: built-up share of the walking circle above (%)"),
                25.0,
                100.0,
            ),
            (
                self.LEAST_KM2,
                translate("Dbar", "Outline parts of the extent from (km²)"),
                0.0,
                1e6,
            ),
        ):
            self._add_number(name, label, default, 0.0, most, advanced=True)

    def _add_outputs(self, translate: Translate) -> None:
        self._add_results(
            translate("Dbar", "Classes of the urban extent"),
            (self.OUTPUT_EXTENTS, translate("Dbar", "Urban extents")),
            translate("Dbar", "Areas by class and date"),
            (
                (self.N_EXTENTS, translate("Dbar", "Parts of the extent, last date")),
                (self.EXTENT_KM2, translate("Dbar", "Urban extent, last date (km²)")),
            ),
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._series(parameters, context)
        self._check_names(parameters, context)
        class_numbers(self, parameters, self.WATER_CLASSES, context)
        given = [parameters.get(name) in (None, "") for name in (self.WATER, self.WATER_POLYGONS)]
        if not any(given):
            raise InputError(
                translate(
                    "Dbar",
                    "Water is given twice, as a raster and as polygons. Leave one of them out.",
                )
            )

    def _series(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> Series:
        values = dict(parameters)
        kind = self.parameterAsEnumString(values, self.BUILTUP_KIND, context)
        builtup_classes(self, parameters, self.BUILTUP_CLASSES, kind, context)
        years = parse_years(
            self.parameterAsString(values, self.YEARS, context), self._label(self.YEARS)
        )
        return builtup_series(
            self, parameters, self.BUILTUP, self.YEARS, kind, years, context, fewest=1
        )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        self._found = self._series(parameters, context)
        water, area = (
            self._polygons(parameters, name, context, feedback)
            for name in (self.WATER_POLYGONS, self.STUDY_AREA)
        )
        kind = self.parameterAsEnumString(values, self.BUILTUP_KIND, context)

        def number(name: str) -> float:
            return self.parameterAsDouble(values, name, context)

        self._task = UrbanExtentTask(
            builtup=self._found.rasters,
            builtup_kind=kind,
            years=self._found.years,
            builtup_classes=builtup_classes(self, parameters, self.BUILTUP_CLASSES, kind, context),
            builtup_from=number(self.BUILTUP_FROM),
            water=self._optional_raster(parameters, self.WATER, context),
            water_classes=class_numbers(self, parameters, self.WATER_CLASSES, context),
            water_wkb=None if water is None else water.wkb(),
            water_crs="" if water is None else crs_text(water.crs),
            area_wkb=None if area is None else area.wkb(),
            area_crs="" if area is None else crs_text(area.crs),
            captured_ha=number(self.CAPTURED_HA),
            fringe_m=number(self.FRINGE_M),
            urban_percent=number(self.URBAN_PCT),
            suburban_percent=number(self.SUBURBAN_PCT),
            least_km2=number(self.LEAST_KM2),
            points=self._points(parameters, context, feedback),
        )

    def _polygons(
        self,
        parameters: Mapping[str, Any],
        name: str,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> Polygons | None:
        source = self._optional_source(parameters, name, context)
        return None if source is None else read_polygons(source, feedback)

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        self._say(self._found.notes, self._found.warnings, feedback)
        with Outputs(self, parameters, context, feedback) as outputs:
            task = replace(self._task, outlined=outputs.wants(self.OUTPUT_EXTENTS))
            result = compute_urban_extent(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, self.NAME),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self._say_areas(task, result, feedback)
            self._write(outputs, result, self.asPythonCommand(parameters, context))
        last = len(task.years)

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, extent_classes(), last)
            set_period(layer, task.years[-1], task.years[-1])

        self.raster_looks[outputs.results[self.OUTPUT]] = Look(style)
        years = result.extents["year"]
        return {
            **outputs.results,
            self.N_EXTENTS: years.count(task.years[-1]) if task.outlined else None,
            self.EXTENT_KM2: result.extent_km2[-1],
        }

    def _write(self, outputs: Outputs, result: UrbanExtentResult, command: str) -> None:
        words = extent_class_words()
        columns: dict[str, list[Any]] = {}
        for name, values in result.classes.items():
            columns[name] = values
            if name == "class":
                columns["label"] = [words[value] for value in values]
        self.write_table(outputs, self.OUTPUT_TABLE, columns, _labels(), command, short=_short_name)
        if not outputs.wants(self.OUTPUT_EXTENTS):
            return

        def style(layer: QgsVectorLayer, fields: Mapping[str, str]) -> None:
            style_extents(layer, fields["name"], fields["year"], self._task.years)

        self.write_table(
            outputs,
            self.OUTPUT_EXTENTS,
            result.extents,
            _labels(),
            command,
            shapes=geometries(result.wkb),
            crs=QgsCoordinateReferenceSystem.fromWkt(result.crs),
            style=style,
            short=_short_name,
        )

    def _say_areas(
        self, task: UrbanExtentTask, result: UrbanExtentResult, feedback: QgsProcessingFeedback
    ) -> None:
        text = QCoreApplication.translate("Dbar", "{year}: urban extent {area} km².")
        for year, area in zip(task.years, result.extent_km2, strict=True):
            feedback.pushInfo(text.format(year=year_text(year), area=figure_text(area)))


# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {"builtup_km2": "BUILT_KM2", "builtup_share": "BUILT_SHR"}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "year": translate("Dbar", "Year"),
        "class": translate("Dbar", "Class"),
        "label": translate("Dbar", "Class in words"),
        "name": translate("Dbar", "Name"),
        "cells": translate("Dbar", "Cells"),
        "area_km2": translate("Dbar", "Area (km²)"),
        "area_pct": translate("Dbar", "Share of the area (%)"),
        "builtup_km2": translate("Dbar", "Built-up area (km²)"),
        "builtup_share": translate("Dbar", "Built-up share of the area (0–1)"),
    }
