"""Composite of night lights of many dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input, raster_layers
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import style_colours, style_light
from dbar_qgis_plugin.algorithms.outputs import Look
from dbar_qgis_plugin.algorithms.rasters import provenance_tags, set_dates
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.night_light.light_bands import COLOURS
from dbar_qgis_plugin.pipelines.night_light.light_composite import (
    STATISTICS,
    LightCompositeTask,
    compute_light_composite,
)


class NightLightCompositeAlgorithm(NightLightAlgorithm):
    """Composite of night lights."""

    NAME = "nightlightcomposite"
    ROLES: Final = {"RASTERS": "night_light"}

    RASTERS: Final = "RASTERS"
    STATISTIC: Final = "STATISTIC"
    PERCENTILE: Final = "PERCENTILE"
    MIN_VALID: Final = "MIN_VALID"
    OUTPUT: Final = "OUTPUT"
    N_DATES: Final = "N_DATES"
    N_EMPTY: Final = "N_EMPTY"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Night light composite")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar", "night light,SDGSAT-1,VIIRS,composite,median,mean,percentile,stack,time series"
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.RASTERS,
                translate(
                    "Dbar", "Night lights, one raster per date (or one with a band per date)"
                ),
                Qgis.ProcessingSourceType.Raster,
            )
        )
        self._add_enum(self.STATISTIC, translate("Dbar", "Statistic"), STATISTICS)
        self._add_number(
            self.PERCENTILE, translate("Dbar", "Percentile (for that statistic)"), 95.0, 0.0, 100.0
        )
        self._add_number(
            self.MIN_VALID,
            translate("Dbar", "Fewest dates with data"),
            1,
            1,
            10_000,
            whole=True,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Night light composite")
            )
        )
        self.addOutput(QgsProcessingOutputNumber(self.N_DATES, translate("Dbar", "Dates")))
        self.addOutput(
            QgsProcessingOutputNumber(
                self.N_EMPTY, translate("Dbar", "Cells without data on all dates")
            )
        )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        layers = raster_layers(self, parameters, self.RASTERS, context)
        if not layers:
            raise InputError(
                translate("Dbar", "{parameter}: choose at least one raster."),
                parameter=self._label(self.RASTERS),
            )
        values = dict(parameters)
        self._task = LightCompositeTask(
            rasters=tuple(map(raster_input, layers)),
            statistic=self.parameterAsEnumString(values, self.STATISTIC, context),
            percentile=self.parameterAsDouble(values, self.PERCENTILE, context),
            least_valid=self.parameterAsInt(values, self.MIN_VALID, context),
            name=self._label(self.RASTERS),
        )

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._task
        path = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        result = compute_light_composite(
            task,
            path,
            tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.statistic}"),
            progress=progress_of(feedback),
            workers=workers_of_settings(),
        )
        self._say(result.notes, result.warnings, feedback)
        text = QCoreApplication.translate(
            "Dbar", "Cells with data on {dates} of {all} dates: {cells}"
        )
        for dates, cells in enumerate(result.cells.tolist()):
            if cells:
                feedback.pushInfo(text.format(dates=dates, all=result.dates, cells=cells))
        in_colour = result.bands[:3] == COLOURS

        def style(layer: QgsMapLayer) -> None:
            if in_colour:
                style_colours(layer)
            else:
                style_light(layer, unit=result.unit)
            if result.begin is not None and result.end is not None:
                set_dates(layer, result.begin, result.end)

        self.raster_looks[path] = Look(style)
        return {
            self.OUTPUT: path,
            self.N_DATES: result.dates,
            self.N_EMPTY: int(result.cells[0]),
        }
