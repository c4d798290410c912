"""Degree of Urbanisation: classes of cells, urban centres and clusters."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterCrs,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import (
    raster_input,
    read_polygons,
)
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, style_classes
from dbar_qgis_plugin.algorithms.sdg_11_3_1.base import (
    UrbanAlgorithm,
    can_find_clusters,
    crs_text,
    geometries,
)
from dbar_qgis_plugin.algorithms.sdg_11_3_1.urban_classes import (
    cell_class_words,
    cell_classes,
    colour_table,
    style_places,
)
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.equal_area_grid import LAND_KINDS, POPULATION_KINDS, SHARE_KINDS
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation import (
    AUTO,
    SEMI_DENSE_RULES,
    SMOOTHINGS,
    DegreeOfUrbanisationResult,
    DegreeOfUrbanisationTask,
    Places,
    Rules,
    compute_degree_of_urbanisation,
)

Translate = Callable[[str, str], str]

OFF: Final = "off"


class Level1Rule(StrEnum):
    """What level 1 is made of."""

    CLUSTERS = "clusters"
    LEVEL_2 = "level_2"


class PolygonKind(StrEnum):
    """What the polygons given for land show."""

    LAND = "land"
    WATER = "water"


class DegreeOfUrbanisationAlgorithm(UrbanAlgorithm):
    """Degree of Urbanisation."""

    NAME = "degreeofurbanisation"
    ROLES: Final = {
        "POPULATION": "population",
        "LAND": "water",
        "BUILTUP": "builtup",
        "NAMES": "places",
    }

    POPULATION: Final = "POPULATION"
    POPULATION_KIND: Final = "POPULATION_KIND"
    LAND: Final = "LAND"
    LAND_KIND: Final = "LAND_KIND"
    LAND_POLYGONS: Final = "LAND_POLYGONS"
    LAND_POLYGONS_SHOW: Final = "LAND_POLYGONS_SHOW"
    BUILTUP: Final = "BUILTUP"
    BUILTUP_KIND: Final = "BUILTUP_KIND"
    LEVEL: Final = "LEVEL"
    BUILTUP_THRESHOLD: Final = "BUILTUP_THRESHOLD"
    SMOOTHING: Final = "SMOOTHING"
    SEMI_DENSE_RULES: Final = "SEMI_DENSE_RULES"
    GAP_FILL_KM2: Final = "GAP_FILL_KM2"
    LEVEL_1_RULE: Final = "LEVEL_1_RULE"
    TARGET_CRS: Final = "TARGET_CRS"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_CENTRES: Final = "OUTPUT_CENTRES"
    OUTPUT_CLUSTERS: Final = "OUTPUT_CLUSTERS"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    N_CENTRES: Final = "N_CENTRES"
    N_CLUSTERS: Final = "N_CLUSTERS"
    FOUND_THRESHOLD: Final = "FOUND_THRESHOLD"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Degree of Urbanisation")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "DEGURBA,SMOD,GHSL,urban,city,town,rural,urban centre,cluster,settlement,population "
            "density,SDG,11.3.1",
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
            QgsProcessingParameterRasterLayer(self.POPULATION, translate("Dbar", "Population"))
        )
        self._add_enum(
            self.POPULATION_KIND,
            translate("Dbar", "Population cells hold (count: persons; density: persons per km²)"),
            POPULATION_KINDS,
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.LAND, translate("Dbar", "Land, or water, in each cell"), optional=True
            )
        )
        self._add_enum(self.LAND_KIND, translate("Dbar", "Land cells hold"), LAND_KINDS)
        self.add(
            QgsProcessingParameterFeatureSource(
                self.LAND_POLYGONS,
                translate("Dbar", "Polygons of land or water, instead"),
                [kind.VectorPolygon],
                optional=True,
            )
        )
        self._add_enum(self.LAND_POLYGONS_SHOW, translate("Dbar", "Polygons show"), PolygonKind)
        self.add(
            QgsProcessingParameterRasterLayer(
                self.BUILTUP, translate("Dbar", "Built-up area in each cell"), optional=True
            )
        )
        self._add_enum(self.BUILTUP_KIND, translate("Dbar", "Built-up cells hold"), SHARE_KINDS)

    def _add_options(self, translate: Translate) -> None:
        self._add_enum(self.LEVEL, translate("Dbar", "Level"), ("1", "2"))
        self.add(
            QgsProcessingParameterString(
                self.BUILTUP_THRESHOLD,
                translate("Dbar", "Built-up threshold (percent of the land; auto; off)"),
                defaultValue="20",
            )
        )
        self._add_names(translate)
        self._add_enum(
            self.SMOOTHING,
            translate("Dbar", "Smoothing of urban centres"),
            SMOOTHINGS,
            advanced=True,
        )
        self._add_enum(
            self.SEMI_DENSE_RULES,
            translate("Dbar", "Rules for semi-dense clusters"),
            SEMI_DENSE_RULES,
            advanced=True,
        )
        self._add_number(
            self.GAP_FILL_KM2,
            translate("Dbar", "Fill holes of urban centres smaller than (km²)"),
            15.0,
            0.0,
            advanced=True,
        )
        self._add_enum(
            self.LEVEL_1_RULE,
            translate("Dbar", "Level 1 is made of"),
            Level1Rule,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterCrs(
                self.TARGET_CRS,
                translate("Dbar", "Equal-area CRS of the 1 km grid"),
                optional=True,
            ),
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Degree of Urbanisation of cells")
            )
        )
        for name, label in (
            (self.OUTPUT_CENTRES, translate("Dbar", "Urban centres")),
            (self.OUTPUT_CLUSTERS, translate("Dbar", "Urban clusters")),
        ):
            self.add(
                QgsProcessingParameterFeatureSink(
                    name,
                    label,
                    kind.VectorPolygon,
                    optional=True,
                    createByDefault=name == self.OUTPUT_CENTRES,
                )
            )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_TABLE,
                translate("Dbar", "People and area by class"),
                kind.Vector,
                optional=True,
            )
        )
        for name, label in (
            (self.N_CENTRES, translate("Dbar", "Number of urban centres")),
            (self.N_CLUSTERS, translate("Dbar", "Number of urban clusters")),
            (self.FOUND_THRESHOLD, translate("Dbar", "Built-up threshold used (%)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._threshold(parameters, context)
        given = [parameters.get(name) not in (None, "") for name in (self.LAND, self.LAND_POLYGONS)]
        if all(given):
            raise InputError(
                translate(
                    "Dbar",
                    "Land is given twice, as a raster and as polygons. Leave one of them out.",
                )
            )
        self._check_names(parameters, context)

    def _threshold(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> float | str | None:
        """Return the built-up threshold as a share; “auto”; None where the option is off."""
        text = self.parameterAsString(dict(parameters), self.BUILTUP_THRESHOLD, context)
        text = text.strip().rstrip("%").strip().casefold()
        if text in ("", OFF):
            return None
        if text == AUTO:
            return AUTO
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        # Shares are what the literature gives, percent is what people say.
        share = value if value <= 1.0 else value / 100.0
        if not 0.0 < share <= 1.0:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: “{value}” is none. Type a percentage such as 20, or “auto”, or "
                    "“off”.",
                ),
                parameter=self._label(self.BUILTUP_THRESHOLD),
                value=text,
            )
        return share

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)

        def chosen(name: str) -> str:
            return self.parameterAsEnumString(values, name, context)

        land = self._optional_source(parameters, self.LAND_POLYGONS, context)
        polygons = None if land is None else read_polygons(land, feedback)
        crs = self.parameterAsCrs(values, self.TARGET_CRS, context)
        self._task = DegreeOfUrbanisationTask(
            population=raster_input(self._layer(parameters, self.POPULATION, context)),
            population_kind=chosen(self.POPULATION_KIND),
            land=self._optional_raster(parameters, self.LAND, context),
            land_kind=chosen(self.LAND_KIND),
            land_wkb=None if polygons is None else polygons.wkb(),
            land_crs="" if polygons is None else crs_text(polygons.crs),
            land_is_water=chosen(self.LAND_POLYGONS_SHOW) == PolygonKind.WATER,
            builtup=self._optional_raster(parameters, self.BUILTUP, context),
            builtup_kind=chosen(self.BUILTUP_KIND),
            threshold=self._threshold(parameters, context),
            rules=Rules(
                level=int(chosen(self.LEVEL)),
                smoothing=chosen(self.SMOOTHING),
                semi_dense=chosen(self.SEMI_DENSE_RULES),
                gap_km2=self.parameterAsDouble(values, self.GAP_FILL_KM2, context),
                nested=chosen(self.LEVEL_1_RULE) == Level1Rule.LEVEL_2,
            ),
            crs=crs_text(crs) if crs.isValid() else "",
            points=self._points(parameters, context, feedback),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        level = self._task.rules.level
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_degree_of_urbanisation(
                replace(
                    self._task,
                    outlined=(
                        outputs.wants(self.OUTPUT_CENTRES),
                        outputs.wants(self.OUTPUT_CLUSTERS),
                    ),
                ),
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"degurba/level{level}"),
                colours=colour_table(level),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self._say_result(result, feedback)
            command = self.asPythonCommand(parameters, context)
            self._write_classes(outputs, result, command)
            # What is written last lies on top.
            clusters = (2, 23, 22) if level == 2 else (2,)
            self._write_places(
                outputs, self.OUTPUT_CLUSTERS, result.clusters, clusters, result, command
            )
            centre = 30 if level == 2 else 3
            self._write_places(
                outputs, self.OUTPUT_CENTRES, result.centres, (centre,), result, command
            )
        classes = cell_classes(level)

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, classes)

        self.raster_looks[outputs.results[self.OUTPUT]] = Look(style)
        threshold = result.threshold
        return {
            **outputs.results,
            self.N_CENTRES: result.centre_count,
            self.N_CLUSTERS: result.cluster_count,
            self.FOUND_THRESHOLD: None if threshold is None else 100.0 * threshold,
        }

    def _write_classes(
        self, outputs: Outputs, result: DegreeOfUrbanisationResult, command: str
    ) -> None:
        words = cell_class_words()
        total = QCoreApplication.translate("Dbar", "All classes")
        columns: dict[str, Sequence[Any]] = {}
        for name, values in result.classes.items():
            columns[name] = values
            if name == "class":
                columns["label"] = [total if value is None else words[value] for value in values]
        self.write_table(outputs, self.OUTPUT_TABLE, columns, _labels(), command, short=_short_name)

    def _write_places(
        self,
        outputs: Outputs,
        name: str,
        places: Places,
        values: Sequence[int],
        result: DegreeOfUrbanisationResult,
        command: str,
    ) -> None:
        if not outputs.wants(name):
            return
        words = cell_class_words()
        columns: dict[str, Sequence[Any]] = dict(places.columns)
        columns["label"] = [words[value] for value in places.columns["class"]]

        def style(layer: QgsVectorLayer, fields: Mapping[str, str]) -> None:
            style_places(layer, fields["class"], values)

        self.write_table(
            outputs,
            name,
            columns,
            _labels(),
            command,
            shapes=geometries(places.wkb),
            crs=QgsCoordinateReferenceSystem.fromWkt(result.crs),
            style=style,
            short=_short_name,
        )

    def _say_result(
        self, result: DegreeOfUrbanisationResult, feedback: QgsProcessingFeedback
    ) -> None:
        """Say in the log how many people live in each class."""
        translate = QCoreApplication.translate
        words = cell_class_words()
        text = translate("Dbar", "{label}: {people} people ({percent} %), {area} km².")
        rows = zip(
            *(
                result.classes[name]
                for name in ("class", "population", "population_pct", "area_km2")
            ),
            strict=True,
        )
        for value, people, percent, area in rows:
            label = translate("Dbar", "All classes") if value is None else words[value]
            feedback.pushInfo(
                text.format(
                    label=label,
                    people=f"{people:,.0f}",
                    percent="–" if percent is None else f"{percent:.1f}",
                    area=f"{area:,.0f}",
                )
            )
        text = translate("Dbar", "Urban centres: {centres}; urban clusters: {clusters}.")
        feedback.pushInfo(text.format(centres=result.centre_count, clusters=result.cluster_count))


# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "population": "POP",
    "population_pct": "POP_PCT",
    "density_km2": "DENS_KM2",
    "builtup_share": "BUILT_SHR",
    "builtup_km2": "BUILT_KM2",
}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "class": translate("Dbar", "Class"),
        "label": translate("Dbar", "Class in words"),
        "name": translate("Dbar", "Name"),
        "cells": translate("Dbar", "Cells"),
        "area_km2": translate("Dbar", "Area (km²)"),
        "area_pct": translate("Dbar", "Share of the area (%)"),
        "population": translate("Dbar", "Population"),
        "population_pct": translate("Dbar", "Share of the population (%)"),
        "density_km2": translate("Dbar", "Population per km²"),
        "builtup_km2": translate("Dbar", "Built-up area (km²)"),
        "builtup_share": translate("Dbar", "Built-up share of the area (0–1)"),
    }
