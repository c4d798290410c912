"""Colour of night light: indices, spectral types, and their shares by zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.base import progress_of
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.style import set_day, style_light
from dbar_qgis_plugin.algorithms.night_light.zoned import (
    Columns,
    Translate,
    ZonedLightAlgorithm,
)
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import RasterClass, provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import RasterInput, open_input
from dbar_qgis_plugin.pipelines.night_light.light_bands import light_date
from dbar_qgis_plugin.pipelines.night_light.light_colour import (
    BLUE_CUT,
    INDEX_BANDS,
    RED_CUT,
    UNITS,
    WIDTHS,
    LightColourResult,
    LightColourTask,
    compute_light_colour,
)


class NightLightColourAlgorithm(ZonedLightAlgorithm):
    """Colour of night light."""

    NAME = "nightlightcolour"
    ROLES: Final = {
        "INPUT": "night_light",
        "RED": "night_light_red",
        "GREEN": "night_light_green",
        "BLUE": "night_light_blue",
        "LIT_MASK": "lit",
        "ZONES": "zones",
    }

    INPUT: Final = "INPUT"
    RED: Final = "RED"
    GREEN: Final = "GREEN"
    BLUE: Final = "BLUE"
    UNIT: Final = "UNIT"
    RED_CUT: Final = "RED_CUT"
    BLUE_CUT: Final = "BLUE_CUT"
    LIT_MASK: Final = "LIT_MASK"
    DARK: Final = "DARK"
    WIDTHS: Final = "WIDTHS"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_INDICES: Final = "OUTPUT_INDICES"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    N_LIT: Final = "N_LIT"
    LED_SHARE: Final = "LED_SHARE"
    BLUE_SHARE: Final = "BLUE_SHARE"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Night light colour and spectral types")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "night light,colour,spectral type,LED,RRLI,RBLI,NDIGR,NDIBG,SONDI,blue light,SDGSAT,"
            "Glimmer Imager",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_options(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        self._add_raster(
            self.INPUT, translate("Dbar", "Night light in colour (red, green, blue)"), optional=True
        )
        for name, label in (
            (self.RED, translate("Dbar", "Red, where colours are rasters of their own")),
            (self.GREEN, translate("Dbar", "Green, where colours are rasters of their own")),
            (self.BLUE, translate("Dbar", "Blue, where colours are rasters of their own")),
        ):
            self._add_raster(name, label, optional=True, advanced=True)
        self._add_enum(self.UNIT, translate("Dbar", "Bands hold"), UNITS)

    def _add_options(self, translate: Translate) -> None:
        self._add_number(self.RED_CUT, translate("Dbar", "Red type: R / G above"), RED_CUT, 0.0)
        self._add_number(
            self.BLUE_CUT, translate("Dbar", "White LED type: B / G above"), BLUE_CUT, 0.0
        )
        self._add_raster(
            self.LIT_MASK, translate("Dbar", "Lit cells (1 lit, 0 dark)"), optional=True
        )
        self._add_number(
            self.DARK,
            translate("Dbar", "Without lit cells: dark up to this brightness (empty: background)"),
            None,
            -1e9,
        )
        self._add_zones(translate)
        self.add(
            QgsProcessingParameterString(
                self.WIDTHS,
                translate("Dbar", "Widths of the bands red, green and blue (nm)"),
                defaultValue=", ".join(f"{width:g}" for width in WIDTHS),
            ),
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Spectral types")
            )
        )
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT_INDICES,
                translate("Dbar", "Colour indices"),
                optional=True,
                createByDefault=False,
            )
        )
        self._add_table(self.OUTPUT_TABLE, translate("Dbar", "Shares of the types (table)"))
        for name, label in (
            (self.N_LIT, translate("Dbar", "Number of lit cells")),
            (self.LED_SHARE, translate("Dbar", "White LED type, of the light of lit cells (%)")),
            (self.BLUE_SHARE, translate("Dbar", "Blue light, of the light of lit cells (%)")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._check_zone_field(parameters, context)
        self._widths(parameters, context)
        given = [
            name
            for name in (self.INPUT, self.RED, self.GREEN, self.BLUE)
            if parameters.get(name) not in (None, "")
        ]
        if given not in ([self.INPUT], [self.RED, self.GREEN, self.BLUE]):
            raise InputError(
                translate(
                    "Dbar",
                    "Choose one raster in colour, or one raster for each of red, green and blue; "
                    "not both.",
                )
            )

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        colour = self._optional_raster(parameters, self.INPUT, context)
        self._rasters: list[RasterInput] = (
            [colour]
            if colour is not None
            else [
                raster_input(self._layer(parameters, name, context))
                for name in (self.RED, self.GREEN, self.BLUE)
            ]
        )
        self._mask = self._optional_raster(parameters, self.LIT_MASK, context)

    def _widths(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[float, ...]:
        text = self.parameterAsString(dict(parameters), self.WIDTHS, context)
        pieces = [piece for piece in re.split(r"[,;，；\s]+", text.strip()) if piece]
        try:
            widths = tuple(float(piece) for piece in pieces)
        except ValueError:
            widths = ()
        if len(widths) != len(WIDTHS) or not all(0.0 < width < np.inf for width in widths):
            raise InputError(
                translate(
                    "Dbar", "{parameter}: type three numbers above 0, such as 294, 106, 102."
                ),
                parameter=self._label(self.WIDTHS),
            )
        return widths

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        zones, _ = self._read_zones(parameters, context, feedback)
        task = LightColourTask(
            rasters=self._rasters,
            unit=self.parameterAsEnumString(parameters, self.UNIT, context),
            widths=self._widths(parameters, context),
            lit_mask=self._mask,
            dark=self._number_or_none(parameters, self.DARK, context),
            red_cut=self.parameterAsDouble(parameters, self.RED_CUT, context),
            blue_cut=self.parameterAsDouble(parameters, self.BLUE_CUT, context),
            zones=zones,
        )
        with Outputs(self, parameters, context, feedback) as outputs:
            wants_indices = outputs.wants(self.OUTPUT_INDICES)
            result = compute_light_colour(
                task,
                outputs.raster(self.OUTPUT_INDICES) if wants_indices else "",
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/jia_2024"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self._say_result(result, feedback)
            names = {item.value: item.label for item in type_classes()}
            self.write_table(
                outputs,
                self.OUTPUT_TABLE,
                _with_names(result.columns, names),
                _labels(result.unit),
                self.asPythonCommand(parameters, context),
            )
        self._show_classes(outputs.results[self.OUTPUT], type_classes(), self._rasters[0])
        if wants_indices:
            day = light_date(open_input(self._rasters[0]))

            def style(layer: QgsMapLayer) -> None:
                style_light(layer, INDEX_BANDS.index("brightness") + 1, unit=result.unit)
                set_day(layer, day)

            self.raster_looks[outputs.results[self.OUTPUT_INDICES]] = Look(style)
        return {
            **outputs.results,
            self.N_LIT: result.lit_cells,
            self.LED_SHARE: result.led_share if np.isfinite(result.led_share) else None,
            self.BLUE_SHARE: result.blue_share if np.isfinite(result.blue_share) else None,
        }

    def _say_result(self, result: LightColourResult, feedback: QgsProcessingFeedback) -> None:
        feedback.pushInfo(
            QCoreApplication.translate(
                "Dbar",
                "The cuts are published for one calibration; other gains of the bands move them. "
                "Types tell spectra apart, not lamps.",
            )
        )
        if result.lit_cells == 0:
            feedback.pushWarning(QCoreApplication.translate("Dbar", "No cell is lit."))
            return
        text = QCoreApplication.translate(
            "Dbar", "Lit cells: {cells}; white LED type {led} % of their light, blue {blue} %."
        )
        feedback.pushInfo(
            text.format(
                cells=result.lit_cells,
                led=f"{result.led_share:.2f}",
                blue=f"{result.blue_share:.2f}",
            )
        )


def _with_names(columns: Columns, names: Mapping[int, str]) -> dict[str, list[Any]]:
    """Add the names of the types to their codes."""
    translate = QCoreApplication.translate
    texts = dict(
        zip(
            ("dark", "white_led", "red_led", "other", "undefined", "lit"),
            (*names.values(), translate("Dbar", "All lit cells")),
            strict=True,
        )
    )
    found: dict[str, list[Any]] = {}
    for name, values in columns.items():
        found[name] = list(values)
        if name == "type":
            found["type_name"] = [texts[value] for value in values]
    return found


def type_classes() -> list[RasterClass]:
    """Return the spectral types."""
    translate = QCoreApplication.translate
    return [
        RasterClass(0, "#1d2a44", translate("Dbar", "Dark")),
        RasterClass(1, "#7fc7ff", translate("Dbar", "White LED type")),
        RasterClass(2, "#e2603a", translate("Dbar", "Red type")),
        RasterClass(3, "#ffd866", translate("Dbar", "Other light")),
        RasterClass(4, "#9a8fb0", translate("Dbar", "Lit, type undefined")),
    ]


def _labels(unit: str) -> dict[str, str]:
    translate = QCoreApplication.translate
    light = translate("Dbar", "Light of the three bands (sum)")
    return {
        "zone": translate("Dbar", "Zone"),
        "type": translate("Dbar", "Type"),
        "type_name": translate("Dbar", "Name of the type"),
        "cells": translate("Dbar", "Cells"),
        "km2": translate("Dbar", "Area (km²)"),
        "cells_pct": translate("Dbar", "Of the lit cells (%)"),
        "km2_pct": translate("Dbar", "Of the lit area (%)"),
        "light": f"{light}, {unit}" if unit else light,
        "light_pct": translate("Dbar", "Of the light of lit cells (%)"),
        "blue_pct": translate("Dbar", "Blue, of this light (%)"),
        "flags": translate("Dbar", "Flags"),
    }
