"""Degree of Urbanisation of municipalities and other small units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.outputs import Outputs
from dbar_qgis_plugin.algorithms.sdg_11_3_1.base import UrbanAlgorithm
from dbar_qgis_plugin.algorithms.sdg_11_3_1.urban_classes import (
    cell_class_words,
    style_units,
    unit_class_words,
)
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.zones import read_zones
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.equal_area_grid import POPULATION_KINDS
from dbar_qgis_plugin.pipelines.sdg_11_3_1.degree_of_urbanisation_units import (
    COVERAGES,
    UNIT_RULES,
    UrbanUnitsResult,
    UrbanUnitsTask,
    compute_urban_units,
)


class DegreeOfUrbanisationUnitsAlgorithm(UrbanAlgorithm):
    """Degree of Urbanisation of units."""

    NAME = "degreeofurbanisationunits"
    ROLES: Final = {
        "UNITS": "zones",
        "CLASSES": "degree_of_urbanisation",
        "POPULATION": "population",
    }

    UNITS: Final = "UNITS"
    UNIT_FIELD: Final = "UNIT_FIELD"
    CLASSES: Final = "CLASSES"
    POPULATION: Final = "POPULATION"
    POPULATION_KIND: Final = "POPULATION_KIND"
    UNIT_RULES: Final = "UNIT_RULES"
    COVERAGE: Final = "COVERAGE"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    N_CITIES: Final = "N_CITIES"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Degree of Urbanisation of units")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "DEGURBA,municipality,unit,city,town,suburb,village,rural,local administrative unit,"
            "SDG,11.3.1",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterFeatureSource(
                self.UNITS, translate("Dbar", "Units (polygons)"), [kind.VectorPolygon]
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.UNIT_FIELD,
                translate("Dbar", "Field with the unit's name"),
                parentLayerParameterName=self.UNITS,
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.CLASSES, translate("Dbar", "Degree of Urbanisation of cells")
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(self.POPULATION, translate("Dbar", "Population"))
        )
        self._add_enum(
            self.POPULATION_KIND,
            translate("Dbar", "Population cells hold (count: persons; density: persons per km²)"),
            POPULATION_KINDS,
        )
        self._add_enum(self.UNIT_RULES, translate("Dbar", "Rules of level 2"), UNIT_RULES)
        self._add_enum(
            self.COVERAGE,
            translate("Dbar", "Cells that belong to a unit"),
            COVERAGES,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT, translate("Dbar", "Units by class"), kind.VectorPolygon
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_TABLE,
                translate("Dbar", "Units and people by class"),
                kind.Vector,
                optional=True,
            )
        )
        self.addOutput(QgsProcessingOutputNumber(self.N_CITIES, translate("Dbar", "Cities")))

    # -- before the run

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        units = read_zones(self, parameters, self.UNITS, self.UNIT_FIELD, context, feedback)
        if units is None:
            raise InputError(
                translate("Dbar", "{parameter}: choose a polygon layer."),
                parameter=self._label(self.UNITS),
            )
        self._units = units
        self._task = UrbanUnitsTask(
            units.polygons.wkb(),
            units.polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            raster_input(self._layer(parameters, self.CLASSES, context)),
            raster_input(self._layer(parameters, self.POPULATION, context)),
            self.parameterAsEnumString(values, self.POPULATION_KIND, context),
            self.parameterAsEnumString(values, self.UNIT_RULES, context),
            self.parameterAsEnumString(values, self.COVERAGE, context),
            str(Path(QgsProcessingUtils.tempFolder(context)) / f"{id(self)}.tif"),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        result = compute_urban_units(
            self._task, progress=progress_of(feedback), workers=workers_of_settings()
        )
        self._say(result.notes, result.warnings, feedback)
        classes = f"level_{result.level}"
        polygons = self._units.polygons
        words = unit_class_words()
        labels = [None if value is None else words[value] for value in result.columns[classes]]
        columns = {"unit": self._units.names, **result.columns, "label": labels}
        command = self.asPythonCommand(parameters, context)

        def style(layer: QgsVectorLayer, fields: Mapping[str, str]) -> None:
            style_units(layer, fields[classes], result.level)

        with Outputs(self, parameters, context, feedback) as outputs:
            own = polygons.features[0].fields(), [f.attributes() for f in polygons.features]
            self.write_table(
                outputs,
                self.OUTPUT,
                columns,
                _labels(),
                command,
                own=own,
                shapes=polygons.geometries,
                crs=polygons.crs,
                style=style,
                short=_short_name,
            )
            self.write_table(
                outputs, self.OUTPUT_TABLE, _by_class(result), _labels(), command, short=_short_name
            )
        count = Counter(result.columns["level_1"])
        text = QCoreApplication.translate(
            "Dbar", "Cities: {cities}; towns and semi-dense areas: {towns}; rural areas: {rural}."
        )
        feedback.pushInfo(text.format(cities=count[3], towns=count[2], rural=count[1]))
        return {**outputs.results, self.N_CITIES: count[3]}


def _by_class(result: UrbanUnitsResult) -> dict[str, Sequence[Any]]:
    """Units, people and area by class of units: those of level 1, then those of level 2."""
    words = unit_class_words()
    rows = []
    people = [value or 0.0 for value in result.columns["population"]]
    area = result.columns["area_km2"]
    for level in range(1, result.level + 1):
        found = result.columns[f"level_{level}"]
        for value in [each for each in words if (each > 3) == (level == 2)]:
            chosen = [place for place, each in enumerate(found) if each == value]
            lived = sum(people[place] for place in chosen)
            rows.append(
                (
                    level,
                    value,
                    words[value],
                    len(chosen),
                    lived,
                    100.0 * lived / sum(people) if sum(people) else None,
                    sum(area[place] for place in chosen),
                )
            )
    names = ("level", "class", "label", "units", "population", "population_pct", "area_km2")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


_SHORT: Final = {"population": "POP", "population_pct": "POP_PCT"}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    share = translate("Dbar", "Share in {cells} (0–1)")
    shares = {
        f"share_{value}": share.format(cells=word) for value, word in cell_class_words().items()
    }
    return {
        **shares,
        "unit": translate("Dbar", "Unit"),
        "level": translate("Dbar", "Level"),
        "level_1": translate("Dbar", "Class, level 1"),
        "level_2": translate("Dbar", "Class, level 2"),
        "class": translate("Dbar", "Class"),
        "label": translate("Dbar", "Class in words"),
        "units": translate("Dbar", "Units"),
        "population": translate("Dbar", "Population"),
        "population_pct": translate("Dbar", "Share of the population (%)"),
        "area_km2": translate("Dbar", "Area (km²)"),
        "flags": translate("Dbar", "Flags"),
    }
