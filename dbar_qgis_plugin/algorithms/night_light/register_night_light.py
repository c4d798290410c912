"""Bands and dates of night lights brought into register."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsCategorizedSymbolRenderer,
    QgsCoordinateReferenceSystem,
    QgsFields,
    QgsFillSymbol,
    QgsGeometry,
    QgsLayerMetadata,
    QgsMapLayer,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import style_bands
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs, column_field, provenance
from dbar_qgis_plugin.algorithms.rasters import provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.pipelines.night_light.light_registration import (
    NO_LIGHT,
    OUTLIER,
    RESAMPLINGS,
    TOO_FAR,
    USED,
    WEAK_PEAK,
    LightRegistrationResult,
    LightRegistrationTask,
    check_light_registration,
    patch_rings,
    register_light,
    shift_table,
)


class RegisterNightLightAlgorithm(NightLightAlgorithm):
    """Register night light."""

    NAME = "registernightlight"
    ROLES: Final = {"INPUT": "night_light", "REFERENCE": "night_light"}

    INPUT: Final = "INPUT"
    REFERENCE: Final = "REFERENCE"
    REGISTER_BANDS: Final = "REGISTER_BANDS"
    LOCAL_SHIFTS: Final = "LOCAL_SHIFTS"
    RESAMPLING: Final = "RESAMPLING"
    PATCH: Final = "PATCH"
    MIN_QUALITY: Final = "MIN_QUALITY"
    MAX_SHIFT: Final = "MAX_SHIFT"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_SHIFTS: Final = "OUTPUT_SHIFTS"
    LONGEST_SHIFT: Final = "LONGEST_SHIFT"
    LOWEST_QUALITY: Final = "LOWEST_QUALITY"
    N_USED: Final = "N_USED"
    N_REFUSED: Final = "N_REFUSED"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Register night light")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDGSAT,night light,registration,co-registration,alignment,shift,phase correlation,"
            "bands,dates",
        )
        return words.split(",")

    def define(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, translate("Dbar", "Raster of lights"))
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.REFERENCE,
                translate("Dbar", "Reference raster, such as another date (empty: bands only)"),
                optional=True,
            )
        )
        for name, label in (
            (self.REGISTER_BANDS, translate("Dbar", "Register bands onto the green one")),
            (self.LOCAL_SHIFTS, translate("Dbar", "Shifts may differ over the raster")),
        ):
            self.add(QgsProcessingParameterBoolean(name, label, True))
        self._add_enum(self.RESAMPLING, translate("Dbar", "Resampling"), RESAMPLINGS)
        self._add_number(
            self.PATCH,
            translate("Dbar", "Rows and columns of a patch"),
            256,
            64,
            2048,
            whole=True,
            advanced=True,
        )
        self._add_number(
            self.MIN_QUALITY,
            translate("Dbar", "Refuse matches less than so many times as good as the second best"),
            1.3,
            1.0,
            99.0,
            advanced=True,
        )
        self._add_number(
            self.MAX_SHIFT,
            translate("Dbar", "Refuse shifts of more cells than this"),
            64.0,
            0.5,
            1000.0,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Registered night light")
            )
        )
        self.add(
            QgsProcessingParameterFeatureSink(
                self.OUTPUT_SHIFTS,
                translate("Dbar", "Shifts by patch"),
                Qgis.ProcessingSourceType.VectorPolygon,
                optional=True,
                createByDefault=False,
            )
        )
        for name, label in (
            (self.LONGEST_SHIFT, translate("Dbar", "Longest shift in cells")),
            (self.LOWEST_QUALITY, translate("Dbar", "Lowest quality of a match of the whole")),
            (self.N_USED, translate("Dbar", "Number of patches used")),
            (self.N_REFUSED, translate("Dbar", "Number of patches refused")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        check_light_registration(self._plan(parameters, context))

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._task = self._plan(parameters, context)
        self._crs = self.parameterAsRasterLayer(dict(parameters), self.INPUT, context).crs()

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> LightRegistrationTask:
        values = dict(parameters)
        return LightRegistrationTask(
            light=raster_input(self._layer(values, self.INPUT, context)),
            reference=self._optional_raster(values, self.REFERENCE, context),
            bands=self.parameterAsBoolean(values, self.REGISTER_BANDS, context),
            local=self.parameterAsBoolean(values, self.LOCAL_SHIFTS, context),
            patch=self.parameterAsInt(values, self.PATCH, context),
            least_quality=self.parameterAsDouble(values, self.MIN_QUALITY, context),
            most_shift=self.parameterAsDouble(values, self.MAX_SHIFT, context),
            resampling=self.parameterAsEnumString(values, self.RESAMPLING, context),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        with Outputs(self, parameters, context, feedback) as outputs:
            result = register_light(
                self._task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(
                    self, parameters, context, f"{self.NAME}/{self._task.resampling}"
                ),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            if outputs.wants(self.OUTPUT_SHIFTS):
                self._write_shifts(result, outputs, parameters, context, self._crs)
        self._say(result.notes, result.warnings, feedback)

        def style(layer: QgsMapLayer) -> None:
            style_bands(layer, result.bands, result.day)

        self.raster_looks[outputs.results[self.OUTPUT]] = Look(style)
        reasons = [patch.reason for shift in result.shifts for patch in shift.patches]
        return {
            **outputs.results,
            self.LONGEST_SHIFT: result.longest,
            self.LOWEST_QUALITY: min(shift.whole.quality for shift in result.shifts),
            self.N_USED: reasons.count(USED),
            self.N_REFUSED: len(reasons) - reasons.count(USED),
        }

    def _write_shifts(
        self,
        result: LightRegistrationResult,
        outputs: Outputs,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        crs: QgsCoordinateReferenceSystem,
    ) -> None:
        columns = shift_table(result)
        fields = QgsFields()
        for name, values in columns.items():
            fields.append(column_field(name, values))
        shapes = [
            QgsGeometry.fromMultiPolygonXY([[[QgsPointXY(x, y) for x, y in ring]]])
            for ring in patch_rings(result)
        ]
        rows = zip(*columns.values(), strict=True)
        target = outputs.table(self.OUTPUT_SHIFTS, fields, rows, shapes, crs)
        title = self._label(self.OUTPUT_SHIFTS)
        metadata = provenance(self, title, title, self.asPythonCommand(parameters, context))
        self.looks[target] = Look(lambda layer: _style_shifts(layer, metadata))


def _style_shifts(layer: QgsMapLayer, metadata: QgsLayerMetadata) -> None:
    """Outline patches by what became of them."""
    layer.setMetadata(metadata)
    if not isinstance(layer, QgsVectorLayer):
        return
    translate = QCoreApplication.translate
    categories = []
    for reason, colour, label in (
        ("whole", "#7f7f7f", translate("Dbar", "The whole raster")),
        (USED, "#2a9d5c", translate("Dbar", "Used")),
        (NO_LIGHT, "#b8b8b8", translate("Dbar", "No light")),
        (WEAK_PEAK, "#d1495b", translate("Dbar", "No sound match")),
        (TOO_FAR, "#e07b39", translate("Dbar", "Too far from the whole")),
        (OUTLIER, "#7a6ea8", translate("Dbar", "Differs from most others")),
    ):
        symbol = QgsFillSymbol.createSimple(
            {"color": "0,0,0,0", "outline_color": colour, "outline_width": "0.4"}
        )
        categories.append(QgsRendererCategory(reason, symbol, label))
    kind = "if(\"part\" = 'whole', 'whole', coalesce(\"reason\", ''))"
    layer.setRenderer(QgsCategorizedSymbolRenderer(kind, categories))
