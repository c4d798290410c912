"""What state, performance and combination of land productivity share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qgis.core import (
    Qgis,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterString,
)
from qgis.PyQt.QtCore import QCoreApplication

from dbar_qgis_plugin.algorithms.sdg_15_3_1.vegetation import Translate, VegetationAlgorithm
from dbar_qgis_plugin.algorithms.series import Series
from dbar_qgis_plugin.pipelines.figures import figure_text
from dbar_qgis_plugin.pipelines.periods import (
    PERIOD_KEYS,
    YearSpan,
    layers_in,
    trend_span,
)

USUAL_SHARE: Final = 0.67


class ProductivityAlgorithm(VegetationAlgorithm):
    """Base of state, performance and land productivity."""

    NDVI: Final = "NDVI"
    PERIOD: Final = "PERIOD"
    FIRST_YEAR: Final = "FIRST_YEAR"
    LAST_YEAR: Final = "LAST_YEAR"
    MIN_SHARE: Final = "MIN_SHARE"
    OUTPUT: Final = "OUTPUT"
    N_DEGRADED: Final = "N_DEGRADED"
    N_STABLE: Final = "N_STABLE"
    N_IMPROVED: Final = "N_IMPROVED"

    def _add_ndvi(self, translate: Translate, *, optional: bool = False) -> None:
        self.add(
            QgsProcessingParameterMultipleLayers(
                self.NDVI,
                translate("Dbar", "Annual vegetation index, one raster or band per year"),
                Qgis.ProcessingSourceType.Raster,
                optional=optional,
            )
        )
        self.add(
            QgsProcessingParameterString(
                self.YEARS,
                translate("Dbar", "Years, such as 2000,2001,2002 (empty: read from the names)"),
                optional=True,
            )
        )

    def _add_period(self, translate: Translate) -> None:
        self._add_enum(self.PERIOD, translate("Dbar", "Reporting period"), PERIOD_KEYS)

    def _add_first_and_last_year(self, translate: Translate) -> None:
        self._add_years(
            (
                (self.FIRST_YEAR, translate("Dbar", "First year (empty: that of the period)")),
                (self.LAST_YEAR, translate("Dbar", "Last year (empty: that of the period)")),
            )
        )

    def _add_share(self, translate: Translate) -> None:
        self._add_number(
            self.MIN_SHARE,
            translate("Dbar", "Share of the years that must have data (0–1)"),
            USUAL_SHARE,
            0.0,
            1.0,
            advanced=True,
        )

    def _add_cell_counts(self, translate: Translate, *, with_improved: bool = True) -> None:
        labels = [
            (self.N_DEGRADED, translate("Dbar", "Cells with degraded productivity")),
            (self.N_STABLE, translate("Dbar", "Cells with stable productivity")),
            (self.N_IMPROVED, translate("Dbar", "Cells with improved productivity")),
        ]
        for name, label in labels if with_improved else labels[:2]:
            self.addOutput(QgsProcessingOutputNumber(name, label))

    # -- before the run

    def _span(
        self, parameters: Mapping[str, Any], context: QgsProcessingContext, years: Sequence[float]
    ) -> YearSpan:
        return trend_span(
            self.parameterAsEnumString(parameters, self.PERIOD, context),
            years,
            self._year(parameters, self.FIRST_YEAR, context),
            self._year(parameters, self.LAST_YEAR, context),
        )

    # -- the log

    def _say_series(
        self, series: Series, spans: Sequence[YearSpan], feedback: QgsProcessingFeedback
    ) -> None:
        """Say which raster is of which year, for the years that are used."""
        places = [place for span in spans for place in layers_in(span, series.years)]
        self._say([series.notes[place] for place in places], series.warnings, feedback)


def say_counts(
    labels: Sequence[str],
    cells: Sequence[int],
    km2: Sequence[float],
    feedback: QgsProcessingFeedback,
) -> None:
    """Write cells and areas of each class, and of each cause of no data that occurs, to the log."""
    text = QCoreApplication.translate("Dbar", "{label}: {cells} cells, {area} km²")
    for label, number, area in zip(labels, cells, km2, strict=True):
        if number:
            feedback.pushInfo(text.format(label=label, cells=f"{number:,}", area=figure_text(area)))
