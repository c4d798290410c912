"""Colours of night lights at the resolution of the panchromatic band."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import set_day, style_colours
from dbar_qgis_plugin.algorithms.outputs import Look
from dbar_qgis_plugin.algorithms.rasters import provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import MERGED, light_date
from dbar_qgis_plugin.pipelines.night_light.pansharpening import (
    PansharpeningTask,
    compute_pansharpening,
)


class NightLightPansharpenAlgorithm(NightLightAlgorithm):
    """Pan-sharpening of night lights."""

    NAME = "nightlightpansharpen"
    ROLES: Final = {"COLOURS": "night_light", "PANCHROMATIC": "panchromatic"}

    COLOURS: Final = "COLOURS"
    PANCHROMATIC: Final = "PANCHROMATIC"
    BAND: Final = "BAND"
    LIT_ABOVE: Final = "LIT_ABOVE"
    OUTPUT: Final = "OUTPUT"
    CORRELATION: Final = "CORRELATION"
    N_CELLS: Final = "N_CELLS"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Pan-sharpen night light")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar", "night light,SDGSAT-1,pan-sharpening,GSA,Gram-Schmidt,panchromatic,10 m"
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterRasterLayer(
                self.COLOURS, translate("Dbar", "Colour raster (red, green, blue)")
            )
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.PANCHROMATIC, translate("Dbar", "Panchromatic raster, with smaller cells")
            )
        )
        self.add(
            QgsProcessingParameterBand(
                self.BAND,
                translate("Dbar", "Panchromatic band (empty: HDR, else the first)"),
                parentLayerParameterName=self.PANCHROMATIC,
                optional=True,
            )
        )
        self._add_number(
            self.LIT_ABOVE,
            translate("Dbar", "Panchromatic value above which cells are lit (empty: found)"),
            None,
            -1e9,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Pan-sharpened night light")
            )
        )
        for name, label in (
            (self.CORRELATION, translate("Dbar", "Correlation of intensity and panchromatic band")),
            (self.N_CELLS, translate("Dbar", "Lit cells of the fit")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        pan = self._layer(parameters, self.PANCHROMATIC, context)
        band = self._number_or_none(parameters, self.BAND, context)
        self._task = PansharpeningTask(
            raster_input(self._layer(parameters, self.COLOURS, context)),
            raster_input(pan, _merged_band(pan) if band is None else int(band)),
            self._number_or_none(parameters, self.LIT_ABOVE, context),
        )

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        path = self.parameterAsOutputLayer(parameters, self.OUTPUT, context)
        result = compute_pansharpening(
            self._task,
            path,
            tags=provenance_tags(self, parameters, context, f"{self.NAME}/gsa"),
            progress=progress_of(feedback),
            workers=workers_of_settings(),
        )
        self._say(result.notes, result.warnings, feedback)
        self.raster_looks[path] = _look(self._task.colours)
        return {
            self.OUTPUT: path,
            self.CORRELATION: result.fit.correlation,
            self.N_CELLS: result.fit.cells,
        }


def _merged_band(layer: QgsRasterLayer) -> int:
    """Return the band that joins both gains, which is the one for display; else the first."""
    names = [layer.dataProvider().bandDescription(b + 1) for b in range(layer.bandCount())]
    return names.index(MERGED) + 1 if MERGED in names else 1


def _look(colours: RasterInput) -> Look:
    day = light_date(open_input(colours))

    def style(layer: QgsMapLayer) -> None:
        style_colours(layer)
        set_day(layer, day)

    return Look(style)
