"""People with light at night (SDG 7.1.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from qgis.core import (
    Qgis,
    QgsFeature,
    QgsFeatureRequest,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsVariantUtils,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.inputs import raster_input
from dbar_qgis_plugin.algorithms.night_light.zoned import Translate, ZonedLightAlgorithm
from dbar_qgis_plugin.algorithms.outputs import Outputs
from dbar_qgis_plugin.algorithms.rasters import RasterClass, provenance_tags
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.inputs import open_input
from dbar_qgis_plugin.pipelines.night_light.electrification import (
    CONTRAST,
    FIXED,
    LIGHT_NODATA,
    METHODS,
    MIDPOINT,
    POPULATION_KINDS,
    ElectrificationResult,
    ElectrificationTask,
    compute_electrification,
)
from dbar_qgis_plugin.pipelines.night_light.light_bands import light_unit
from dbar_qgis_plugin.reports.electrification import ElectrificationReport, render_electrification

_YES: Final = {"1", "true", "yes"}
_NO: Final = {"0", "false", "no"}


class ElectrificationAlgorithm(ZonedLightAlgorithm):
    """People with light at night."""

    NAME = "electrification"
    ROLES: Final = {
        "INPUT": "night_light",
        "POPULATION": "population",
        "ZONES": "zones",
    }

    INPUT: Final = "INPUT"
    BAND: Final = "BAND"
    POPULATION: Final = "POPULATION"
    POPULATION_KIND: Final = "POPULATION_KIND"
    METHOD: Final = "METHOD"
    THRESHOLD: Final = "THRESHOLD"
    CONTRAST: Final = "CONTRAST"
    SAMPLES: Final = "SAMPLES"
    SAMPLE_FIELD: Final = "SAMPLE_FIELD"
    LIGHT_NODATA: Final = "LIGHT_NODATA"
    THRESHOLDS: Final = "THRESHOLDS"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_TABLE: Final = "OUTPUT_TABLE"
    OUTPUT_CURVE: Final = "OUTPUT_CURVE"
    OUTPUT_ZONES: Final = "OUTPUT_ZONES"
    OUTPUT_REPORT: Final = "OUTPUT_REPORT"
    ELECTRIFIED_PCT: Final = "ELECTRIFIED_PCT"
    PEOPLE: Final = "PEOPLE"
    FOUND_THRESHOLD: Final = "FOUND_THRESHOLD"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Electrification from night light (SDG 7.1.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,7.1.1,electrification,access to electricity,night light,population,gridfinder,"
            "VIIRS,SDGSAT",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_inputs(QCoreApplication.translate)
        self._add_rules(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_inputs(self, translate: Translate) -> None:
        self._add_raster(self.INPUT, translate("Dbar", "Night light"))
        self._add_band(self.BAND, translate("Dbar", "Band, where it is not the first"), self.INPUT)
        self._add_raster(self.POPULATION, translate("Dbar", "Population"))
        self._add_enum(
            self.POPULATION_KIND,
            translate("Dbar", "Population cells hold (density: persons per km²)"),
            POPULATION_KINDS,
        )

    def _add_rules(self, translate: Translate) -> None:
        self._add_enum(self.METHOD, translate("Dbar", "Method"), METHODS)
        self._add_number(
            self.THRESHOLD,
            translate("Dbar", "Lit from this value on (fixed)"),
            0.5,
            -1e9,
        )
        self._add_number(
            self.CONTRAST,
            translate("Dbar", "Brighter than the surroundings by this (contrast)"),
            CONTRAST,
            0.0,
        )
        self.add(
            QgsProcessingParameterFeatureSource(
                self.SAMPLES,
                translate("Dbar", "Places known with and without electricity (midpoint)"),
                [Qgis.ProcessingSourceType.VectorPoint],
                optional=True,
            )
        )
        self.add(
            QgsProcessingParameterField(
                self.SAMPLE_FIELD,
                translate("Dbar", "Field that is 1 with electricity, 0 without (midpoint)"),
                parentLayerParameterName=self.SAMPLES,
                optional=True,
            )
        )
        self._add_zones(translate)
        self._add_enum(
            self.LIGHT_NODATA,
            translate("Dbar", "People where the light has no data are"),
            LIGHT_NODATA,
            advanced=True,
        )
        self.add(
            QgsProcessingParameterString(
                self.THRESHOLDS,
                translate("Dbar", "Thresholds of the curve (empty: round numbers)"),
                optional=True,
            ),
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Electrified cells")
            )
        )
        self._add_table(self.OUTPUT_TABLE, translate("Dbar", "Electrification by zone (table)"))
        self._add_table(
            self.OUTPUT_CURVE, translate("Dbar", "Electrification by threshold (table)")
        )
        self._add_table(
            self.OUTPUT_ZONES, translate("Dbar", "Electrification by zone"), polygons=True
        )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_REPORT,
                translate("Dbar", "Report"),
                translate("Dbar", "HTML files (*.html)"),
                optional=True,
                createByDefault=False,
            )
        )
        for name, label in (
            (self.ELECTRIFIED_PCT, translate("Dbar", "People in electrified cells (%)")),
            (self.PEOPLE, translate("Dbar", "People")),
            (self.FOUND_THRESHOLD, translate("Dbar", "Threshold")),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        self._check_zone_field(parameters, context)
        self._thresholds(parameters, context)
        method = self.parameterAsEnumString(dict(parameters), self.METHOD, context)
        if method == MIDPOINT and (
            parameters.get(self.SAMPLES) in (None, "")
            or not self.parameterAsString(dict(parameters), self.SAMPLE_FIELD, context)
        ):
            raise InputError(
                translate(
                    "Dbar",
                    "The method “{method}” needs “{samples}” and “{field}”: choose both.",
                ),
                method=method,
                samples=self._label(self.SAMPLES),
                field=self._label(self.SAMPLE_FIELD),
            )
        self._check_report(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._light = self._band_of(parameters, self.INPUT, self.BAND, context)
        self._population = raster_input(self._layer(parameters, self.POPULATION, context))

    def _thresholds(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> tuple[float, ...]:
        text = self.parameterAsString(dict(parameters), self.THRESHOLDS, context)
        pieces = [piece for piece in re.split(r"[,;，；\s]+", text.strip()) if piece]
        try:
            values = tuple(float(piece) for piece in pieces)
        except ValueError:
            values = (np.nan,)
        if not np.isfinite(values).all():
            raise InputError(
                translate("Dbar", "{parameter}: “{text}” is not a list of numbers."),
                parameter=self._label(self.THRESHOLDS),
                text=text,
            )
        return values

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        task, layer = self._task(parameters, context, feedback)
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_electrification(
                task,
                outputs.raster(self.OUTPUT),
                tags=provenance_tags(self, parameters, context, f"{self.NAME}/{task.method}"),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            self._say_result(result, feedback)
            command = self.asPythonCommand(parameters, context)
            labels = _labels()
            self.write_table(
                outputs, self.OUTPUT_TABLE, result.columns, labels, command, short=_short_name
            )
            self.write_table(
                outputs, self.OUTPUT_CURVE, result.curve, labels, command, short=_short_name
            )
            self._write_polygons(
                outputs,
                self.OUTPUT_ZONES,
                result.columns,
                labels,
                layer,
                "electrified_pct",
                command,
                _short_name,
            )
            if outputs.wants(self.OUTPUT_REPORT):
                report = self._report(task, result, parameters, context)
                html = render_electrification(report, QCoreApplication.translate)
                outputs.text(self.OUTPUT_REPORT, html)
        self._show_classes(outputs.results[self.OUTPUT], electrified_classes(), self._light)
        return {
            **outputs.results,
            self.ELECTRIFIED_PCT: result.share if np.isfinite(result.share) else None,
            self.PEOPLE: result.people,
            self.FOUND_THRESHOLD: result.threshold,
        }

    def _task(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> tuple[ElectrificationTask, Any]:
        zones, layer = self._read_zones(parameters, context, feedback)
        method = self.parameterAsEnumString(parameters, self.METHOD, context)
        samples = self._samples(parameters, context) if method == MIDPOINT else {}
        task = ElectrificationTask(
            light=self._light,
            population=self._population,
            method=method,
            threshold=self.parameterAsDouble(parameters, self.THRESHOLD, context),
            contrast=self.parameterAsDouble(parameters, self.CONTRAST, context),
            light_nodata=self.parameterAsEnumString(parameters, self.LIGHT_NODATA, context),
            population_kind=self.parameterAsEnumString(parameters, self.POPULATION_KIND, context),
            thresholds=self._thresholds(parameters, context),
            zones=zones,
            **samples,
        )
        return task, layer

    def _samples(self, parameters: dict[str, Any], context: QgsProcessingContext) -> dict[str, Any]:
        """Read the known places: where they are, and whether they have electricity."""
        source = self._optional_source(parameters, self.SAMPLES, context)
        if source is None:
            return {}
        field = self.parameterAsString(parameters, self.SAMPLE_FIELD, context)
        points: list[tuple[float, float]] = []
        known: list[bool] = []
        for feature in source.getFeatures(QgsFeatureRequest()):
            geometry = feature.geometry()
            value = feature[field]
            if geometry.isEmpty() or QgsVariantUtils.isNull(value):
                continue
            is_known = self._known(feature, field)
            for vertex in geometry.vertices():
                points.append((vertex.x(), vertex.y()))
                known.append(is_known)
        places: NDArray[np.float64] = np.array(points, dtype=np.float64).reshape(-1, 2)
        return {
            "samples": places,
            "sample_crs": source.sourceCrs().toWkt(Qgis.CrsWktVariant.Preferred),
            "sample_lit": np.array(known, dtype=bool),
        }

    def _known(self, feature: QgsFeature, field: str) -> bool:
        value = feature[field]
        text = f"{value:g}" if isinstance(value, float) else str(value).strip().casefold()
        if text in _YES:
            return True
        if text in _NO:
            return False
        raise InputError(
            translate(
                "Dbar",
                "{parameter}: “{value}” of feature {id} is neither 1 (with electricity) nor 0 "
                "(without).",
            ),
            parameter=self._label(self.SAMPLE_FIELD),
            value=value,
            id=feature.id(),
        )

    def _say_result(self, result: ElectrificationResult, feedback: QgsProcessingFeedback) -> None:
        """Say the share of all zones in the log, and what it stands on."""
        text = QCoreApplication.translate(
            "Dbar",
            "{zone}: {percent} % of {people} people live in electrified cells (threshold "
            "{threshold}).",
        )
        percent = result.columns["electrified_pct"][-1]
        feedback.pushInfo(
            text.format(
                zone=result.columns["zone"][-1],
                people=f"{result.people:,.0f}",
                percent="–" if percent is None else f"{percent:.2f}",
                threshold=f"{result.threshold:.6g}",
            )
        )
        feedback.pushInfo(
            QCoreApplication.translate(
                "Dbar",
                "The share depends on the threshold: see the curve before you quote it. Light at "
                "night stands for electricity; people with power and no outdoor light are missed.",
            )
        )

    def _report(
        self,
        task: ElectrificationTask,
        result: ElectrificationResult,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> ElectrificationReport:
        facts = {}
        for definition in self.parameterDefinitions():
            value = ", ".join(self.parameterAsStrings(parameters, definition.name(), context))
            if value and not definition.isDestination():
                facts[definition.description()] = value
        return ElectrificationReport(
            title=self.displayName(),
            created=datetime.now().astimezone().isoformat(" ", "minutes"),
            plugin_version=VERSION,
            unit=light_unit(open_input(self._light)),
            method=task.method,
            marks_threshold=task.method in (FIXED, MIDPOINT),
            zones=result.columns,
            curve=result.curve,
            parameters=facts,
            warnings=[translated(warning) for warning in result.warnings],
        )


def electrified_classes() -> Sequence[RasterClass]:
    """Return the classes of the raster."""
    translate = QCoreApplication.translate
    return [
        RasterClass(0, "#1d2a44", translate("Dbar", "Not electrified")),
        RasterClass(1, "#ffd866", translate("Dbar", "Electrified")),
    ]


# Columns for dBase, whose names have ten letters at most.
_SHORT: Final = {
    "people_lit": "PEOPLE_LIT",
    "people_dark": "PEOPLE_DRK",
    "people_no_light_data": "PEOPLE_NOD",
    "electrified_pct": "ELECTR_PCT",
}


def _short_name(column: str) -> str:
    return _SHORT.get(column, column)


def _labels() -> dict[str, str]:
    translate = QCoreApplication.translate
    return {
        "zone": translate("Dbar", "Zone"),
        "method": translate("Dbar", "Method"),
        "threshold": translate("Dbar", "Threshold"),
        "people": translate("Dbar", "People"),
        "people_lit": translate("Dbar", "People in electrified cells"),
        "people_dark": translate("Dbar", "People in other cells"),
        "people_no_light_data": translate("Dbar", "People where the light has no data"),
        "electrified_pct": translate("Dbar", "People in electrified cells (%)"),
        "chosen": translate("Dbar", "Threshold of the run (1)"),
        "flags": translate("Dbar", "Flags"),
    }
