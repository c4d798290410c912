"""Radiance of night lights and brightness temperature, from stored numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
    QgsVariantUtils,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import set_day, style_colours, style_grey
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import (
    RasterClass,
    provenance_tags,
    style_classes,
)
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.night_light.light_bands import COLOURS
from dbar_qgis_plugin.pipelines.night_light.light_calibration import (
    DETECTOR_ROWS,
    UNITS,
    CalibrationOutputs,
    CalibrationResult,
    CalibrationTask,
    calibrate,
)
from dbar_qgis_plugin.pipelines.night_light.light_coefficients import (
    PRESET,
    SOURCES,
    TYPED,
    TypedBand,
    presets,
)
from dbar_qgis_plugin.pipelines.night_light.sdgsat_mosaic import SATURATED
from dbar_qgis_plugin.pipelines.night_light.sdgsat_product import SENSORS

_AUTO = "auto"
_COLUMNS = 4


class CalibrateNightLightAlgorithm(NightLightAlgorithm):
    """Calibrate night light."""

    NAME = "calibratenightlight"
    ROLES: Final = {"INPUT": "night_light"}

    INPUT: Final = "INPUT"
    COEFFICIENTS_FROM: Final = "COEFFICIENTS_FROM"
    CALIB_XML: Final = "CALIB_XML"
    PRESET: Final = "PRESET"
    COEFFICIENTS: Final = "COEFFICIENTS"
    UNIT: Final = "UNIT"
    SATURATION: Final = "SATURATION"
    SENSOR: Final = "SENSOR"
    DETECTOR_ROWS: Final = "DETECTOR_ROWS"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_SATURATION: Final = "OUTPUT_SATURATION"
    OUTPUT_TEMPERATURE: Final = "OUTPUT_TEMPERATURE"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Calibrate night light")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDGSAT,night light,radiance,calibration,gain,bias,brightness temperature,TIS,MII,"
            "saturation,nanowatt",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterRasterLayer(
                self.INPUT, translate("Dbar", "Raster with stored numbers")
            )
        )
        self._add_enum(self.COEFFICIENTS_FROM, translate("Dbar", "Coefficients from"), SOURCES)
        self.add(
            QgsProcessingParameterFile(
                self.CALIB_XML,
                translate(
                    "Dbar", "The product's calib.xml (empty: as loaded, or beside the raster)"
                ),
                optional=True,
                fileFilter="XML (*.xml *.XML)",
            )
        )
        self.add(
            QgsProcessingParameterEnum(
                self.PRESET,
                translate("Dbar", "Preset"),
                list(presets()),
                defaultValue=None,
                optional=True,
                usesStaticStrings=True,
            )
        )
        self.add(
            QgsProcessingParameterMatrix(
                self.COEFFICIENTS,
                translate("Dbar", "Typed coefficients"),
                numberRows=0,
                headers=[
                    translate("Dbar", "Band"),
                    translate("Dbar", "Gain"),
                    translate("Dbar", "Bias"),
                    translate("Dbar", "Width (nm)"),
                ],
                optional=True,
            )
        )
        self._add_enum(self.UNIT, translate("Dbar", "Unit"), UNITS)
        self._add_number(
            self.SATURATION,
            translate("Dbar", "Stored value from which on a cell is saturated"),
            SATURATED,
            0.0,
        )
        self._add_enum(
            self.SENSOR,
            translate("Dbar", "Sensor (auto: as metadata or file name say)"),
            (_AUTO, *SENSORS),
            advanced=True,
        )
        self._add_enum(
            self.DETECTOR_ROWS,
            translate("Dbar", "Where coefficients differ by detector row"),
            DETECTOR_ROWS,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(self.OUTPUT, translate("Dbar", "Radiance"))
        )
        for name, label in (
            (self.OUTPUT_SATURATION, translate("Dbar", "Saturated cells")),
            (self.OUTPUT_TEMPERATURE, translate("Dbar", "Brightness temperature (TIS)")),
        ):
            self.add(
                QgsProcessingParameterRasterDestination(
                    name, label, optional=True, createByDefault=False
                )
            )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        source = self.parameterAsEnumString(dict(parameters), self.COEFFICIENTS_FROM, context)
        if source == PRESET and not self._preset(parameters, context):
            raise InputError(
                translate(
                    "Dbar",
                    "Choose a preset: there is no usual one, because the public sets of "
                    "coefficients disagree. The presets are {names}.",
                ),
                names=", ".join(presets()),
            )
        if source == TYPED:
            self._typed(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        values = dict(parameters)
        sensor = self.parameterAsEnumString(values, self.SENSOR, context)
        source = self.parameterAsEnumString(values, self.COEFFICIENTS_FROM, context)
        self._task = CalibrationTask(
            raster=raster_input(self._layer(values, self.INPUT, context)),
            source=source,
            xml=self.parameterAsFile(values, self.CALIB_XML, context),
            preset=self._preset(parameters, context),
            typed=self._typed(parameters, context) if source == TYPED else (),
            unit=self.parameterAsEnumString(values, self.UNIT, context),
            sensor="" if sensor == _AUTO else sensor,
            saturated=self.parameterAsDouble(values, self.SATURATION, context),
            detector_rows=self.parameterAsEnumString(values, self.DETECTOR_ROWS, context),
        )

    def _preset(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> str:
        if parameters.get(self.PRESET) in (None, ""):
            return ""
        return self.parameterAsEnumString(dict(parameters), self.PRESET, context)

    def _typed(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[TypedBand, ...]:
        """Return the rows of the table; empty rows are left out."""
        cells = [
            "" if QgsVariantUtils.isNull(cell) else str(cell).strip()
            for cell in self.parameterAsMatrix(dict(parameters), self.COEFFICIENTS, context)
        ]
        if not any(cells):
            return ()
        if len(cells) % _COLUMNS:
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: each row needs band, gain, bias and width (which may be empty).",
                ),
                parameter=self._label(self.COEFFICIENTS),
            )
        rows = [cells[start : start + _COLUMNS] for start in range(0, len(cells), _COLUMNS)]
        return tuple(
            TypedBand(
                band,
                self._typed_number(gain),
                self._typed_number(bias),
                self._typed_number(width) if width else None,
            )
            for band, gain, bias, width in rows
            if band or gain or bias or width
        )

    def _typed_number(self, text: str) -> float:
        try:
            return float(text)
        except ValueError as error:
            raise InputError(
                translate("Dbar", "{parameter}: “{text}” is not a number; write such as 1.02e-5."),
                parameter=self._label(self.COEFFICIENTS),
                text=text,
            ) from error

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task = self._task
        with Outputs(self, parameters, context, feedback) as outputs:
            targets = CalibrationOutputs(
                *(
                    outputs.raster(name) if outputs.wants(name) else ""
                    for name in (self.OUTPUT, self.OUTPUT_SATURATION, self.OUTPUT_TEMPERATURE)
                )
            )
            result = calibrate(
                task,
                targets,
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.source}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say((), result.warnings, feedback)
            self._say_result(result, feedback)
        self._set_looks(outputs.results, result)
        return outputs.results

    def _say_result(self, result: CalibrationResult, feedback: QgsProcessingFeedback) -> None:
        record = json.loads(result.record)
        text = QCoreApplication.translate("Dbar", "Coefficients: {source}; unit: {unit}")
        source = " ".join(filter(None, (record["source"], record.get("file"))))
        feedback.pushInfo(text.format(source=source, unit=record["unit"]))
        if isinstance(record["coefficients"], dict):
            text = QCoreApplication.translate("Dbar", "{band}: gain {gain}, bias {bias}")
            for band, (gain, bias, *_) in record["coefficients"].items():
                feedback.pushInfo(text.format(band=band, gain=f"{gain:.6g}", bias=f"{bias:.6g}"))
        text = QCoreApplication.translate(
            "Dbar", "{band}: {cells} cells with data, {saturated} of them saturated"
        )
        for band in result.summaries:
            feedback.pushInfo(
                text.format(
                    band=band.name, cells=f"{band.cells:,}", saturated=f"{band.saturated:,}"
                )
            )

    def _set_looks(self, results: Mapping[str, str], result: CalibrationResult) -> None:
        looks: list[tuple[str, Look]] = [
            (
                self.OUTPUT_TEMPERATURE,
                Look(lambda layer: _show_light(layer, result, result.temperatures)),
            ),
            (
                self.OUTPUT_SATURATION,
                Look(lambda layer: _show_saturation(layer, result), is_drawn=False),
            ),
            (self.OUTPUT, Look(lambda layer: _show_light(layer, result, result.stretches))),
        ]
        for name, look in looks:
            if name in results:
                self.raster_looks[results[name]] = look


def _show_light(
    layer: QgsMapLayer, result: CalibrationResult, stretches: Sequence[tuple[float, float]]
) -> None:
    """Show colours as such, other bands in grey; without known values QGIS looks at the cells."""
    if not isinstance(layer, QgsRasterLayer):
        return
    if stretches and result.bands == COLOURS:
        style_colours(layer, stretches=stretches)
    elif stretches:
        style_grey(layer, stretches[-1], len(stretches))
    set_day(layer, result.day)


def _show_saturation(layer: QgsMapLayer, result: CalibrationResult) -> None:
    translate = QCoreApplication.translate
    style_classes(
        layer,
        (
            RasterClass(0, "#1b1b1b", translate("Dbar", "Not saturated")),
            RasterClass(1, "#ff3b30", translate("Dbar", "Saturated")),
        ),
    )
    set_day(layer, result.day)
