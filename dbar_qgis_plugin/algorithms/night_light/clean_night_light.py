"""Noise, stripes and stray light taken out of night lights."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from math import isnan
from typing import Any, Final

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.base import NightLightAlgorithm
from dbar_qgis_plugin.algorithms.night_light.style import set_day, style_bands
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import (
    RasterClass,
    provenance_tags,
    style_classes,
)
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import MissingDependencyError, translate
from dbar_qgis_plugin.pipelines.night_light.light_cleaning import (
    BACKGROUNDS,
    FILLS,
    RULES,
    Change,
    LightCleaningResult,
    LightCleaningTask,
    check_light_cleaning,
    clean_light,
)


class CleanNightLightAlgorithm(NightLightAlgorithm):
    """Clean night light."""

    NAME = "cleannightlight"
    ROLES: Final = {"INPUT": "night_light", "PANCHROMATIC": "panchromatic"}

    INPUT: Final = "INPUT"
    PANCHROMATIC: Final = "PANCHROMATIC"
    LIGHT_RULE: Final = "LIGHT_RULE"
    MIN_CELLS: Final = "MIN_CELLS"
    STRIPES: Final = "STRIPES"
    STRAY_LIGHT_KM: Final = "STRAY_LIGHT_KM"
    DARK_CUT: Final = "DARK_CUT"
    BACKGROUND: Final = "BACKGROUND"
    MARGIN: Final = "MARGIN"
    PANCHROMATIC_MARGIN: Final = "PANCHROMATIC_MARGIN"
    REACH: Final = "REACH"
    STRAY_LIGHT_PERCENTILE: Final = "STRAY_LIGHT_PERCENTILE"
    STRIPE_FILL: Final = "STRIPE_FILL"
    STRIPE_SHARE: Final = "STRIPE_SHARE"
    STRIPE_HALF_WIDTH: Final = "STRIPE_HALF_WIDTH"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_CHANGE: Final = "OUTPUT_CHANGE"
    KEPT_PERCENT: Final = "KEPT_PERCENT"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Clean night light")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDGSAT,night light,noise,stripes,salt and pepper,background,stray light,panchromatic,"
            "denoise,destripe",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs()
        self._add_steps()
        self._add_details()
        self._add_outputs()

    def _add_inputs(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterRasterLayer(self.INPUT, translate("Dbar", "Raster of lights"))
        )
        self.add(
            QgsProcessingParameterRasterLayer(
                self.PANCHROMATIC,
                translate("Dbar", "Panchromatic raster of the same scene"),
                optional=True,
            )
        )

    def _add_steps(self) -> None:
        translate = QCoreApplication.translate
        self._add_enum(self.LIGHT_RULE, translate("Dbar", "What counts as light"), RULES)
        self._add_number(
            self.MIN_CELLS,
            translate("Dbar", "Cells of a group of lit cells below which it is noise (0: none)"),
            8,
            0,
            100,
            whole=True,
        )
        for name, label, advanced in (
            (
                self.STRIPES,
                translate("Dbar", "Look for stripes along the rows and fill them"),
                False,
            ),
            (self.DARK_CUT, translate("Dbar", "Darken cells below the median of a band"), True),
        ):
            self.add(QgsProcessingParameterBoolean(name, label, False), advanced=advanced)
        self._add_number(
            self.STRAY_LIGHT_KM,
            translate("Dbar", "Subtract stray light, from squares of so many km (empty: do not)"),
            None,
            0.1,
            100.0,
        )
        self._add_enum(self.BACKGROUND, translate("Dbar", "Dark cells in the result"), BACKGROUNDS)

    def _add_details(self) -> None:
        translate = QCoreApplication.translate
        self._add_number(
            self.MARGIN,
            translate("Dbar", "Light starts above the background by so many spreads"),
            0.0,
            0.0,
            100.0,
            advanced=True,
        )
        self._add_number(
            self.PANCHROMATIC_MARGIN,
            translate("Dbar", "The same in the panchromatic raster"),
            5.0,
            0.0,
            100.0,
            advanced=True,
        )
        self._add_number(
            self.REACH,
            translate("Dbar", "Cells around panchromatic light that may be lit"),
            1,
            0,
            20,
            whole=True,
            advanced=True,
        )
        self._add_number(
            self.STRAY_LIGHT_PERCENTILE,
            translate("Dbar", "Percentile of a square that is its stray light"),
            10.0,
            0.0,
            50.0,
            advanced=True,
        )
        self._add_enum(
            self.STRIPE_FILL, translate("Dbar", "What fills stripes"), FILLS, advanced=True
        )
        self._add_number(
            self.STRIPE_SHARE,
            translate("Dbar", "Share of a line that must be odd for a stripe"),
            0.5,
            0.1,
            1.0,
            advanced=True,
        )
        self._add_number(
            self.STRIPE_HALF_WIDTH,
            translate("Dbar", "Rows on either side of a stripe's middle"),
            2,
            0,
            10,
            whole=True,
            advanced=True,
        )

    def _add_outputs(self) -> None:
        translate = QCoreApplication.translate
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Cleaned night light")
            )
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_CHANGE,
                translate("Dbar", "What was done to each cell"),
                optional=True,
                createByDefault=False,
            )
        )
        for item in change_classes():
            self.addOutput(QgsProcessingOutputNumber(count_name(item.value), item.label))
        self.addOutput(
            QgsProcessingOutputNumber(
                self.KEPT_PERCENT, translate("Dbar", "Lit cells that are still lit, in percent")
            )
        )

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        task = self._plan(parameters, context)
        check_light_cleaning(task)
        groups = task.fewest_cells > 1 or task.stripes or task.stray_km is not None
        if groups and find_spec("scipy") is None:
            raise MissingDependencyError(
                translate(
                    "Dbar",
                    "Groups of cells, stripes and stray light are found with the Python library "
                    "scipy, which is not installed. Install it (Debian, Ubuntu: python3-scipy), "
                    "or leave these steps out (0 cells of a group).",
                )
            )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._task = self._plan(parameters, context)

    def _plan(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> LightCleaningTask:
        values = dict(parameters)
        return LightCleaningTask(
            light=raster_input(self._layer(values, self.INPUT, context)),
            panchromatic=self._optional_raster(values, self.PANCHROMATIC, context),
            background=self.parameterAsEnumString(values, self.BACKGROUND, context),
            rule=self.parameterAsEnumString(values, self.LIGHT_RULE, context),
            margin=self.parameterAsDouble(values, self.MARGIN, context),
            panchromatic_margin=self.parameterAsDouble(values, self.PANCHROMATIC_MARGIN, context),
            reach=self.parameterAsInt(values, self.REACH, context),
            fewest_cells=self.parameterAsInt(values, self.MIN_CELLS, context),
            dark_cut=self.parameterAsBoolean(values, self.DARK_CUT, context),
            stray_km=self._number_or_none(values, self.STRAY_LIGHT_KM, context),
            stray_percent=self.parameterAsDouble(values, self.STRAY_LIGHT_PERCENTILE, context),
            stripes=self.parameterAsBoolean(values, self.STRIPES, context),
            stripe_fill=self.parameterAsEnumString(values, self.STRIPE_FILL, context),
            stripe_share=self.parameterAsDouble(values, self.STRIPE_SHARE, context),
            stripe_half_width=self.parameterAsInt(values, self.STRIPE_HALF_WIDTH, context),
        )

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        with Outputs(self, parameters, context, feedback) as outputs:
            wants_change = outputs.wants(self.OUTPUT_CHANGE)
            result = clean_light(
                self._task,
                outputs.raster(self.OUTPUT),
                outputs.raster(self.OUTPUT_CHANGE) if wants_change else "",
                tags=provenance_tags(self, parameters, context, self.NAME),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
        self._say(result.notes, result.warnings, feedback)
        self._say_changes(result, feedback)

        def style(layer: QgsMapLayer) -> None:
            style_bands(layer, result.bands, result.day)

        def style_change(layer: QgsMapLayer) -> None:
            style_classes(layer, change_classes())
            set_day(layer, result.day)

        if wants_change:
            self.raster_looks[outputs.results[self.OUTPUT_CHANGE]] = Look(
                style_change, is_drawn=False
            )
        self.raster_looks[outputs.results[self.OUTPUT]] = Look(style)
        counts = {
            count_name(item.value): int(result.cells[item.value]) for item in change_classes()
        }
        kept = None if isnan(result.kept_share) else 100.0 * result.kept_share
        return {**outputs.results, **counts, self.KEPT_PERCENT: kept}

    def _say_changes(self, result: LightCleaningResult, feedback: QgsProcessingFeedback) -> None:
        rules = {
            "panchromatic": QCoreApplication.translate("Dbar", "near panchromatic light"),
            "two_bands": QCoreApplication.translate("Dbar", "in two bands"),
            "none": QCoreApplication.translate("Dbar", "above the background"),
        }
        text = QCoreApplication.translate("Dbar", "Light is what is lit {where}.")
        feedback.pushInfo(text.format(where=rules[result.rule]))
        text = QCoreApplication.translate("Dbar", "{label}: {count} cells")
        for item in change_classes():
            count = f"{int(result.cells[item.value]):,}"
            feedback.pushInfo(text.format(label=item.label, count=count))
        text = QCoreApplication.translate("Dbar", "No data: {count} cells")
        feedback.pushInfo(text.format(count=f"{result.without_data:,}"))


def count_name(change: int) -> str:
    """Return the output that counts the cells of a change."""
    return f"N_{Change(change).name}"


def change_classes() -> tuple[RasterClass, ...]:
    """Return what cleaning may have done to a cell, in colours and words."""
    translate = QCoreApplication.translate
    return (
        RasterClass(Change.DARK, "#17172b", translate("Dbar", "Dark, as before")),
        RasterClass(Change.LIGHT, "#ffe9a3", translate("Dbar", "Light, kept")),
        RasterClass(Change.STRIPE, "#3f8fd2", translate("Dbar", "Stripe, filled")),
        RasterClass(Change.DEFECT, "#1f5f8f", translate("Dbar", "Below the background in a band")),
        RasterClass(Change.STRAY, "#7a6ea8", translate("Dbar", "Stray light")),
        RasterClass(Change.DIM, "#5c5c7a", translate("Dbar", "Below the median of a band")),
        RasterClass(
            Change.NO_PANCHROMATIC, "#d1495b", translate("Dbar", "No panchromatic light near")
        ),
        RasterClass(Change.ONE_BAND, "#e07b39", translate("Dbar", "Lit in one band only")),
        RasterClass(Change.SMALL, "#b56576", translate("Dbar", "Part of a small group")),
    )
