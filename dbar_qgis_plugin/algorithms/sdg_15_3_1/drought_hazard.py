"""Drought hazard and exposure: the driest of each block of years, by area and people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_period, style_classes
from dbar_qgis_plugin.algorithms.sdg_15_3_1.class_rasters import ClassRasterAlgorithm, Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import drought_classes
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.zones import read_zones
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.sdg_15_3_1.drought_hazard import (
    DROUGHT_CONVENTIONS,
    USUAL_BLOCK,
    DroughtHazardTask,
    compute_drought_hazard,
    year_blocks,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.drought_hazard_tables import area_table, exposure_table


class DroughtHazardAlgorithm(ClassRasterAlgorithm):
    """Drought hazard and exposure."""

    NAME = "droughthazard"
    ROLES: Final = {
        "SPI": "drought",
        "POPULATION": "population",
        "ZONES": "zones",
    }
    DATED_BY: Final = {"SPI": "YEARS"}

    SPI: Final = "SPI"
    BLOCK_YEARS: Final = "BLOCK_YEARS"
    FIRST_YEAR: Final = "FIRST_YEAR"
    LAST_YEAR: Final = "LAST_YEAR"
    POPULATION: Final = "POPULATION"
    ZONES: Final = "ZONES"
    ZONE_FIELD: Final = "ZONE_FIELD"
    CONVENTION: Final = "CONVENTION"
    SPI_SCALE: Final = "SPI_SCALE"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_AREAS: Final = "OUTPUT_AREAS"
    OUTPUT_EXPOSURE: Final = "OUTPUT_EXPOSURE"
    N_BLOCKS: Final = "N_BLOCKS"
    DROUGHT_KM2: Final = "DROUGHT_KM2"
    DROUGHT_PCT: Final = "DROUGHT_PCT"
    EXPOSED: Final = "EXPOSED"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Drought hazard and exposure")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,drought,SPI,SPEI,precipitation,hazard,exposure,population,UNCCD,SO3",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_index(QCoreApplication.translate)
        self._add_people(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_index(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.SPI,
                translate("Dbar", "Annual SPI (or SPEI), one raster or band per year"),
                Qgis.ProcessingSourceType.Raster,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.YEARS,
                translate("Dbar", "Years, such as 2000,2001,2002 (empty: read from the names)"),
                optional=True,
            )
        )
        self._add_number(
            self.BLOCK_YEARS, translate("Dbar", "Years of a block"), USUAL_BLOCK, 1, 100, whole=True
        )
        self._add_years(
            (
                (
                    self.FIRST_YEAR,
                    translate("Dbar", "First year, where blocks begin (empty: of the rasters)"),
                ),
                (self.LAST_YEAR, translate("Dbar", "Last year (empty: of the rasters)")),
            ),
            advanced=False,
        )

    def _add_people(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterLayer(
                self.POPULATION, translate("Dbar", "Population (persons per cell)"), optional=True
            )
        )
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
            self.CONVENTION, translate("Dbar", "Convention"), DROUGHT_CONVENTIONS, advanced=True
        )
        self._add_number(
            self.SPI_SCALE,
            translate("Dbar", "Scale of the SPI (empty: 1000 for whole numbers)"),
            None,
            1e-6,
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Drought hazard")
            )
        )
        for name, label in (
            (self.OUTPUT_AREAS, translate("Dbar", "Area and people by drought class (table)")),
            (self.OUTPUT_EXPOSURE, translate("Dbar", "Land and people under drought (table)")),
        ):
            self.add(
                QgsProcessingParameterFeatureSink(
                    name, label, Qgis.ProcessingSourceType.Vector, optional=True
                )
            )
        for name, label in (
            (self.N_BLOCKS, translate("Dbar", "Number of blocks of years")),
            (self.DROUGHT_KM2, translate("Dbar", "Land under drought, last block (km²)")),
            (self.DROUGHT_PCT, translate("Dbar", "Land under drought, last block (%)")),
            (self.EXPOSED, translate("Dbar", "Persons exposed, last block")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._plan(parameters, context)
        self._check_zone_field(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        task, self._read = self._plan(parameters, context)
        self._task = replace(
            task, population=self._optional_raster(parameters, self.POPULATION, context)
        )

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[DroughtHazardTask, Series]:
        """Pair rasters with years, and refuse what makes no block of years."""
        series = self._through_time(parameters, self.SPI, context)
        task = DroughtHazardTask(
            series.rasters,
            series.years,
            self.parameterAsInt(parameters, self.BLOCK_YEARS, context),
            self._year(parameters, self.FIRST_YEAR, context),
            self._year(parameters, self.LAST_YEAR, context),
            self._number_or_none(parameters, self.SPI_SCALE, context),
            self.parameterAsEnumString(parameters, self.CONVENTION, context),
            name=self._label(self.SPI),
        )
        year_blocks(task)
        return task, series

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._with_zones(parameters, context, feedback)
        used = [place for block in year_blocks(task) for place in block.layers]
        self._say([self._read.notes[place] for place in used], self._read.warnings, feedback)
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_drought_hazard(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.convention}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            all_zones = QCoreApplication.translate("Dbar", "All zones")
            exposure = exposure_table(task, result, all_zones)
            for name, columns in (
                (self.OUTPUT_AREAS, area_table(task, result, all_zones)),
                (self.OUTPUT_EXPOSURE, exposure),
            ):
                command = self.asPythonCommand(parameters, context)
                self.write_table(outputs, name, columns, _labels(), command, short=_short_name)
        path = outputs.results[self.OUTPUT]
        blocks = result.blocks

        def style(layer: QgsMapLayer) -> None:
            style_classes(layer, drought_classes(), len(blocks))
            set_period(layer, blocks[0].span.first, blocks[-1].span.last)

        self.raster_looks[path] = Look(style)
        return {**outputs.results, **self._numbers(len(blocks), exposure, feedback)}

    def _with_zones(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> DroughtHazardTask:
        zones = read_zones(self, parameters, self.ZONES, self.ZONE_FIELD, context, feedback)
        if zones is None:
            whole = QCoreApplication.translate("Dbar", "Whole area")
            return replace(self._task, zone_names=[whole])
        return replace(
            self._task,
            zone_wkb=zones.polygons.wkb(),
            zone_crs=zones.polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            zone_names=zones.names,
        )

    def _numbers(
        self, blocks: int, table: Mapping[str, Sequence[Any]], feedback: QgsProcessingFeedback
    ) -> dict[str, float | int | None]:
        """Say land and people under drought in each block, and return the last for models."""
        area = QCoreApplication.translate(
            "Dbar", "{first}–{last}: {km2} km² under drought, {percent} % of the land with data"
        )
        people = QCoreApplication.translate("Dbar", "{first}–{last}: {persons} persons exposed")
        # The last zone of the table is the only one, or all of them together.
        for row in range(len(table["zone"]) - blocks, len(table["zone"])):
            span = {"first": table["first_year"][row], "last": table["last_year"][row]}
            percent, exposed = table["drought_pct"][row], table["exposed"][row]
            feedback.pushInfo(
                area.format(
                    **span,
                    km2=figure_text(table["drought_km2"][row]),
                    percent="–" if percent is None else f"{percent:.2f}",
                )
            )
            if exposed is not None:
                feedback.pushInfo(people.format(**span, persons=figure_text(exposed)))
        return {
            self.N_BLOCKS: blocks,
            self.DROUGHT_KM2: table["drought_km2"][-1],
            self.DROUGHT_PCT: table["drought_pct"][-1],
            self.EXPOSED: table["exposed"][-1],
        }


# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "persons_pct": "PERS_PCT",
    "drought_km2": "DRGHT_KM2",
    "drought_pct": "DRGHT_PCT",
    "exposed_pct": "EXPOS_PCT",
    "known_persons": "KNOWN_PERS",
    "nodata_persons": "NODAT_PERS",
}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "level": translate("Dbar", "Level"),
        "first_year": translate("Dbar", "First year"),
        "last_year": translate("Dbar", "Last year"),
        "n_years": translate("Dbar", "Years with a raster"),
        "drought": translate("Dbar", "Drought class (0–4)"),
        "class_name": translate("Dbar", "Class"),
        "km2": translate("Dbar", "Area (km²)"),
        "km2_pct": translate("Dbar", "Share of the area with data (%)"),
        "persons": translate("Dbar", "Persons"),
        "persons_pct": translate("Dbar", "Share of the persons on cells with data (%)"),
        "drought_km2": translate("Dbar", "Land under drought (km²)"),
        "known_km2": translate("Dbar", "Land with data (km²)"),
        "drought_pct": translate("Dbar", "Under drought, of land with data (%)"),
        "nodata_km2": translate("Dbar", "Area without data (km²)"),
        "exposed": translate("Dbar", "Persons exposed to drought"),
        "known_persons": translate("Dbar", "Persons on cells with data"),
        "exposed_pct": translate("Dbar", "Persons exposed, of those on cells with data (%)"),
        "nodata_persons": translate("Dbar", "Persons on cells without data"),
    }
