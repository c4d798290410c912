"""Change of land cover between two dates (SDG 15.3.1, first sub-indicator)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMatrix,
    QgsProcessingParameterRasterDestination,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.about import VERSION
from dbar_qgis_plugin.algorithms.base import progress_of, translated
from dbar_qgis_plugin.algorithms.outputs import Look, Outputs
from dbar_qgis_plugin.algorithms.rasters import (
    provenance_tags,
    set_period,
    style_classes,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.base import Translate
from dbar_qgis_plugin.algorithms.sdg_15_3_1.classes import (
    degradation_classes,
    palette,
)
from dbar_qgis_plugin.algorithms.sdg_15_3_1.land_cover_inputs import (
    LandCoverAlgorithm,
    area_labels,
    legend_colours,
)
from dbar_qgis_plugin.algorithms.settings import workers_of_settings
from dbar_qgis_plugin.errors import InputError, translate
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_change import (
    LandCoverChangeResult,
    LandCoverChangeTask,
    area_table,
    compute_land_cover_change,
    transition_table,
)
from dbar_qgis_plugin.pipelines.sdg_15_3_1.land_cover_legends import (
    Legend,
    legend_meaning,
    standard_meaning,
)
from dbar_qgis_plugin.pipelines.years import year_text
from dbar_qgis_plugin.reports.land_cover_change import (
    LandCoverChangeReport,
    render_land_cover_change,
)


class LandCoverChangeAlgorithm(LandCoverAlgorithm):
    """Change of land cover."""

    NAME = "landcoverchange"
    ROLES: Final = {"LAND_COVER": "land_cover"}
    DATED_BY: Final = {"LAND_COVER": "YEARS"}

    MEANING: Final = "MEANING"
    EXCEPTIONS: Final = "EXCEPTIONS"
    OUTPUT: Final = "OUTPUT"
    OUTPUT_TRANSITIONS: Final = "OUTPUT_TRANSITIONS"
    OUTPUT_AREAS: Final = "OUTPUT_AREAS"
    OUTPUT_REPORT: Final = "OUTPUT_REPORT"

    def displayName(self) -> str:
        return QCoreApplication.translate("Dbar", "Land cover change (SDG 15.3.1)")

    def tags(self) -> list[str]:
        words = QCoreApplication.translate(
            "Dbar",
            "SDG,15.3.1,land cover,land use,transition,change,degradation,legend,ESA CCI,CORINE,"
            "UNCCD,LDN",
        )
        return words.split(",")

    def define(self) -> None:
        self._add_land_cover(QCoreApplication.translate)
        self._add_meaning(QCoreApplication.translate)
        self._add_outputs(QCoreApplication.translate)

    def _add_meaning(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterMatrix(
                self.MEANING,
                translate("Dbar", "Meaning of changes (rows: from, columns: to)"),
                numberRows=len(standard_meaning()),
                hasFixedNumberRows=True,
                headers=[str(number) for number in range(1, len(standard_meaning()) + 1)],
                defaultValue=[meaning for row in standard_meaning() for meaning in row],
            ),
            advanced=True,
        )
        self.add(
            QgsProcessingParameterMatrix(
                self.EXCEPTIONS,
                translate("Dbar", "Changes with another meaning, by class"),
                numberRows=1,
                hasFixedNumberRows=False,
                headers=[
                    translate("Dbar", "From class"),
                    translate("Dbar", "To class"),
                    translate("Dbar", "Meaning (-1, 0 or 1)"),
                ],
                optional=True,
            ),
            advanced=True,
        )

    def _add_outputs(self, translate: Translate) -> None:
        self.add(
            QgsProcessingParameterRasterDestination(
                self.OUTPUT, translate("Dbar", "Land cover change")
            )
        )
        for name, label in (
            (self.OUTPUT_TRANSITIONS, translate("Dbar", "Land cover transitions (table)")),
            (self.OUTPUT_AREAS, translate("Dbar", "Land cover areas by year (table)")),
        ):
            self.add(
                QgsProcessingParameterFeatureSink(
                    name, label, Qgis.ProcessingSourceType.Vector, optional=True
                )
            )
        self.add(
            QgsProcessingParameterFileDestination(
                self.OUTPUT_REPORT,
                translate("Dbar", "Report"),
                translate("Dbar", "HTML files (*.html)"),
                optional=True,
            )
        )
        self._add_areas(translate)

    # -- before the run

    def check(self, parameters: Mapping[str, Any], context: QgsProcessingContext) -> None:
        series, _ = self._land_cover(parameters, context)
        self._meaning(parameters, series.legend, context)
        self._check_report(parameters, context)

    def collect(
        self,
        parameters: Mapping[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> None:
        self._series, self._found = self._land_cover(parameters, context)

    def _meaning(
        self, parameters: Mapping[str, Any], legend: Legend, context: QgsProcessingContext
    ) -> Any:
        """Return the meaning of each change between classes of the legend."""
        rows = self._rows(parameters, self.MEANING, len(standard_meaning()), context)
        if len(rows) != len(standard_meaning()):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: the table must have a row for each of the UNCCD's seven classes.",
                ),
                parameter=self._label(self.MEANING),
            )
        standard = [[self._sign(self.MEANING, cell) for cell in row] for row in rows]
        exceptions = {
            (self._whole(self.EXCEPTIONS, first), self._whole(self.EXCEPTIONS, last)): self._sign(
                self.EXCEPTIONS, meaning
            )
            for first, last, meaning in self._rows(parameters, self.EXCEPTIONS, 3, context)
        }
        return legend_meaning(legend, standard, exceptions, self._label(self.EXCEPTIONS))

    def _sign(self, name: str, text: str) -> int:
        sign = self._whole(name, text)
        if sign not in (-1, 0, 1):
            raise InputError(
                translate(
                    "Dbar",
                    "{parameter}: a meaning is -1 (degraded), 0 (stable) or 1 (improved), not "
                    "{value}.",
                ),
                parameter=self._label(name),
                value=sign,
            )
        return sign

    # -- the run

    def compute(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        self._say(self._found.notes, self._found.warnings, feedback)
        series = self._series
        task = LandCoverChangeTask(series, self._meaning(parameters, series.legend, context))
        with Outputs(self, parameters, context, feedback) as outputs:
            result = compute_land_cover_change(
                task,
                outputs.raster(self.OUTPUT),
                tags=self._tags(parameters, series.legend, context),
                progress=progress_of(feedback),
                workers=workers_of_settings(),
            )
            self._say(result.notes, result.warnings, feedback)
            first, last = (series.years[date] for date in result.dates)

            def style(layer: QgsMapLayer) -> None:
                style_classes(layer, degradation_classes())
                set_period(layer, first, last)

            self._write_tables(task, result, outputs, self.asPythonCommand(parameters, context))
            if outputs.wants(self.OUTPUT_REPORT):
                warnings = [*self._found.warnings, *result.warnings]
                report = self._report(
                    task,
                    result,
                    self._facts(parameters, context),
                    [translated(warning) for warning in warnings],
                )
                html = render_land_cover_change(report, QCoreApplication.translate)
                outputs.text(self.OUTPUT_REPORT, html)
        path = outputs.results[self.OUTPUT]
        self.raster_looks[path] = Look(style)
        return {
            **outputs.results,
            **self._numbers(result, first, last, feedback),
        }

    def _tags(
        self, parameters: Mapping[str, Any], legend: Legend, context: QgsProcessingContext
    ) -> dict[str, str]:
        tags = provenance_tags(self, parameters, context, f"{self.NAME}/{legend.name}")
        # What it takes to read the codes of the transitions.
        tags["DBAR_MULTIPLIER"] = str(legend.multiplier)
        tags["DBAR_CLASSES"] = json.dumps(
            {rank: entry.name for rank, entry in enumerate(legend.classes, start=1)},
            ensure_ascii=False,
        )
        return tags

    def _write_tables(
        self,
        task: LandCoverChangeTask,
        result: LandCoverChangeResult,
        outputs: Outputs,
        command: str,
    ) -> None:
        translate = QCoreApplication.translate
        labels = {
            "from_class": translate("Dbar", "From class"),
            "from_name": translate("Dbar", "From"),
            "to_class": translate("Dbar", "To class"),
            "to_name": translate("Dbar", "To"),
            "transition": translate("Dbar", "Transition code"),
            "km2": translate("Dbar", "Area (km²)"),
            "meaning": translate("Dbar", "Meaning (-1 degraded, 0 stable, 1 improved)"),
        }
        self.write_table(
            outputs, self.OUTPUT_TRANSITIONS, transition_table(task, result), labels, command
        )
        labels = {**area_labels(), "note": translate("Dbar", "Note")}
        self.write_table(outputs, self.OUTPUT_AREAS, area_table(task, result), labels, command)

    def _facts(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext
    ) -> dict[str, str]:
        """Return the parameters of the run, by label."""
        facts = {}
        for definition in self.parameterDefinitions():
            # The report has the meanings of all changes, with the classes' names.
            if definition.isDestination() or definition.name() == self.MEANING:
                continue
            values = self.parameterAsStrings(parameters, definition.name(), context)
            text = ", ".join(value for value in values if value)
            if text:
                facts[definition.description()] = text
        facts[self._label(self.LAND_COVER)] = ", ".join(
            raster.name for raster in self._series.rasters
        )
        return facts

    def _report(
        self,
        task: LandCoverChangeTask,
        result: LandCoverChangeResult,
        facts: Mapping[str, str],
        warnings: Sequence[str],
    ) -> LandCoverChangeReport:
        series = task.series
        first, last = (year_text(series.years[date]) for date in result.dates)
        names = [entry.name for entry in series.legend.classes]
        colours = legend_colours(series.legend)
        return LandCoverChangeReport(
            title=self.displayName(),
            created=datetime.now().astimezone().isoformat(" ", "minutes"),
            plugin_version=VERSION,
            years=(first, last),
            classes=list(zip(names, colours, strict=True)),
            transitions=result.transitions_km2.tolist(),
            meaning=task.meaning.tolist(),
            meaning_colours=palette(),
            all_years=[year_text(year) for year in series.years],
            areas=result.areas_km2.tolist(),
            parameters=facts,
            warnings=warnings,
        )

    def _numbers(
        self,
        result: LandCoverChangeResult,
        first: float,
        last: float,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, float]:
        degraded, stable, improved = result.meaning_km2
        text = QCoreApplication.translate(
            "Dbar",
            "{first} to {last}: {degraded} km² degraded, {stable} km² stable, {improved} km² "
            "improved, {missing} km² without land cover at one of these dates.",
        )
        feedback.pushInfo(
            text.format(
                first=year_text(first),
                last=year_text(last),
                degraded=figure_text(degraded),
                stable=figure_text(stable),
                improved=figure_text(improved),
                missing=figure_text(result.missing_km2),
            )
        )
        return dict(zip(self.AREAS, (degraded, stable, improved), strict=True))
