"""Totals of zones spread over cells by their light."""

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
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import field_numbers, raster_input
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import style_light
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.algorithms.tables import TableWriter
from dbar_qgis_plugin.algorithms.zones import read_zones
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.night_light.light_downscaling import (
    LightDownscalingTask,
    compute_light_downscaling,
)
from dbar_qgis_plugin.pipelines.night_light.light_zones import Zones

WEIGHTS: Final = ("light", "light_population")


class NightLightDownscaleAlgorithm(TableWriter, NightLightAlgorithm):
    """Dasymetric downscaling by night light."""

    NAME = "nightlightdownscale"
    ROLES: Final = {
        "ZONES": "zones",
        "LIGHT": "night_light",
        "POPULATION": "population",
    }

    ZONES: Final = "ZONES"
    TOTAL_FIELD: Final = "TOTAL_FIELD"
    ZONE_FIELD: Final = "ZONE_FIELD"
    LIGHT: Final = "LIGHT"
    POPULATION: Final = "POPULATION"
    WEIGHT: Final = "WEIGHT"
    EXPONENT: Final = "EXPONENT"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_ZONES: Final = "OUTPUT_ZONES"
    SPREAD: Final = "SPREAD"
    N_WITHOUT_LIGHT: Final = "N_WITHOUT_LIGHT"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Downscale totals by night light")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar", "night light,dasymetric,downscaling,disaggregation,GDP,electricity,totals,zones"
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        kind = Qgis.ProcessingSourceType
        self.add(
            QgsProcessingParameterFeatureSource(
                self.ZONES, translate("Dbar", "Zones (polygons)"), [kind.VectorPolygon]
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.TOTAL_FIELD,
                translate("Dbar", "Field with the total to be spread"),
                parentLayerParameterName=self.ZONES,
                type=Qgis.ProcessingFieldParameterDataType.Numeric,
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.LIGHT, translate("Dbar", "Night light; its grid is that of the result")
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.POPULATION, translate("Dbar", "Population (persons per cell)"), optional=True
            )
        )
        self._add_enum(self.WEIGHT, translate("Dbar", "Cells are weighed by"), WEIGHTS)
        self._add_number(
            self.EXPONENT, translate("Dbar", "Exponent of the light"), 1.0, 0.0, 10.0, advanced=True
        )
        self.add(
            QgsProcessingParameterField(
                self.ZONE_FIELD,
                translate("Dbar", "Field with the zone's name"),
                parentLayerParameterName=self.ZONES,
                optional=True,
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Amount per cell")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_ZONES,
                translate("Dbar", "What each zone was spread by"),
                kind.Vector,
                optional=True,
            )
        )
        for name, label in (
            (self.SPREAD, translate("Dbar", "Sum of the totals spread")),
            (self.N_WITHOUT_LIGHT, translate("Dbar", "Zones without light")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        weight = self.parameterAsEnumString(dict(parameters), self.WEIGHT, context)
        if weight == WEIGHTS[1] and parameters.get(self.POPULATION) in (None, ""):
            raise InputError(
                translate(
                    "Dbar",
                    "“{population}” is empty, but cells are to be weighed by light and population. "
                    "Choose a population raster, or “light”.",
                ),
                population=self._label(self.POPULATION),
            )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        zones = read_zones(self, parameters, self.ZONES, self.ZONE_FIELD, context, feedback)
        if zones is None:
            raise InputError(
                translate("Dbar", "{parameter}: choose a polygon layer."),
                parameter=self._label(self.ZONES),
            )
        field = self.parameterAsString(values, self.TOTAL_FIELD, context)
        totals = field_numbers(zones.polygons.features, [field])[:, 0].tolist()
        self._task = LightDownscalingTask(
            Zones(
                zones.names,
                zones.polygons.wkb(),
                zones.polygons.crs.toWkt(Qgis.CrsWktVariant.Preferred),
            ),
            tuple(None if total != total else total for total in totals),
            raster_input(self._layer(parameters, self.LIGHT, context)),
            self._optional_raster(parameters, self.POPULATION, context),
            self.parameterAsEnumString(values, self.WEIGHT, context) == WEIGHTS[1],
            self.parameterAsDouble(values, self.EXPONENT, context),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        translate = QCoreApplication.translate
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_light_downscaling(
                self._task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/dasymetric"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self.write_table(
                outputs,
                self.OUTPUT_ZONES,
                result.columns,
                {
                    "zone": translate("Dbar", "Zone"),
                    "total": translate("Dbar", "Total"),
                    "spread": translate("Dbar", "Spread over cells"),
                    "basis": translate("Dbar", "Spread by"),
                    "cells": translate("Dbar", "Cells"),
                    "lit_cells": translate("Dbar", "Lit cells"),
                    "flags": translate("Dbar", "Flags"),
                },
                self.asPythonCommand(parameters, context),
            )
        path = outputs.results[self.OUTPUT]

        def style(layer: QgsMapLayer) -> None:
            style_light(layer)

        self.raster_looks[path] = Look(style)
        spread = result.columns["spread"]
        return {
            **outputs.results,
            self.SPREAD: float(sum(amount for amount in spread if amount is not None)),
            self.N_WITHOUT_LIGHT: sum(basis != "light" for basis in result.columns["basis"]),
        }
